/// A float's absolute value in one of the notations of formats: `e`, `f`, `g` with a precision, or the shortest digits.
///
/// It holds the few digits that matter; zeros are counted. So a huge precision takes no memory before the text is
/// written, and `write` into a `ByteCounter` tells its size.
struct FloatNotation {
    enum Style {
        case exponent(precision: Int)
        case fixed(precision: Int)
        case general(precision: Int)
        case shortest
    }

    /// Digits before the point, or a word such as "inf".
    private(set) var integer: [UInt8] = []
    private(set) var hasPoint = false
    /// Zeros, digits, and zeros again after the point.
    private var leadingZeros = 0
    private var fraction: [UInt8] = []
    private var trailingZeros = 0
    private var exponent: Int?
    private let isUpper: Bool
    /// Whether the digits that are shown are all zero.
    private(set) var isZero = false
    let isFinite: Bool

    /// `isAlternate` keeps the point and the zeros after it (`#`); `addsPointZero` ends a whole number in ".0".
    init(_ value: Double, _ style: Style, isAlternate: Bool = false, addsPointZero: Bool = false, isUpper: Bool = false)
    {
        self.isUpper = isUpper
        isFinite = value.isFinite
        guard value.isFinite else {
            integer = Array((value.isNaN ? (isUpper ? "NAN" : "nan") : isUpper ? "INF" : "inf").utf8)
            return
        }
        var number: DecimalDigits
        // How many digits are shown, counted from the first one.
        var shown: Int
        let usesExponent: Bool
        switch style {
        case .shortest:
            number = DecimalDigits(shortest: value)
            usesExponent = number.point < -3 || number.point > 16
            shown = number.digits.count
        case .exponent(let precision):
            number = DecimalDigits(exact: value)
            shown = precision == .max ? precision : precision + 1
            number.round(toDigits: shown)
            usesExponent = true
        case .fixed(let precision):
            number = DecimalDigits(exact: value)
            number.round(toPlaces: precision)
            usesExponent = false
            let (sum, overflow) = precision.addingReportingOverflow(number.isZero ? 1 : number.point)
            shown = overflow ? .max : sum
        case .general(let precision):
            let precision = max(precision, 1)
            number = DecimalDigits(exact: value)
            number.round(toDigits: precision)
            let point = number.isZero ? 1 : number.point
            usesExponent = point <= -4 || point > precision - (addsPointZero ? 1 : 0)
            shown = isAlternate ? precision : number.digits.count
        }
        isZero = number.isZero
        // A zero is one digit before the point.
        let digits = number.isZero ? [UInt8(ascii: "0")] : number.digits
        var point = number.isZero ? 1 : number.point
        if usesExponent {
            exponent = point - 1
            point = 1
        } else if addsPointZero {
            shown = max(shown, point + 1)
        }
        lay(digits, point: point, shown: shown)
        hasPoint = isAlternate || leadingZeros > 0 || !fraction.isEmpty || trailingZeros > 0
    }

    /// Distributes digits to both sides of the point.
    private mutating func lay(_ digits: [UInt8], point: Int, shown: Int) {
        guard point > 0 else {
            integer = [UInt8(ascii: "0")]
            // Fewer are shown than there are places before the first digit only when the number rounds to zero.
            leadingZeros = -point
            fraction = digits
            trailingZeros = max(0, shown - digits.count)
            return
        }
        integer = Array(digits.prefix(point))
        if integer.count < point { integer += repeatElement(UInt8(ascii: "0"), count: point - integer.count) }
        fraction = Array(digits.dropFirst(point))
        trailingZeros = max(0, shown - max(point, digits.count))
    }

    /// Writes the digits before the point.
    func write(into sink: inout some ByteSink) {
        integer.withView { sink.append($0) }
        writeRest(into: &sink)
    }

    /// Writes what follows the digits before the point.
    func writeRest(into sink: inout some ByteSink) {
        if hasPoint { sink.append(UInt8(ascii: ".")) }
        sink.append(UInt8(ascii: "0"), times: leadingZeros)
        fraction.withView { sink.append($0) }
        sink.append(UInt8(ascii: "0"), times: trailingZeros)
        guard let exponent else { return }
        sink.append(isUpper ? UInt8(ascii: "E") : UInt8(ascii: "e"))
        sink.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        if exponent.magnitude < 10 { sink.append(UInt8(ascii: "0")) }
        sink.append(text: String(exponent.magnitude))
    }
}
