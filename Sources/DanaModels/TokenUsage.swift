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

    /// Counts another answer's tokens, too.
    public mutating func add(_ other: TokenUsage) {
        input = Self.sum(input, other.input)
        output = Self.sum(output, other.output)
        cachedInput = Self.sum(cachedInput, other.cachedInput)
        reasoning = Self.sum(reasoning, other.reasoning)
    }

    public var total: Int { Self.sum(input, output) }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}
