/// A piece of an answer that arrives bit by bit.
public enum ModelChunk: Sendable, Hashable {
    /// Who answers; it comes first, once.
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
        case .start, .usage, .finish: false
        }
    }
}
