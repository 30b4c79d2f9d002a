/// Decides between a request and a second one that is sent when the first does not begin in time: the one that begins
/// first is taken. The first is number 0, the second number 1.
struct HedgeMachine {
    private enum Phase {
        /// Only the first is under way. Becomes `both` with the time, or `over`.
        case one
        /// Becomes `last` when one fails, `over` when one begins.
        case both
        /// One of the two has failed, with this.
        case last(ModelError)
        case over
    }

    private var phase = Phase.one

    /// The first has had its time; true when the second is to be sent.
    mutating func delayPassed() -> Bool {
        guard case .one = phase else { return false }
        phase = .both
        return true
    }

    /// An answer has begun; true when it is the one.
    mutating func began() -> Bool {
        if case .over = phase { return false }
        phase = .over
        return true
    }

    /// A request has failed; what the caller is told when nothing is left to wait for.
    mutating func failed(_ error: ModelError) -> ModelError? {
        switch phase {
        case .one:
            phase = .over
            return error
        case .both:
            phase = .last(error)
            return nil
        case .last(let first):
            phase = .over
            return first
        case .over: return nil
        }
    }
}
