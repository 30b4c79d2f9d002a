import Synchronization

/// A flag by which any thread asks a running interpreter to stop. The first reason stays until the host begins
/// something else.
public final class Cancellation: Sendable {
    private let raised = Atomic<Bool>(false)
    private let state = Mutex(State())

    private struct State {
        var reason: String?
        var turn = 0
        /// Nothing begun later goes on either.
        var isFinal = false
    }

    public init() {}

    /// Stops what is under way, and what the host begins later too when `isFinal`.
    public func cancel(reason: String, isFinal: Bool = true) {
        state.withLock { cancel(&$0, reason, isFinal: isFinal) }
    }

    /// Stops what was begun in a turn, unless that is over.
    public func cancel(turn: Int, reason: String) {
        state.withLock { if $0.turn == turn { cancel(&$0, reason, isFinal: false) } }
    }

    private func cancel(_ state: inout State, _ reason: String, isFinal: Bool) {
        if state.reason == nil { state.reason = reason }
        if isFinal { state.isFinal = true }
        raised.store(true, ordering: .releasing)
    }

    /// The host begins something: earlier requests were for what is over. Gives the turn's number.
    public func nextTurn() -> Int {
        state.withLock {
            $0.turn += 1
            if !$0.isFinal && $0.reason != nil {
                $0.reason = nil
                raised.store(false, ordering: .releasing)
            }
            return $0.turn
        }
    }

    public var isCancelled: Bool { raised.load(ordering: .acquiring) }
    public var reason: String? { state.withLock { $0.reason } }
}
