/// How many tokens an answer took, as its provider counts them.
public struct TokenUsage: Sendable, Hashable {
    /// Those of the request, the cached ones included.
    public var input: Int
    public var output: Int
    /// Those of the request that the provider had read before.
    public var cachedInput: Int
    /// Those of the output that were thought and not said.
    public var reasoning: Int

    public init(input: Int = 0, output: Int = 0, cachedInput: Int = 0, reasoning: Int = 0) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
        self.reasoning = reasoning
    }

    public var total: Int { Self.sum(input, output) }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    /// Adds what another answer took.
    public static func += (sum: inout TokenUsage, other: TokenUsage) {
        sum = TokenUsage(
            input: Self.sum(sum.input, max(0, other.input)), output: Self.sum(sum.output, max(0, other.output)),
            cachedInput: Self.sum(sum.cachedInput, max(0, other.cachedInput)),
            reasoning: Self.sum(sum.reasoning, max(0, other.reasoning)))
    }
}
