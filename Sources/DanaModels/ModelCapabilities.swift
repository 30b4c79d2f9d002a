/// What a model can be asked for.
public struct ModelCapabilities: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    public static let streaming = ModelCapabilities(rawValue: 1)
    public static let tools = ModelCapabilities(rawValue: 2)
    /// The provider keeps answers to a schema.
    public static let schema = ModelCapabilities(rawValue: 4)
    public static let seed = ModelCapabilities(rawValue: 8)
    public static let stop = ModelCapabilities(rawValue: 16)
    public static let embeddings = ModelCapabilities(rawValue: 32)
    public static let exactTokenCount = ModelCapabilities(rawValue: 64)
}
