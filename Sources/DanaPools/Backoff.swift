/// How long to wait after a failure: a random part ("full jitter") of a span that doubles with each failure.
public struct Backoff: Hashable, Sendable {
    /// The longest wait after the first failure.
    public let base: Duration
    /// The longest wait after any number of failures.
    public let cap: Duration

    public init(base: Duration, cap: Duration) {
        self.base = base
        self.cap = cap
    }

    /// The longest wait after this many failures in a row.
    public func bound(failures: Int) -> Duration {
        guard failures > 0 else { return .zero }
        let start = base.wholeNanoseconds
        let doublings = failures - 1
        let cap = cap.wholeNanoseconds
        let span = doublings <= start.leadingZeroBitCount ? start << UInt64(doublings) : .max
        return .nanoseconds(Int64(clamping: start == 0 ? 0 : min(span, cap)))
    }

    /// The wait after this many failures in a row; `random` lies between 0 and 1.
    public func delay(failures: Int, random: Double) -> Duration {
        bound(failures: failures) * min(max(random, 0), 1)
    }
}
