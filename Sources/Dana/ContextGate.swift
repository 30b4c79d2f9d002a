import Synchronization

/// Lends a context's turn to one caller at a time, in the order in which they came.
final class ContextGate: Sendable {
    private struct State {
        var queue = TurnQueue()
        var waiting: [Int: CheckedContinuation<Void, any Error>] = [:]
        /// Who waits for the gate to be closed and free.
        var watchers: [Int: CheckedContinuation<Void, Never>] = [:]
        /// Visitors and watchers who were cancelled before they waited.
        var cancelled: Set<Int> = []
        var last = 0
        /// What those are told who come after the end.
        var closing = DanaFailure.contextClosed
        /// What those are told who would have to wait; nil while they may.
        var refusal: DanaFailure?

        mutating func nextNumber() -> Int {
            last += 1
            return last
        }

        /// Whether nobody waits for anything.
        var isQuiet: Bool { queue.waitingCount == 0 && !queue.isClosed && watchers.isEmpty }
    }

    /// How the gate stands while nobody waits, so that entering and leaving are one exchange each.
    private enum Door {
        static let free = 0
        static let taken = 1
        /// The state says, under its lock.
        static let watched = 2
    }

    private let door = Atomic<Int>(Door.free)
    private let state = Mutex(State())

    /// Does something with the state, which is true meanwhile, and lets go of the door when nobody waits.
    private func withState<Result>(_ body: (inout State) -> sending Result) -> sending Result {
        state.withLock { state in
            let before = door.exchange(Door.watched, ordering: .acquiringAndReleasing)
            if before != Door.watched { state.queue.stands(isTaken: before == Door.taken) }
            defer {
                if state.isQuiet { door.store(state.queue.isTaken ? Door.taken : Door.free, ordering: .releasing) }
            }
            return body(&state)
        }
    }

    private func moves(from old: Int, to new: Int) -> Bool {
        door.compareExchange(expected: old, desired: new, ordering: .acquiringAndReleasing).exchanged
    }

    /// Whether somebody has the turn.
    var isTaken: Bool {
        switch door.load(ordering: .acquiring) {
        case Door.free: false
        case Door.taken: true
        default: withState { $0.queue.isTaken }
        }
    }

    /// Takes the turn when it is free.
    func tryEnter() -> Bool {
        if moves(from: Door.free, to: Door.taken) { return true }
        if door.load(ordering: .acquiring) == Door.taken { return false }
        return withState { state in
            guard !state.queue.isTaken, !state.queue.isClosed else { return false }
            return state.queue.enter(0) == .entered
        }
    }

    /// Takes the turn when it comes. Throws when the caller is cancelled or the context closes meanwhile.
    func enter() async throws {
        let visitor = withState { $0.nextNumber() }
        defer { withState { _ = $0.cancelled.remove(visitor) } }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let outcome: Result<Void, any Error>? = withState { state in
                    if state.cancelled.remove(visitor) != nil { return .failure(CancellationError()) }
                    if let refusal = state.refusal, state.queue.isTaken, !state.queue.isClosed {
                        return .failure(refusal)
                    }
                    switch state.queue.enter(visitor) {
                    case .entered: return .success(())
                    case .closed: return .failure(state.closing)
                    case .waits:
                        state.waiting[visitor] = continuation
                        return nil
                    }
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let continuation = withState { state -> CheckedContinuation<Void, any Error>? in
                if state.queue.withdraw(visitor) { return state.waiting.removeValue(forKey: visitor) }
                if state.waiting[visitor] == nil { state.cancelled.insert(visitor) }
                return nil
            }
            continuation?.resume(throwing: CancellationError())
        }
    }

    /// Gives the turn back; whether the gate is closed and free then.
    @discardableResult
    func leave() -> Bool {
        if moves(from: Door.taken, to: Door.free) { return false }
        typealias Freed = (CheckedContinuation<Void, any Error>?, [CheckedContinuation<Void, Never>], Bool)
        let (next, watchers, isOver) = withState { state -> Freed in
            let next = state.queue.leave().flatMap { state.waiting.removeValue(forKey: $0) }
            guard next == nil, state.queue.isClosed else { return (next, [], false) }
            defer { state.watchers = [:] }
            return (next, Array(state.watchers.values), true)
        }
        next?.resume()
        for watcher in watchers { watcher.resume() }
        return isOver
    }

    /// Returns when the closed gate is free, or when the caller is cancelled.
    func whenFree() async {
        let watcher = withState { $0.nextNumber() }
        defer { withState { _ = $0.cancelled.remove(watcher) } }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = withState { state in
                    guard state.cancelled.remove(watcher) == nil, state.queue.isTaken else { return false }
                    state.watchers[watcher] = continuation
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            let continuation = withState { state -> CheckedContinuation<Void, Never>? in
                let continuation = state.watchers.removeValue(forKey: watcher)
                if continuation == nil { state.cancelled.insert(watcher) }
                return continuation
            }
            continuation?.resume()
        }
    }

    /// Nobody enters from here on; who waits is told, as are those who come later. Whoever has the turn keeps it until it
    /// leaves.
    func close(_ reason: DanaFailure = .contextClosed) {
        let waiting = withState { state in
            if !state.queue.isClosed { state.closing = reason }
            return state.queue.close().compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for continuation in waiting { continuation.resume(throwing: reason) }
    }

    /// Who waits is told so and waits no longer; where it is for good, neither does anyone who comes while somebody has
    /// the turn.
    func turnAway(_ reason: DanaFailure, isForGood: Bool) {
        let waiting = withState { state in
            if isForGood { state.refusal = state.refusal ?? reason }
            return state.queue.dismiss().compactMap { state.waiting.removeValue(forKey: $0) }
        }
        for continuation in waiting { continuation.resume(throwing: reason) }
    }

    /// What those are told who come after the end.
    var closing: DanaFailure { withState { $0.closing } }

    /// Whether nobody can enter any more.
    var isClosed: Bool { withState { $0.queue.isClosed } }

    /// Whether nobody can enter any more and nobody is inside.
    var isClosedAndFree: Bool { withState { $0.queue.isClosed && !$0.queue.isTaken } }

    /// How many wait.
    var waitingCount: Int { withState { $0.queue.waitingCount } }
}
