import DanaData
import PythonBridge
import ValueGenerator

/// Random values of every type that crosses the border, the awkward ones often.
extension Generator {
    /// Any integer of a type, often at an end of its range or near a power of two.
    mutating func integer<Value: FixedWidthInteger>(of type: Value.Type) -> Value {
        switch Int.random(in: 0..<6, using: &self) {
        case 0: return .max
        case 1: return .min
        case 2: return Value(truncatingIfNeeded: Int.random(in: -3...3, using: &self))
        case 3:
            let power = Value(1) << Int.random(in: 0..<Value.bitWidth, using: &self)
            return power &+ Value(truncatingIfNeeded: Int.random(in: -1...1, using: &self))
        default: return Value.random(in: .min ... .max, using: &self)
        }
    }

    mutating func double() -> Double {
        let special = [0, -0.0, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.greatestFiniteMagnitude]
        return chance(1, in: 3) ? special.randomElement(using: &self) ?? 0 : Double(bitPattern: next())
    }

    mutating func complex() -> Complex { Complex(real: double(), imaginary: double()) }

    mutating func optional<Value>(_ make: (inout Generator) -> Value) -> Value? {
        chance(1, in: 3) ? nil : make(&self)
    }

    mutating func list<Value>(upTo count: Int = 6, _ make: (inout Generator) -> Value) -> [Value] {
        (0..<Int.random(in: 0...count, using: &self)).map { _ in make(&self) }
    }

    mutating func date() -> CalendarDate? {
        CalendarDate(
            year: .random(in: 1...9999, using: &self), month: .random(in: 1...12, using: &self),
            day: .random(in: 1...28, using: &self))
    }

    mutating func delta() -> TimeDelta? {
        TimeDelta(
            days: chance(1, in: 2) ? 0 : .random(in: -999_999_999...999_999_998, using: &self),
            seconds: .random(in: 0...86_400, using: &self), microseconds: .random(in: 0...999_999, using: &self))
    }

    mutating func zone() -> TimeZoneOffset? {
        let offset = TimeDelta(microseconds: .random(in: -86_399_999_999...86_399_999_999, using: &self))
        switch Int.random(in: 0..<4, using: &self) {
        case 0: return .utc
        case 1: return TimeZoneOffset(key: "Europe/Zurich")
        case 2: return offset.flatMap { TimeZoneOffset(offset: $0, name: text()) }
        default: return offset.flatMap { TimeZoneOffset(offset: $0) }
        }
    }

    mutating func time() -> ClockTime? {
        ClockTime(
            hour: .random(in: 0...23, using: &self), minute: .random(in: 0...59, using: &self),
            second: .random(in: 0...59, using: &self), microsecond: .random(in: 0...999_999, using: &self),
            fold: .random(in: 0...1, using: &self), zone: chance(1, in: 2) ? nil : zone())
    }

    mutating func moment() -> DateTime? {
        guard let date = date(), let time = time() else { return nil }
        return DateTime(date: date, time: time)
    }

    mutating func decimal() -> Decimal? {
        let isNegative = chance(1, in: 2)
        let digits = String(
            list(upTo: 40) { UInt8.random(in: 48...57, using: &$0) }.map { Character(Unicode.Scalar($0)) })
        switch Int.random(in: 0..<8, using: &self) {
        case 0: return .infinity(isNegative: isNegative)
        case 1: return .nan(isNegative: isNegative, signalling: chance(1, in: 2), payload: digits)
        case 2: return Decimal(isNegative: isNegative, digits: "7", exponent: Decimal.exponents.upperBound)
        default: return Decimal(isNegative: isNegative, digits: digits, exponent: .random(in: -400...400, using: &self))
        }
    }

    mutating func fraction() -> Fraction? {
        // In lowest terms, as Python keeps them: the denominator is a power of two, the numerator odd.
        let numerator = BigInteger(isNegative: chance(1, in: 2), magnitude: [next() | 1, next()])
        let power = Int.random(in: 0..<192, using: &self)
        let words = (0...2).map { $0 == power / 64 ? UInt64(1) << UInt64(power % 64) : 0 }
        return Fraction(numerator: numerator, denominator: BigInteger(isNegative: false, magnitude: words))
    }

    mutating func identifier() -> UniqueIdentifier { UniqueIdentifier(high: next(), low: next()) }

    /// A path in the form in which Python keeps one: no empty parts, no single dots, no zero bytes.
    mutating func path() -> PathText {
        let parts = (0..<Int.random(in: 1...3, using: &self)).map { _ in
            let text = String(self.text(upTo: 6).unicodeScalars.filter { $0 != "/" && $0 != "\0" })
            return text.isEmpty || text == "." ? "part" : text
        }
        let text = (chance(1, in: 2) ? "/" : "") + parts.joined(separator: "/")
        // A byte of a name that is not Unicode, as Python writes it.
        return chance(1, in: 4) ? PathText(wtf8: Array(text.utf8) + [0xed, 0xb3, 0xbf]) : PathText(text)
    }

    mutating func range() -> Range<Int> {
        let one = integer(of: Int.self)
        let other = integer(of: Int.self)
        return min(one, other)..<max(one, other)
    }

    mutating func steppedRange() -> PythonRange? {
        let step = integer(of: Int.self)
        return PythonRange(start: integer(of: Int.self), stop: integer(of: Int.self), step: step == 0 ? 1 : step)
    }
}
