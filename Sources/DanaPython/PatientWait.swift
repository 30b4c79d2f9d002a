import PythonBridge
import Synchronization

/// A wait for something that may never end: whoever waits can give up after a while.
final class PatientWait<Output: Sendable>: Sendable {
    private struct State {
        var result: Result<Output, any Error>?
        var waiting: CheckedContinuation<Output, any Error>?
        var timer: Task<Void, Never>?
    }

    private let state = Mutex(State())

    func result() async throws -> Output {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state in
                if state.result == nil { state.waiting = continuation }
                return state.result
            }
            if let result { continuation.resume(with: result) }
        }
    }

    /// It has ended. Whoever is the first to say so may tell of it, before the one who waits goes on.
    func comes(_ result: Result<Output, any Error>, telling: () -> Void = {}) {
        let before = state.withLock { state in
            let before = state
            if before.result == nil { state = State(result: result) }
            return before
        }
        guard before.result == nil else { return }
        telling()
        before.timer?.cancel()
        before.waiting?.resume(with: result)
    }

    /// After so many nanoseconds it counts as cancelled.
    func givesUp(after nanoseconds: UInt64, _ told: @escaping @Sendable () -> Void) {
        let timer = Task(executorPreference: WorkerPool.shared) { [weak self] in
            guard (try? await TimerThread.shared.sleep(nanoseconds: nanoseconds)) != nil else { return }
            self?.comes(.failure(CancellationError()), telling: told)
        }
        let isOver = state.withLock { state in
            if state.result == nil { state.timer = timer }
            return state.result != nil
        }
        if isOver { timer.cancel() }
    }
}
