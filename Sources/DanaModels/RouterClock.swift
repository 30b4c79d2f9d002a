import DanaPools

/// What a router knows of time and chance; a test brings its own.
public struct RouterClock: Sendable {
    public var now: @Sendable () -> PoolTime
    /// Returns when the time is over or the task is cancelled.
    public var sleep: @Sendable (Duration) async -> Void
    /// A number between 0 and 1.
    public var random: @Sendable () -> Double

    public init(
        now: @escaping @Sendable () -> PoolTime, sleep: @escaping @Sendable (Duration) async -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    /// The machine's.
    public static let system = RouterClock(
        now: { SystemPoolClock().now }, sleep: { try? await Task.sleep(for: $0) },
        random: { Double.random(in: 0..<1) })
}
