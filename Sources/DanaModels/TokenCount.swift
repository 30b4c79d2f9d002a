/// The tokens of a request before it is sent.
public struct TokenCount: Sendable, Hashable {
    public var tokens: Int
    /// Counted by the provider; otherwise a guess from the length.
    public var isExact: Bool

    public init(tokens: Int, isExact: Bool) {
        self.tokens = tokens
        self.isExact = isExact
    }
}
