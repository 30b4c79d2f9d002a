/// A piece of an answer that arrives bit by bit.
public enum ModelChunk: Sendable, Hashable {
    /// Which of several models is asked, such as `openai/gpt-5`; of several the last one counts.
    case asked(String)
    /// Who answers; it comes once, before the answer itself.
    case start(id: String, model: String)
    case text(String)
    case reasoning(String)
    /// A piece of a call; pieces of one call have the same index. The first one has the id and the name.
    case toolCall(index: Int, id: String?, name: String?, arguments: String)
    /// The tokens so far; of several the last one counts.
    case usage(TokenUsage)
    case finish(FinishReason)

    /// Whether it carries something of the answer itself.
    public var isContent: Bool {
        switch self {
        case .text, .reasoning, .toolCall: true
        case .asked, .start, .usage, .finish: false
        }
    }
}
