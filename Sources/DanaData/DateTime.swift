/// A day and a time of day, with a time zone when it is known.
public struct DateTime: Hashable, Sendable, CustomStringConvertible {
    public let date: CalendarDate
    public let time: ClockTime

    public init(date: CalendarDate, time: ClockTime) {
        self.date = date
        self.time = time
    }

    /// The form of ISO 8601, such as 2024-02-29T09:30:00+02:00.
    public var description: String { "\(date)T\(time)" }
}

extension TapeBuilder {
    public mutating func append(_ value: DateTime) {
        push(
            TapeHeader(.dateTime, variant: value.time.zone != nil, payload: value.date.packed).bits,
            UInt64(value.time.packed))
        attach(value.time.zone)
        children &+= 1
    }
}

extension TapeCursor {
    public mutating func readDateTime() -> DateTime {
        let header = take(.dateTime)
        let time = Int(truncatingIfNeeded: storage.word(position &+ 1))
        position &+= 2
        return DateTime(
            date: CalendarDate(packed: header.count),
            time: ClockTime(packed: time, zone: header.variant ? readTimeZone() : nil))
    }
}

extension TapeValue {
    public var dateTime: DateTime? { read(.dateTime) { $0.readDateTime() } }
}
