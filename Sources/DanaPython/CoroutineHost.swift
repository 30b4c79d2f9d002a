import CPython
import Dana
import PythonBridge

/// Where coroutines run that programs call: on the event loop of the task that called Dana, or, where Dana was called
/// from a thread without one, on a loop made for the purpose, which sees the variables of that thread's context.
struct CoroutineHost {
    private let context: PythonObject?

    /// The host for what the calling thread begins.
    init(_ py: borrowing Python) throws(PythonError) {
        guard LoopBridge.current == nil else {
            context = nil
            return
        }
        guard let copy = py_context_copy(nil) else { throw .taken(py) }
        context = PythonObject(owning: copy)
    }

    func result(of awaitable: PythonObject) async throws -> PythonObject {
        if LoopBridge.current != nil { return try await awaitable.awaited() }
        // The loop's thread knows nothing of the task that waits for it.
        let scope = ContextScope.current
        return try await PythonEventLoop.run(in: context) {
            try await ContextScope.$current.withValue(scope) { try await awaitable.awaited() }
        }
    }
}
