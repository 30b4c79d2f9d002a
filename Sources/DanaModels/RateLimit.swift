import DanaPools

/// So many units a minute, lent ahead: whoever comes is told how long to wait, in the order of coming. A minute's worth
/// may be used at once after a minute of rest.
public struct RateLimit: Sendable, Hashable {
    /// So many units that it takes longer to earn them count as if it took this long.
    private static let longest = Duration.seconds(1_000_000_000)

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
        earned = max(earned, moment) + span(max(0, units))
        return max(.zero, earned - moment - .seconds(60))
    }

    /// What was taken and not used, or, when negative, used and not taken.
    public mutating func giveBack(_ units: Int) {
        earned = max(.zero, earned - span(units))
    }

    /// How long it takes to earn units.
    private func span(_ units: Int) -> Duration {
        let most = Self.longest / unit
        guard Double(units.magnitude) < most else { return units < 0 ? .zero - Self.longest : Self.longest }
        return unit * units
    }
}
