import Synchronization

/// Lends a context's turn to one caller at a time, in the order in which they came.
final class ContextGate: Sendable {
    private struct State {
        var queue = TurnQueue()
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        /// Visitors who were cancelled before they waited.
        var cancelled: Set<Int> = []
        var last = 0
        /// Who waits for the gate to be closed and free.
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Takes the turn when it is free.
    func tryEnter() -> Bool {
        state.withLock { state in
            guard !state.queue.isTaken, !state.queue.isClosed else { return false }
            return state.queue.enter(0) == .entered
        }
    }

    /// Takes the turn when it comes. Throws when the caller is cancelled or the context closes meanwhile.
    func enter() async throws {
        let visitor = state.withLock { state in
            state.last += 1
            return state.last
        }
        defer { state.withLock { _ = $0.cancelled.remove(visitor) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(visitor) != nil { return .failure(CancellationError()) }
                    switch state.queue.enter(visitor) {
                    case .entered: return .success(())
                    case .closed: return .failure(DanaFailure.contextClosed)
                    case .waits:
                        state.waiting[visitor] = continuation
                        return nil
                    }
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                if state.queue.withdraw(visitor) { return state.waiting.removeValue(forKey: visitor) }
                if state.waiting[visitor] == nil { state.cancelled.insert(visitor) }
                return nil
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    func leave() {
        typealias Freed = (CheckedContinuation<Void, any Error>?, [CheckedContinuation<Void, Never>])
        let (next, watchers) = state.withLock { state -> Freed in
            let next = state.queue.leave().flatMap { state.waiting.removeValue(forKey: $0) }
            guard next == nil, state.queue.isClosed else { return (next, []) }
            defer { state.watchers = [] }
            return (next, state.watchers)
        }
        next?.resume()
        for watcher in watchers { watcher.resume() }
    }

    /// Returns when the closed gate is free.
    func whenFree() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.queue.isTaken { state.watchers.append(continuation) }
                return !state.queue.isTaken
            }
            if isFree { continuation.resume() }
        }
    }

    /// Nobody enters from here on; who waits is told. Whoever has the turn keeps it until it leaves.
    func close() {
        let waiting = state.withLock { state in
            state.queue.close().compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for continuation in waiting { continuation.resume(throwing: DanaFailure.contextClosed) }
    }

    /// Whether nobody can enter any more.
    var isClosed: Bool { state.withLock { $0.queue.isClosed } }

    /// Whether nobody can enter any more and nobody is inside.
    var isClosedAndFree: Bool { state.withLock { $0.queue.isClosed && !$0.queue.isTaken } }

    /// How many wait.
    var waitingCount: Int { state.withLock { $0.queue.waitingCount } }
}
