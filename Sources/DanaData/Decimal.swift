/// A decimal number as sign, digits and exponent, exactly as written: 1.0 and 1.00 are different
/// values. It has the range and the special values of Python's `decimal.Decimal`.
public struct Decimal: Hashable, Sendable {
    public enum Form: UInt8, Sendable {
        case finite
        case infinity
        case quietNaN
        case signallingNaN
    }

    public let form: Form
    public let isNegative: Bool
    /// Decimal digits without leading zeros, "0" for zero. Of a NaN: its payload, which may be empty. Of
    /// an infinity: empty.
    public let digits: String
    /// The power of ten by which the digits are multiplied; 0 unless the form is finite.
    public let exponent: Int

    /// The exponents that CPython's `decimal` can hold on a 64-bit machine.
    public static let exponents = -1_999_999_999_999_999_997...999_999_999_999_999_999

    /// Nil when `digits` are not decimal digits, or the exponent is beyond the range.
    public init?(isNegative: Bool = false, digits: String, exponent: Int = 0) {
        guard !digits.isEmpty, let digits = Decimal.trimmed(digits), Decimal.exponents.contains(exponent),
            exponent + digits.utf8.count - 1 <= Decimal.exponents.upperBound
        else { return nil }
        self.init(checked: .finite, isNegative, digits.isEmpty ? "0" : digits, exponent)
    }

    public static func infinity(isNegative: Bool = false) -> Decimal {
        Decimal(checked: .infinity, isNegative, "", 0)
    }

    /// Nil when the payload is not decimal digits.
    public static func nan(isNegative: Bool = false, signalling: Bool = false, payload: String = "") -> Decimal? {
        trimmed(payload).map { Decimal(checked: signalling ? .signallingNaN : .quietNaN, isNegative, $0, 0) }
    }

    fileprivate init(checked form: Form, _ isNegative: Bool, _ digits: String, _ exponent: Int) {
        self.form = form
        self.isNegative = isNegative
        self.digits = digits
        self.exponent = exponent
    }

    /// The digits without leading zeros; nil when there is anything but digits.
    private static func trimmed(_ digits: String) -> String? {
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return String(digits.drop { $0 == "0" })
    }

    // MARK: Text

    /// From text as Python's `str(Decimal)` writes it, and as `Decimal(text)` reads it apart from
    /// surrounding spaces and underscores; nil for any other text.
    public init?(_ text: String) {
        var rest = text[...]
        let isNegative = rest.hasPrefix("-")
        if isNegative || rest.hasPrefix("+") { rest.removeFirst() }
        let word = rest.lowercased()
        if word == "inf" || word == "infinity" {
            self = .infinity(isNegative: isNegative)
            return
        }
        for (prefix, signalling) in [("nan", false), ("snan", true)] where word.hasPrefix(prefix) {
            let payload = String(word.dropFirst(prefix.count))
            guard let value = Decimal.nan(isNegative: isNegative, signalling: signalling, payload: payload) else {
                return nil
            }
            self = value
            return
        }
        var exponent = 0
        if let mark = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            guard let value = Int(rest[rest.index(after: mark)...]) else { return nil }
            exponent = value
            rest = rest[..<mark]
        }
        var digits = String(rest)
        if let point = rest.firstIndex(of: ".") {
            let places = rest[rest.index(after: point)...]
            digits = String(rest[..<point] + places)
            let (moved, overflow) = exponent.subtractingReportingOverflow(places.utf8.count)
            guard !overflow else { return nil }
            exponent = moved
        }
        self.init(isNegative: isNegative, digits: digits, exponent: exponent)
    }
}

extension Decimal: CustomStringConvertible {
    /// The text that Python's `str(Decimal)` writes.
    public var description: String {
        let sign = isNegative ? "-" : ""
        switch form {
        case .infinity: return sign + "Infinity"
        case .quietNaN: return sign + "NaN" + digits
        case .signallingNaN: return sign + "sNaN" + digits
        case .finite: break
        }
        let length = digits.utf8.count
        // How many digits stand before the point when no exponent is written.
        let left = exponent + length
        let point = exponent <= 0 && left > -6 ? left : 1
        let power = left == point ? "" : "E\(left > point ? "+" : "")\(left - point)"
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits + power }
        if point >= length { return sign + digits + power }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point) + power
    }
}

extension TapeBuilder {
    public mutating func append(_ value: Decimal) {
        var digits = value.digits
        let payload = digits.utf8.count &<< 2 | Int(value.form.rawValue)
        push(
            TapeHeader(.decimal, variant: value.isNegative, payload: payload).bits,
            UInt64(bitPattern: Int64(value.exponent)))
        reserve(TapeStorage.words(forBytes: digits.utf8.count))
        digits.withUTF8 { digits in
            // Safe because room for the digits was reserved.
            _ = unsafe TapeBuilder.copy(UnsafeRawBufferPointer(digits), to: words + count)
        }
        count &+= TapeStorage.words(forBytes: value.digits.utf8.count)
        children &+= 1
    }
}

extension TapeCursor {
    public mutating func readDecimal() -> Decimal {
        let header = take(.decimal)
        let start = position &+ 2
        let length = header.count &>> 2
        position = start &+ TapeStorage.words(forBytes: length)
        let digits = unsafe storage.withBytes(at: start, count: length) { unsafe String(decoding: $0, as: UTF8.self) }
        return Decimal(
            checked: Decimal.Form(rawValue: UInt8(header.count & 3)) ?? .finite, header.variant, digits,
            Int(truncatingIfNeeded: storage.word(start &- 1)))
    }
}

extension TapeValue {
    public var decimal: Decimal? { read(.decimal) { $0.readDecimal() } }
}
