/// What a model's tokens cost, in money for a million of them.
public struct ModelPrice: Sendable, Hashable {
    public var input: Double
    public var output: Double
    /// For those of the input that the provider had read before; the price of the input when there is none.
    public var cachedInput: Double?

    public init(input: Double = 0, output: Double = 0, cachedInput: Double? = nil) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput
    }

    public func cost(_ usage: TokenUsage) -> Double {
        let cached = Double(min(usage.cachedInput, usage.input))
        let read = (Double(usage.input) - cached) * input + cached * (cachedInput ?? input)
        return (read + Double(usage.output) * output) / 1_000_000
    }
}
