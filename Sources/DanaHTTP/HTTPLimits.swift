/// How much an answer may bring, in bytes.
public struct HTTPLimits: Sendable, Hashable {
    /// Status line and header fields together.
    public var headers: Int
    /// The whole body.
    public var body: Int
    /// What waits for the reader; beyond it the sender is made to wait.
    public var buffer: Int

    public init(headers: Int = 1 << 16, body: Int = 1 << 26, buffer: Int = 1 << 20) {
        self.headers = headers
        self.body = body
        self.buffer = buffer
    }
}
