/// How long the parts of a call took.
public struct AnswerTiming: Sendable, Hashable {
    /// Until the pool had a place for it.
    public var queued = Duration.zero
    /// Until the first piece of the answer was there; nil where the answer came whole.
    public var firstToken: Duration?
    /// All of it, the wait included.
    public var total = Duration.zero

    public init() {}
}
