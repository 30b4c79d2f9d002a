/// A moment on a pool's clock, in nanoseconds since the clock's own beginning. Its arithmetic stops at the ends.
public struct PoolTime: Hashable, Comparable, Sendable {
    public let nanoseconds: UInt64

    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The clock's beginning.
    public static let start = PoolTime(nanoseconds: 0)
    /// A moment that does not come.
    public static let never = PoolTime(nanoseconds: .max)

    public static func < (left: PoolTime, right: PoolTime) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The moment this much later.
    public static func + (time: PoolTime, span: Duration) -> PoolTime {
        time.later(by: span.wholeNanoseconds)
    }

    /// How long after `earlier` this is; zero when it is not.
    public static func - (time: PoolTime, earlier: PoolTime) -> Duration {
        .nanoseconds(Int64(clamping: time.since(earlier)))
    }

    func later(by nanoseconds: UInt64) -> PoolTime {
        let (sum, overflows) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflows ? .never : PoolTime(nanoseconds: sum)
    }

    func since(_ earlier: PoolTime) -> UInt64 {
        nanoseconds > earlier.nanoseconds ? nanoseconds &- earlier.nanoseconds : 0
    }
}

extension Duration {
    /// The duration in nanoseconds: zero when it is negative, the largest number when it is longer than that.
    public var wholeNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflows) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        if overflows { return .max }
        let (sum, exceeds) = whole.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return exceeds ? .max : sum
    }
}
