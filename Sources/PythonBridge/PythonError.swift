import CPython

/// An error on its way between Swift and Python.
///
/// Caught from Python it carries the original exception object, so type, arguments, cause, context, notes and
/// traceback survive any number of crossings. Made in Swift it is a kind and a message, and becomes an object
/// only when it reaches Python.
public struct PythonError: Error, Sendable {
    @usableFromInline enum Storage: Sendable {
        case object(PythonObject)
        case kind(PythonExceptionKind, String)
        case type(PythonObject, String)
        case placed(PythonErrorPlace)
    }

    @usableFromInline var storage: Storage

    /// Raises one of CPython's own classes.
    @inlinable public init(_ kind: PythonExceptionKind, _ message: String) {
        storage = .kind(kind, message)
    }

    /// Raises a class of the program's own, made with ``PythonModule`` or imported.
    @inlinable public init(type: PythonObject, _ message: String) {
        storage = .type(type, message)
    }

    /// Carries an exception object as it is.
    @inlinable public init(exception: PythonObject) {
        storage = .object(exception)
    }

    init(placed place: PythonErrorPlace) { storage = .placed(place) }

    init(storage: Storage) { self.storage = storage }

    @inlinable public static func valueError(_ message: String) -> PythonError { PythonError(.valueError, message) }
    @inlinable public static func typeError(_ message: String) -> PythonError { PythonError(.typeError, message) }

    /// Throws the exception that CPython has set on this thread, in place of the reference it did not make.
    @usableFromInline @inline(never)
    static func throwTaken(_ py: borrowing Python) throws(PythonError) -> PyRef { throw .taken(py) }

    /// Takes the exception that CPython has set on this thread.
    public static func taken(_ py: borrowing Python) -> PythonError {
        guard let exception = py_take_exception() else {
            return PythonError(.systemError, "Python reported a failure without setting an exception")
        }
        return PythonError(exception: PythonObject(owning: exception))
    }

    /// Sets this error as the thread's current exception.
    @inline(never) @usableFromInline package func raise(_ py: borrowing Python) {
        switch storage {
        case .object(let object): py_raise_instance(object.owned(py))
        case .kind(let kind, let message): Self.raise(kind.type, message)
        case .type(let type, let message): Self.raise(type.pointer, message)
        case .placed(let place):
            switch place.error {
            case .kind(let kind, let message): Self.raise(kind.type, "\(place.text): \(message)")
            case .type(let type, let message): Self.raise(type.pointer, "\(place.text): \(message)")
            case .object(let object):
                place.annotate(object, py)
                py_raise_instance(object.owned(py))
            case .placed(let inner): PythonError(placed: inner).raise(py)
            }
        }
    }

    /// Sets this error and gives the NULL that tells CPython so.
    @inline(never) func raised(_ py: borrowing Python) -> PyRef? {
        raise(py)
        return nil
    }

    private static func raise(_ type: PyRef, _ message: String) {
        guard let text = PythonText.newReference(message) else { return }
        PyErr_SetObject(type, text)
        py_decref(text)
    }

    /// The exception object, made when there is none yet.
    public func exception(_ py: borrowing Python) -> PythonObject {
        if case .object(let object) = storage { return object }
        raise(py)
        guard let exception = py_take_exception() else {
            return PythonObject(borrowing: py_none(), py)
        }
        return PythonObject(owning: exception)
    }

    /// Whether `except` of this class would catch the error.
    public func matches(_ kind: PythonExceptionKind, _ py: borrowing Python) -> Bool {
        if case .kind(let own, _) = storage, own == kind { return true }
        return matches(kind.type, py)
    }

    /// Whether `except` of this class (or tuple of classes) would catch the error.
    public func matches(_ type: PythonObject, _ py: borrowing Python) -> Bool { matches(type.pointer, py) }

    private func matches(_ type: PyRef, _ py: borrowing Python) -> Bool {
        let exception = exception(py)
        return PyErr_GivenExceptionMatches(exception.pointer, type) != 0
    }
}

extension PythonError: CustomStringConvertible {
    /// `Type: message`, as the last line of a Python traceback.
    public var description: String { Self.describe(storage, at: "") }

    private static func describe(_ storage: Storage, at place: String) -> String {
        switch storage {
        case .kind(let kind, let message): "\(kind.name): \(place)\(message)"
        case .type(let type, let message):
            Python.hold { py in "\(PythonText.className(type.pointer, py)): \(place)\(message)" }
        case .placed(let inner): describe(inner.error, at: "\(inner.text): ")
        case .object(let object):
            Python.hold { py in
                let text = place + PythonText.describe(object.pointer, py)
                let name = PythonText.typeName(object.pointer, py)
                return text.isEmpty ? name : "\(name): \(text)"
            }
        }
    }
}

extension PythonError {
    /// The stated mapping of any Swift error to Python: a ``PythonError`` is itself, a cancellation is
    /// `asyncio.CancelledError`, an error that ``PythonRaisable`` describes is that, everything else a `RuntimeError`.
    @inlinable public init<Failure: Error>(mapping error: Failure, _ py: borrowing Python) {
        if let error = error as? PythonError {
            self = error
        } else if let error = error as? any PythonRaisable {
            self = error.pythonError(py)
        } else {
            self = PythonError(unmapped: error, py)
        }
    }

    @usableFromInline init(unmapped error: any Error, _ py: borrowing Python) {
        if error is CancellationError {
            do throws(PythonError) {
                let type = try PythonModules.asyncio.attribute("CancelledError", py)
                self = PythonError(exception: try type.call(py))
            } catch {
                self = error
            }
        } else {
            self = PythonError(.runtimeError, "\(type(of: error)): \(error)")
        }
    }
}

/// A Swift error that knows which Python exception it is.
public protocol PythonRaisable: Error {
    func pythonError(_ py: borrowing Python) -> PythonError
    /// Whether it says that the work was cancelled. Who has cancelled a call sees its own event loop's exception then.
    var isCancellation: Bool { get }
    /// The event loop's exception that is raised in the place of this error, with what this knows of where it was.
    func located(_ cancellation: PythonError, _ py: borrowing Python) -> PythonError
}

extension PythonRaisable {
    public var isCancellation: Bool { false }
    public func located(_ cancellation: PythonError, _ py: borrowing Python) -> PythonError { cancellation }
}
