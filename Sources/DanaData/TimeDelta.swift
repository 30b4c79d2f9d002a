/// A span of time to the microsecond, normalised as Python's `timedelta`: only the days are ever
/// negative.
public struct TimeDelta: Hashable, Sendable {
    /// From -999,999,999 to 999,999,999.
    public let days: Int
    /// From 0 to 86,399.
    public let seconds: Int
    /// From 0 to 999,999.
    public let microseconds: Int

    public static let zero = TimeDelta(checked: 0, 0, 0)

    /// The sum of the parts, each of any sign and size; nil when it is beyond the range.
    public init?(days: Int = 0, seconds: Int = 0, microseconds: Int = 0) {
        self.init(
            totalMicroseconds: Int128(days) * TimeDelta.day + Int128(seconds) * 1_000_000 + Int128(microseconds))
    }

    /// Nil when the span is beyond the range.
    public init?(totalMicroseconds total: Int128) {
        var (days, rest) = total.quotientAndRemainder(dividingBy: TimeDelta.day)
        if rest < 0 {
            days -= 1
            rest += TimeDelta.day
        }
        guard (-999_999_999...999_999_999).contains(days) else { return nil }
        self.init(checked: Int(days), Int(rest / 1_000_000), Int(rest % 1_000_000))
    }

    fileprivate init(checked days: Int, _ seconds: Int, _ microseconds: Int) {
        self.days = days
        self.seconds = seconds
        self.microseconds = microseconds
    }

    public var totalMicroseconds: Int128 {
        Int128(days) * TimeDelta.day + Int128(seconds) * 1_000_000 + Int128(microseconds)
    }

    /// Nil when the duration is not a whole number of microseconds, or beyond the range.
    public init?(exactly duration: Duration) {
        let (seconds, attoseconds) = duration.components
        guard attoseconds % 1_000_000_000_000 == 0 else { return nil }
        self.init(totalMicroseconds: Int128(seconds) * 1_000_000 + Int128(attoseconds / 1_000_000_000_000))
    }

    /// The microseconds of a day.
    private static let day: Int128 = 86_400_000_000
}

extension Duration {
    /// The same span of time.
    public init(_ delta: TimeDelta) {
        self.init(
            secondsComponent: Int64(delta.days) * 86_400 + Int64(delta.seconds),
            attosecondsComponent: Int64(delta.microseconds) * 1_000_000_000_000)
    }
}

extension TimeDelta: Comparable {
    public static func < (left: TimeDelta, right: TimeDelta) -> Bool {
        (left.days, left.seconds, left.microseconds) < (right.days, right.seconds, right.microseconds)
    }
}

extension TimeDelta: CustomStringConvertible {
    /// The text that Python's `str(timedelta)` writes.
    public var description: String {
        let dayText = days == 0 ? "" : "\(days) day\(abs(days) == 1 ? "" : "s"), "
        let clock = "\(seconds / 3600):\((seconds / 60 % 60).padded(to: 2)):\((seconds % 60).padded(to: 2))"
        return dayText + clock + (microseconds == 0 ? "" : ".\(microseconds.padded(to: 6))")
    }
}

extension TapeBuilder {
    public mutating func append(_ value: TimeDelta) {
        push(
            TapeHeader(.timeDelta, payload: value.days).bits,
            UInt64(value.seconds << 20 | value.microseconds))
        children &+= 1
    }
}

extension TapeCursor {
    public mutating func readTimeDelta() -> TimeDelta {
        let header = take(.timeDelta)
        let rest = Int(truncatingIfNeeded: storage.word(position &+ 1))
        position &+= 2
        return TimeDelta(checked: Int(header.signed), rest >> 20, rest & 0xf_ffff)
    }
}

extension TapeValue {
    public var timeDelta: TimeDelta? { read(.timeDelta) { $0.readTimeDelta() } }
}
