import CPython
import PythonTrampolines

/// The `contextvars` context in which Swift, when it goes on after a suspension, calls Python: that of the Python task
/// that awaits it.
@usableFromInline
enum CallContext {
    /// Runs `body` in the context of the call that this Swift task works for, where there is one to enter. On the event
    /// loop's thread it is the task's own, so what Python sets there stays in the task; on another thread a copy.
    @usableFromInline
    static func run<Result, Failure: Error>(
        _ body: (borrowing Python) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let py = Python(held: ())
        guard let context = enter(py) else { return try body(py) }
        let adrift = dana_adrift_get()
        dana_adrift_set(0)
        defer {
            dana_adrift_set(adrift)
            py_context_leave(context)
            py_decref(context)
        }
        return try body(py)
    }

    /// The context entered, owned; nil where there is none, or it is the current one already.
    private static func enter(_ py: borrowing Python) -> PyRef? {
        guard let call = PendingCall.current else { return nil }
        if call.bridge?.isOnThread == true {
            guard let own = call.context?.owned(py) else {
                call.willCallPython()
                return nil
            }
            if py_context_enter(own) == 0 { return own }
            PyErr_Clear()
            py_decref(own)
            return nil
        }
        guard let context = call.contextElsewhere else { return nil }
        guard let copy = py_context_copy(context) else {
            PyErr_Clear()
            return nil
        }
        if py_context_enter(copy) == 0 { return copy }
        PyErr_Clear()
        py_decref(copy)
        return nil
    }
}
