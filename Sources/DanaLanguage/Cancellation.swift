import Synchronization

/// A flag by which any thread asks a running interpreter to stop. The first reason stays until the host begins
/// something else.
public final class Cancellation: Sendable {
    /// The turn's number and, in the lowest bit, whether what is under way is to stop: the next turn begins, and one
    /// turn is cancelled and no other, by one exchange.
    private let word = Atomic<UInt64>(0)
    private let state = Mutex(State())

    private struct State {
        /// Set as long as the bit is.
        var reason: String?
        /// Nothing begun later goes on either.
        var isFinal = false
    }

    public init() {}

    /// Stops what is under way, and what the host begins later too when `isFinal`.
    public func cancel(reason: String, isFinal: Bool = true) {
        state.withLock { state in
            if state.reason == nil { state.reason = reason }
            if isFinal { state.isFinal = true }
            word.bitwiseOr(1, ordering: .releasing)
        }
    }

    /// Stops what was begun in a turn, unless that is over.
    public func cancel(turn: Int, reason: String) {
        let running = UInt64(truncatingIfNeeded: turn) << 1
        state.withLock { state in
            guard state.reason == nil else { return }
            state.reason = reason
            let (isStopped, _) = word.compareExchange(
                expected: running, desired: running | 1, ordering: .acquiringAndReleasing)
            if !isStopped { state.reason = nil }
        }
    }

    /// The host begins something: earlier requests were for what is over. Gives the turn's number.
    public func nextTurn() -> Int {
        let before = word.load(ordering: .acquiring)
        if before & 1 == 0 {
            let (isNext, _) = word.compareExchange(
                expected: before, desired: before &+ 2, ordering: .acquiringAndReleasing)
            if isNext { return Int(truncatingIfNeeded: before >> 1 &+ 1) }
        }
        return state.withLock { state in
            if !state.isFinal { state.reason = nil }
            let next = (word.load(ordering: .acquiring) >> 1 &+ 1) << 1
            word.store(state.isFinal ? next | 1 : next, ordering: .releasing)
            return Int(truncatingIfNeeded: next >> 1)
        }
    }

    public var isCancelled: Bool { word.load(ordering: .acquiring) & 1 == 1 }
    public var reason: String? { state.withLock { $0.reason } }
}
