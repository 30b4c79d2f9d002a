import DanaData
import DanaPools

/// A model's whole answer.
public struct ModelReply: Sendable, Hashable {
    public var text: String
    /// What it thought before, where the provider tells.
    public var reasoning: String
    /// The same in the provider's own form, to go back to it when the conversation goes on; streams do not bring it.
    public var thoughts: [Tape] = []
    public var toolCalls: [ToolCall]
    public var finishReason: FinishReason
    public var usage: TokenUsage
    /// Which of several models was asked, such as `openai/gpt-5`; nil where there was one.
    public var asked: String?
    /// The model that answered, in the provider's words.
    public var model: String
    /// The provider's name for this answer.
    public var id: String
    /// It was kept from an earlier request, and took no tokens now.
    public var isCached = false
    /// When it began to arrive, by the pools' clock; nil where it came whole.
    public var began: PoolTime?

    public init(
        text: String, reasoning: String = "", toolCalls: [ToolCall] = [], finishReason: FinishReason = .stop,
        usage: TokenUsage = TokenUsage(), model: String = "", id: String = ""
    ) {
        self.text = text
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.finishReason = finishReason
        self.usage = usage
        self.model = model
        self.id = id
    }
}
