/// A model among several, and the terms on which it is asked.
public struct ModelRoute: Sendable {
    public var model: any LanguageModel
    /// Models of the lowest rank are asked first; the next rank when those fail.
    public var rank: Int
    /// How often it is chosen among those of its rank.
    public var weight: Double
    public var price: ModelPrice
    public var requestsPerMinute: Int?
    public var tokensPerMinute: Int?

    public init(
        _ model: any LanguageModel, rank: Int = 0, weight: Double = 1, price: ModelPrice = ModelPrice(),
        requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil
    ) {
        self.model = model
        self.rank = rank
        self.weight = weight
        self.price = price
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
    }
}
