/// With which options a call was made, as far as is told of it: nil, or empty, where the provider's own counted.
public struct CallOptions: Sendable, Hashable {
    public var maxTokens: Int?
    public var temperature: Double?
    public var topP: Double?
    public var seed: Int64?
    public var stop: [String] = []

    init() {}

    init(_ request: ModelRequest) {
        maxTokens = request.maxTokens
        temperature = request.temperature
        topP = request.topP
        seed = request.seed
        stop = request.stop
    }
}
