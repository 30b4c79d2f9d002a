import DanaPools

/// So many units a minute, lent ahead: whoever comes is told how long to wait, in the order of coming. A minute's worth
/// may be used at once after a minute of rest.
public struct RateLimit: Sendable, Hashable {
    public let perMinute: Int
    private let unit: Duration
    /// When everything that was lent would have been earned, since the clock's beginning.
    private var earned = Duration.zero

    /// At least one unit a minute.
    public init(perMinute: Int) {
        self.perMinute = max(1, perMinute)
        unit = .seconds(60) / self.perMinute
    }

    /// Takes units; the answer is how long to wait before they may be used.
    public mutating func take(_ units: Int, at now: PoolTime) -> Duration {
        let moment = now - .start
        earned = max(earned, moment) + unit * max(0, units)
        return max(.zero, earned - moment - .seconds(60))
    }

    /// What was taken and not used, or, when negative, used and not taken.
    public mutating func giveBack(_ units: Int) {
        earned = max(.zero, earned - unit * units)
    }
}
