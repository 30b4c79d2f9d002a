import Synchronization

/// A hook under way, or about to be: it can be cancelled before it has begun.
final class HookRun: Sendable {
    private enum State {
        case ahead
        case running(Task<Void, Never>)
        case cancelled
    }

    private let state = Mutex(State.ahead)

    /// The hook runs in this task.
    func begin(_ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            if case .cancelled = state { return true }
            state = .running(task)
            return false
        }
        if isCancelled { task.cancel() }
    }

    func cancel() {
        let task = state.withLock { state -> Task<Void, Never>? in
            defer { state = .cancelled }
            if case .running(let task) = state { return task }
            return nil
        }
        task?.cancel()
    }
}
