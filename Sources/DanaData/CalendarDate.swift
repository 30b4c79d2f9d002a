/// A day of the proleptic Gregorian calendar, of the years 1 to 9999.
public struct CalendarDate: Hashable, Sendable {
    public let year: Int
    public let month: Int
    public let day: Int

    /// Nil when there is no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...CalendarDate.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The date in 23 bits.
    var packed: Int { year << 9 | month << 5 | day }

    init(packed: Int) {
        year = packed >> 9
        month = packed >> 5 & 15
        day = packed & 31
    }
}

extension CalendarDate: Comparable {
    public static func < (left: CalendarDate, right: CalendarDate) -> Bool { left.packed < right.packed }
}

extension CalendarDate: CustomStringConvertible {
    /// The form of ISO 8601, such as 2024-02-29.
    public var description: String {
        "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))"
    }
}

extension Int {
    /// The digits of a number that is not negative, with zeros in front up to `width`.
    func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.utf8.count)) + digits
    }
}

extension TapeBuilder {
    public mutating func append(_ value: CalendarDate) {
        push(TapeHeader(.date, payload: value.packed).bits)
        children &+= 1
    }
}

extension TapeCursor {
    public mutating func readDate() -> CalendarDate {
        let header = take(.date)
        position &+= 1
        return CalendarDate(packed: header.count)
    }
}

extension TapeValue {
    public var date: CalendarDate? { read(.date) { $0.readDate() } }
}
