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

    public var total: Int {
        let (sum, overflow) = input.addingReportingOverflow(output)
        return overflow ? .max : sum
    }

    /// Adds what another answer took.
    public static func += (sum: inout TokenUsage, other: TokenUsage) {
        func add(_ left: Int, _ right: Int) -> Int {
            let (result, overflow) = left.addingReportingOverflow(max(0, right))
            return overflow ? .max : result
        }
        sum = TokenUsage(
            input: add(sum.input, other.input), output: add(sum.output, other.output),
            cachedInput: add(sum.cachedInput, other.cachedInput), reasoning: add(sum.reasoning, other.reasoning))
    }
}
