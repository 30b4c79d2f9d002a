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

    /// Awaits it. A cancelled coroutine that does not end within its time of grace is left alone, with a warning.
    func result(of awaitable: PythonObject) async throws -> PythonObject {
        let end = PatientWait<PythonObject>()
        let wait = Task.immediate(executorPreference: LoopBridge.current?.taskExecutor) {
            do {
                end.comes(.success(try await awaited(awaitable)))
            } catch {
                end.comes(.failure(error))
            }
        }
        return try await withTaskCancellationHandler {
            try await end.result()
        } onCancel: {
            wait.cancel()
            let grace = LoopBridge.cancellationGrace.value
            end.givesUp(after: grace) {
                Python.hold { py in
                    PythonWarning.issue(
                        .runtimeWarning,
                        "\(awaitable) was cancelled and has not stopped within \(Double(grace) / 1e9) s: "
                            + "Dana no longer waits for it", py)
                }
            }
        }
    }

    private func awaited(_ awaitable: PythonObject) async throws -> PythonObject {
        let scope = ContextScope.current
        if LoopBridge.current != nil { return try await awaitable.awaited(for: scope) }
        // The loop's thread knows nothing of the task that waits for it.
        return try await PythonEventLoop.run(in: context) {
            try await ContextScope.$current.withValue(scope) { try await awaitable.awaited(for: scope) }
        }
    }

    /// Whether this thread runs a coroutine that a program of the context awaits.
    static func works(for core: ContextCore, _ py: borrowing Python) -> Bool {
        (py.awaitedFor as? ContextScope)?.holds(core) ?? false
    }
}
