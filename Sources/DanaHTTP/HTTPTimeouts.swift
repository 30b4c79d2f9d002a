/// How long the parts of an exchange may take.
public struct HTTPTimeouts: Sendable, Hashable {
    /// Until there is a connection, TLS included.
    public var connect: Duration
    /// From the start until the head of the answer is there.
    public var firstByte: Duration
    /// Between two arrivals of bytes. While the reader keeps the sender waiting, this clock stands still.
    public var idle: Duration
    /// The whole exchange.
    public var total: Duration

    public init(
        connect: Duration = .seconds(10), firstByte: Duration = .seconds(120), idle: Duration = .seconds(60),
        total: Duration = .seconds(600)
    ) {
        self.connect = connect
        self.firstByte = firstByte
        self.idle = idle
        self.total = total
    }
}
