import CPython
import PythonTrampolines

/// A Swift function as Python sees it: its name, parameters and documentation, and how to call it.
///
/// Made with ``function(_:_:doc:_:)`` and its siblings; given to a ``PythonModule`` or a ``PythonClass``.
public final class ExportedFunction: Sendable {
    /// Receives the function, `self` (of a method), one borrowed reference or nil a parameter, and the token;
    /// returns a new reference. It captures nothing but the user's closure, which lets the optimiser fold that in.
    @usableFromInline typealias Body =
        @Sendable (ExportedFunction, PyRef?, UnsafePointer<PyRef?>, borrowing Python) throws(PythonError) -> PyRef

    @usableFromInline let name: StaticString
    let documentation: StaticString
    @usableFromInline let parameters: [ParameterSpecification]
    @usableFromInline let body: Body
    private let count: Int
    private let isPlain: Bool
    private let binder: Once<ArgumentBinder> = Once()

    @usableFromInline init(
        _ name: StaticString, _ parameters: [ParameterSpecification], doc: StaticString, body: @escaping Body
    ) {
        self.name = name
        self.parameters = parameters
        documentation = doc
        self.body = body
        count = parameters.count
        isPlain = parameters.allSatisfy { $0.passing == .positionalOnly || $0.passing == .either }
    }

    var takesKeywords: Bool { parameters.contains { $0.isNameable || $0.passing == .keywords } }

    /// The signature in CPython's form, which `inspect.signature` reads, followed by the documentation.
    func text(receiver: String?) -> String {
        var items: [String] = receiver.map { ["$\($0)"] } ?? []
        var starred = false
        for (index, parameter) in parameters.enumerated() {
            if parameter.passing == .keywordOnly, !starred {
                items.append("*")
                starred = true
            }
            if parameter.passing == .variadic { starred = true }
            let prefix = parameter.passing == .variadic ? "*" : parameter.passing == .keywords ? "**" : ""
            items.append("\(prefix)\(parameter.name)" + (parameter.fallbackText.map { "=\($0)" } ?? ""))
            let next = index + 1 < parameters.count ? parameters[index + 1].passing : nil
            if parameter.passing == .positionalOnly, next != .positionalOnly { items.append("/") }
        }
        if receiver != nil, !parameters.contains(where: { $0.passing == .positionalOnly }) { items.insert("/", at: 1) }
        return "\(name)(\(items.joined(separator: ", ")))\n--\n\n\(documentation)"
    }

    @inline(__always)
    func call(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ names: PyRef?, _ py: borrowing Python
    ) -> PyRef? {
        do throws(PythonError) {
            if given == count, names == nil, isPlain, let arguments {
                return try body(self, receiver, arguments, py)
            }
            return try bindAndCall(receiver, arguments, given, names, py)
        } catch {
            return error.raised(py)
        }
    }

    /// Converts what was passed for a parameter (nil: nothing), naming the parameter when that fails.
    @inlinable @inline(__always)
    func argument<Value: FromPython>(
        _ index: Int, _ arguments: UnsafePointer<PyRef?>, _ py: borrowing Python
    ) throws(PythonError) -> Value {
        guard let argument = arguments[index] else { return try fallback(index) }
        do throws(PythonError) {
            return try Value.fromPython(argument, py)
        } catch {
            throw located(error, index, py)
        }
    }

    @inlinable @inline(never)
    func fallback<Value>(_ index: Int) throws(PythonError) -> Value {
        if let value = (parameters[index].fallback as? Fallback<Value>)?.value { return value }
        throw missing(index)
    }

    @usableFromInline func missing(_ index: Int) -> PythonError {
        .typeError("\(name)() missing argument '\(parameters[index].name)'")
    }

    @inline(never) @usableFromInline
    func located(_ error: PythonError, _ index: Int, _ py: borrowing Python) -> PythonError {
        error.located(argument: parameters[index].name, py)
    }

    @inline(never)
    private func bindAndCall(
        _ receiver: PyRef?, _ arguments: UnsafePointer<PyRef?>?, _ given: Int, _ names: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        let binder = try binder.value(py) { py throws(PythonError) in
            try ArgumentBinder(functionName: name, parameters: parameters, py)
        }
        var result: Result<PyRef, PythonError>?
        withUnsafeTemporaryAllocation(of: PyRef?.self, capacity: max(1, count)) { slots in
            slots.initialize(repeating: nil)
            var temporaries: [PyRef] = []
            do throws(PythonError) {
                try binder.bind(arguments, given, names, into: slots, temporaries: &temporaries, py)
                guard let base = slots.baseAddress else { throw PythonError(.systemError, "no room for arguments") }
                result = .success(try body(self, receiver, base, py))
            } catch {
                result = .failure(error)
            }
            for temporary in temporaries { py_decref(temporary) }
        }
        return try (result ?? .failure(PythonError(.systemError, "the call did not run"))).get()
    }
}

/// Every call of an exported function enters Swift here; every error leaves here.
@c(dana_call)
func call(
    _ function: UnsafeMutableRawPointer, _ receiver: UnsafeMutableRawPointer?,
    _ arguments: UnsafePointer<UnsafeMutableRawPointer?>?, _ count: Int, _ names: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
    // Safe because the slot's function is retained for the life of the process and CPython passes its own objects.
    let function = Unmanaged<ExportedFunction>.fromOpaque(function)
    let arguments = UnsafeRawPointer(arguments)?.assumingMemoryBound(to: PyRef?.self)
    return UnsafeMutableRawPointer(
        function._withUnsafeGuaranteedRef {
            $0.call(
                receiver?.assumingMemoryBound(to: PyObject.self), arguments, count,
                names?.assumingMemoryBound(to: PyObject.self), Python(held: ()))
        })
}
