/// A time of day to the microsecond, with the fold that tells the two readings of a repeated hour
/// apart, and a time zone when it is known.
public struct ClockTime: Hashable, Sendable {
    public let hour: Int
    public let minute: Int
    public let second: Int
    public let microsecond: Int
    /// 1 for the second of two equal readings when clocks are set back, otherwise 0.
    public let fold: Int
    public let zone: TimeZoneOffset?

    /// Nil when a part is outside of its range.
    public init?(
        hour: Int, minute: Int = 0, second: Int = 0, microsecond: Int = 0, fold: Int = 0, zone: TimeZoneOffset? = nil
    ) {
        guard (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
            (0...999_999).contains(microsecond), (0...1).contains(fold)
        else { return nil }
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
        self.fold = fold
        self.zone = zone
    }

    /// The time without its zone in 38 bits.
    var packed: Int { hour << 33 | minute << 27 | second << 21 | microsecond << 1 | fold }

    init(packed: Int, zone: TimeZoneOffset?) {
        hour = packed >> 33
        minute = packed >> 27 & 63
        second = packed >> 21 & 63
        microsecond = packed >> 1 & 0xf_ffff
        fold = packed & 1
        self.zone = zone
    }
}

extension ClockTime: CustomStringConvertible {
    /// The form of ISO 8601, such as 09:30:00.250000+02:00; a zone known by its key stands in brackets.
    public var description: String {
        let time = "\(hour.padded(to: 2)):\(minute.padded(to: 2)):\(second.padded(to: 2))"
        let fraction = microsecond == 0 ? "" : ".\(microsecond.padded(to: 6))"
        return time + fraction + (zone?.description ?? "")
    }
}

extension TapeBuilder {
    public mutating func append(_ value: ClockTime) {
        push(TapeHeader(.time, variant: value.zone != nil, payload: value.packed).bits)
        attach(value.zone)
        children &+= 1
    }

    /// Appends a zone as a part of the node before it.
    mutating func attach(_ zone: TimeZoneOffset?) {
        guard let zone else { return }
        let counted = children
        append(zone)
        children = counted
    }
}

extension TapeCursor {
    public mutating func readTime() -> ClockTime {
        let header = take(.time)
        position &+= 1
        return ClockTime(packed: header.count, zone: header.variant ? readTimeZone() : nil)
    }
}

extension TapeValue {
    public var time: ClockTime? { read(.time) { $0.readTime() } }
}
