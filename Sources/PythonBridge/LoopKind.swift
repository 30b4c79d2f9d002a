import CPython

/// Which library runs the loop: they differ in how a task waits and is woken, and how an awaitable is run.
enum LoopKind: Sendable {
    case asyncio
    case trio(TrioLoop, PythonObject)

    /// Runs an awaitable as a task of its own on the running loop (asyncio's is `loop`), in a copy of `context` (nil: of
    /// the current one). Gives an object whose `cancel()` cancels it; `whenDone` is called with one whose `result()` gives
    /// or raises the outcome.
    func run(
        _ awaitable: PythonObject, on loop: PyRef?, in context: PythonObject?, deadline: Deadline?,
        whenDone: PythonObject, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        switch self {
        case .asyncio:
            let asyncio = try AsyncioLoop.load(py)
            // The waiting task may be entered in its own context right here: a copy always can be.
            guard let copy = py_context_copy(context?.pointer) else { throw .taken(py) }
            defer { py_decref(copy) }
            guard py_context_enter(copy) == 0 else { throw .taken(py) }
            defer { py_context_leave(copy) }
            if let deadline { try DeadlineVariable.set(deadline, py) }
            var made: PyRef?
            if py_context_variable_set(try PythonWaitCallback.variable(py).pointer, whenDone.pointer) == 0 {
                // What `ensure_future` does with a coroutine in the end.
                if let loop, py_type(awaitable.pointer) == asyncio.coroutineType.pointer {
                    made = py_method1(loop, asyncio.createTask.pointer, awaitable.pointer)
                } else {
                    made = py_call1(asyncio.ensureFuture.pointer, awaitable.pointer)
                }
            }
            guard let made else {
                let error = PythonError.taken(py)
                PythonWait.discard(awaitable, py)
                throw error
            }
            let task = PythonObject(owning: made)
            guard let added = py_method1(made, try PythonNames.addDoneCallback(py).pointer, whenDone.pointer) else {
                throw .taken(py)
            }
            py_decref(added)
            return task
        case .trio(let trio, _):
            return try trio.run(awaitable, whenDone: whenDone, py)
        }
    }
}
