/// Why a model stopped.
public enum FinishReason: Sendable, Hashable {
    /// It was done, or came to a stop text.
    case stop
    /// It reached the limit of tokens.
    case length
    /// It wants tools called.
    case toolCalls
    /// The provider withheld the rest.
    case contentFilter
    /// Something this enum has no case for, in the provider's word.
    case other(String)

    /// As programs read it.
    public var word: String {
        switch self {
        case .stop: "stop"
        case .length: "length"
        case .toolCalls: "tool_calls"
        case .contentFilter: "content_filter"
        case .other(let word): word
        }
    }
}
