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
        // The waiting task may be entered in its own context right here: a copy always can be.
        guard let copied = py_context_copy(context?.pointer) else { throw .taken(py) }
        let copy = PythonObject(owning: copied)
        switch self {
        case .asyncio:
            let asyncio = try AsyncioLoop.load(py)
            let made = try Self.inside(copy, deadline, whenDone, py) {
                // What `ensure_future` does with a coroutine in the end.
                if let loop, py_type(awaitable.pointer) == asyncio.coroutineType.pointer {
                    py_method1(loop, asyncio.createTask.pointer, awaitable.pointer)
                } else {
                    py_call1(asyncio.ensureFuture.pointer, awaitable.pointer)
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
            // Trio enters it to begin.
            try Self.inside(copy, deadline, whenDone, py) {}
            return try trio.run(awaitable, in: copy, whenDone: whenDone, py)
        }
    }
    /// Does something in a context in which Swift that is called finds its deadline and the task that awaits the caller.
    private static func inside<Result>(
        _ context: PythonObject, _ deadline: Deadline?, _ whenDone: PythonObject, _ py: borrowing Python,
        _ body: () -> Result
    ) throws(PythonError) -> Result {
        guard py_context_enter(context.pointer) == 0 else { throw .taken(py) }
        defer { py_context_leave(context.pointer) }
        if let deadline { try DeadlineVariable.set(deadline, py) }
        guard py_context_variable_set(try PythonWaitCallback.variable(py).pointer, whenDone.pointer) == 0 else {
            throw .taken(py)
        }
        return body()
    }
}
