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
    /// The same in the provider's own form.
    public var thoughts: [Tape]
    public var toolCalls: [ToolCall]
    public var timing: AnswerTiming
    /// It was kept from an earlier call, and took no tokens now.
    public var isCached: Bool
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
        self.model = reply.asked ?? model
        isCached = reply.isCached
        answeredBy = reply.model
        finishReason = reply.finishReason
        reasoning = reply.reasoning
        thoughts = reply.thoughts
        toolCalls = reply.toolCalls
        self.timing = timing
        self.traceID = traceID
        self.notes = notes
    }
}

extension ModelAnswer {
    /// The answers to the batches of one question as one.
    init(batches parts: [ModelAnswer], taking time: Duration, of model: String) {
        self =
            parts.first
            ?? ModelAnswer(ModelReply(text: ""), model: model, timing: AnswerTiming(), traceID: TraceID(), notes: [])
        text = parts.map(\.text).joined(separator: "\n")
        var list = TapeBuilder()
        list.beginList()
        for part in parts {
            if let value = part.value { list.append(value.root) } else { list.appendString(part.text) }
        }
        list.end()
        value = list.finish()
        for part in parts.dropFirst() { usage += part.usage }
        timing.total = time
        isCached = !parts.isEmpty && parts.allSatisfy(\.isCached)
        notes = ["asked in \(parts.count) batches"] + parts.flatMap(\.notes)
    }
}
