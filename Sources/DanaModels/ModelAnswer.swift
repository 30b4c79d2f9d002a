import DanaData

/// What a question came to.
public struct ModelAnswer: Sendable {
    public var text: String
    /// What was asked for in a form: the answer as plain data.
    public var value: Tape?
    /// Of several calls (batches, repairs, tools) the sum.
    public var usage: TokenUsage
    /// The provider and the model that was asked, such as `openai/gpt-5`.
    public var model: String
    /// The model that answered, in the provider's words.
    public var answeredBy: String
    public var finishReason: FinishReason
    /// What the model thought before, where the provider tells.
    public var reasoning: String
    public var toolCalls: [ToolCall]
    public var timing: AnswerTiming
    /// A name for this call in logs, traces and events.
    public var traceID: TraceID
    /// What the asker should know, such as how much of the data was shown.
    public var notes: [String]

    init(
        _ reply: ModelReply, value: Tape? = nil, model: String, timing: AnswerTiming, traceID: TraceID, notes: [String]
    ) {
        text = reply.text
        self.value = value
        usage = reply.usage
        self.model = model
        answeredBy = reply.model
        finishReason = reply.finishReason
        reasoning = reply.reasoning
        toolCalls = reply.toolCalls
        self.timing = timing
        self.traceID = traceID
        self.notes = notes
    }
}
