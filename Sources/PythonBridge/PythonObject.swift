import CPython
import PythonTrampolines

/// A reference to a Python object that may be kept, sent and dropped on any thread.
///
/// Looking inside needs a ``Python`` token. Dropped on a thread that holds the interpreter, the reference
/// is released at once; elsewhere it is queued for the next thread that does.
public final class PythonObject: @unchecked Sendable {
    // Safe because the pointer never changes and everything behind it is touched with the interpreter held.
    @usableFromInline package let pointer: PyRef

    /// Takes over an owned reference.
    @inlinable public init(owning pointer: PyRef) { self.pointer = pointer }

    /// Adds a reference to a borrowed one.
    @inlinable public init(borrowing pointer: PyRef, _ py: borrowing Python) {
        py_incref(pointer)
        self.pointer = pointer
    }

    deinit { ReleaseQueue.release(pointer) }

    /// A new owned reference, for handing to CPython.
    @inlinable public func owned(_ py: borrowing Python) -> PyRef {
        py_incref(pointer)
        return pointer
    }

    /// The reference itself, valid inside `body` only.
    @inlinable public func withReference<Result, Failure: Error>(
        _ py: borrowing Python, _ body: (PyRef) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(pointer)
    }

    /// Whether both are the same Python object (`is`).
    @inlinable public static func === (left: PythonObject, right: PythonObject) -> Bool {
        left.pointer == right.pointer
    }
}
