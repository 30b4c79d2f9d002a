import CPython
import PythonTrampolines

/// A raw reference to a Python object: borrowed or owned as the declaration at hand says.
/// Only conversions and slots deal in these; everything else uses ``PythonObject``.
public typealias PyRef = UnsafeMutablePointer<PyObject>

/// Proof that this thread holds the interpreter.
///
/// Every operation on Python takes one. It cannot be copied, stored or captured by an escaping closure,
/// and the scopes that lend it are synchronous, so it ends before any `await`.
public struct Python: ~Copyable {
    /// Vouches that the interpreter is held; for code that CPython itself has called.
    @inlinable init(held: Void) {}

    /// Takes the interpreter on this thread, runs `body` and gives it back. May be nested.
    ///
    /// Blocks until the interpreter is free. Refuses once the interpreter has begun to end: a thread that
    /// asks for it then would never return.
    @inlinable
    public static func hold<Result, Failure: Error>(
        _ body: (borrowing Python) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if dana_held_get() > 0 {
            if dana_adrift_get() > 0 { return try CallContext.run(body) }
            return try body(Python(held: ()))
        }
        return try takeInterpreter(body)
    }

    @usableFromInline
    static func takeInterpreter<Result, Failure: Error>(
        _ body: (borrowing Python) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(Py_IsInitialized() != 0 || !InterpreterExit.isOpen, "Python does not run yet: start it first")
        InterpreterExit.enter()
        let state = PyGILState_Ensure()
        dana_held_set(1)
        defer {
            dana_release_drain()
            dana_held_set(0)
            PyGILState_Release(state)
            InterpreterExit.leave()
        }
        return try CallContext.run(body)
    }

    /// Lets other threads run Python while `body` runs; nothing of Python may be touched in it.
    public func release<Result: ~Copyable, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let depth = dana_held_get()
        dana_held_set(0)
        let state = PyEval_SaveThread()
        defer {
            PyEval_RestoreThread(state)
            dana_held_set(depth)
        }
        return try body()
    }

    /// Whether this thread is inside a scope that holds the interpreter.
    public static var isHeld: Bool { dana_held_get() > 0 }
}
