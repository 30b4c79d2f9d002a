/// One call of a model, when it has ended.
public struct ModelCallEvent: Sendable {
    public enum Operation: String, Sendable {
        case chat
        case stream
        case embeddings
    }

    public var operation: Operation
    /// The name by which the model was asked for.
    public var name: String
    /// The provider and the model, such as `openai/gpt-5`.
    public var model: String
    /// Where the model was asked; nil where it has no server, or one of several.
    public var server: ServerAddress?
    public var answeredBy = ""
    /// The answer was kept from an earlier call, and took no tokens now.
    public var isCached = false
    /// The provider's name for the answer, where it gives one.
    public var responseID: String?
    public var options = CallOptions()
    public var usage = TokenUsage()
    public var timing = AnswerTiming()
    public var finishReason: FinishReason?
    /// Why it failed; nil when it did not.
    public var error: ModelError?
    public var traceID: TraceID
    /// Who it was made for, as `CallOrigin` had it.
    public var origin: (any Sendable)?

    /// All of it in one line.
    public var summary: String {
        let outcome = error.map { "failed: \($0.message)" } ?? "\(usage.input)+\(usage.output) tokens"
        return "\(operation.rawValue) \(outcome), \(timing.total / .milliseconds(1)) ms, trace \(traceID)"
    }
}
