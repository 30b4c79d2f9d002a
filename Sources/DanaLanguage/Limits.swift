/// What an interpreter may use. Every limit has a default; each is terminal when it is used up.
public struct Limits: Sendable {
    /// Calls and loop turns of what the host begins at a time; natives charge one for each 64 elements they visit.
    public var ticks = 10_000_000_000
    /// Nanoseconds spent running it; waiting for the host does not count.
    public var executionTime: UInt64 = 60_000_000_000
    /// The reading of the clock at which the run must end, waiting included; nil for none.
    public var deadline: UInt64?
    /// Bytes of values, as asked for.
    public var memory = 256 << 20
    /// Nested calls in one fiber.
    public var depth = 1000
    /// Programs and calls that the host begins while another waits for it.
    public var nesting = 64
    /// Bytes of one program's text.
    public var sourceSize = 4 << 20
    /// Calls to the host over the interpreter's life.
    public var hostCalls = 100_000
    /// Bytes of text that programs print and log over the interpreter's life.
    public var output = 64 << 20
    /// Ticks that `finally` and `with` may use after a cancellation.
    public var cleanupTicks = 100_000
    /// Nanoseconds that they may take, waiting included.
    public var cleanupTime: UInt64 = 5_000_000_000
    /// Ticks after which the clock and the cancellation are looked at, at the latest.
    var stride = 2_000

    public init() {}
}

/// Where the interpreter reads the time, in nanoseconds from any fixed moment.
public struct Clock: Sendable {
    let now: @Sendable () -> UInt64
    /// The same in steps of some milliseconds, which takes less time to read.
    let roughNow: @Sendable () -> UInt64

    public init(now: @escaping @Sendable () -> UInt64, roughNow: (@Sendable () -> UInt64)? = nil) {
        self.now = now
        self.roughNow = roughNow ?? now
    }
}
