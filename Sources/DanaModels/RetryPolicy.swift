import DanaPools

/// Whether a request that failed is sent again to the same model, and when.
public struct RetryPolicy: Sendable, Hashable {
    /// How often a request is sent to one model, the first time included.
    public var attempts: Int
    public var backoff: Backoff
    /// How long one call may wait in all. A provider that asks for more is left for the next model.
    public var totalWait: Duration

    public init(
        attempts: Int = 3, backoff: Backoff = Backoff(base: .milliseconds(500), cap: .seconds(8)),
        totalWait: Duration = .seconds(60)
    ) {
        self.attempts = attempts
        self.backoff = backoff
        self.totalWait = totalWait
    }

    /// How long to wait before the next attempt; nil when there should be none. What the provider asks for counts more
    /// than the backoff. `random` lies between 0 and 1.
    public func delay(after error: ModelError, failures: Int, waited: Duration, random: Double) -> Duration? {
        guard error.isTransient, failures < attempts else { return nil }
        let wait = error.retryAfter ?? backoff.delay(failures: failures, random: random)
        return waited + wait <= totalWait ? wait : nil
    }

    /// Whether a wait is longer than any that nobody asked for, so that others should be asked first.
    func isLong(_ wait: Duration, failures: Int) -> Bool { wait > backoff.bound(failures: failures) }
}
