/// An item of a `%` template, and how its value is written: its flags, width, precision and kind.
///
/// A width or precision that is an argument ("*") is set by whoever fills the template in, with `setWidth` and
/// `setPrecision`, before the item is written.
struct PercentItem {
    enum Kind: Unicode.Scalar {
        case str = "s"
        /// In templates of bytes only.
        case bytes = "b"
        case repr = "r"
        case ascii = "a"
        case scalar = "c"
        case decimal = "d"
        case integer = "i"
        case unsigned = "u"
        case octal = "o"
        case hexadecimal = "x"
        case upperHexadecimal = "X"
        case exponent = "e"
        case upperExponent = "E"
        case fixed = "f"
        case upperFixed = "F"
        case general = "g"
        case upperGeneral = "G"
    }

    struct Flags: OptionSet {
        let rawValue: UInt8

        static let left = Flags(rawValue: 1)
        static let plus = Flags(rawValue: 2)
        static let space = Flags(rawValue: 4)
        static let alternate = Flags(rawValue: 8)
        static let zero = Flags(rawValue: 16)

        init(rawValue: UInt8) { self.rawValue = rawValue }

        init?(byte: UInt8) {
            switch byte {
            case UInt8(ascii: "-"): self = .left
            case UInt8(ascii: "+"): self = .plus
            case UInt8(ascii: " "): self = .space
            case UInt8(ascii: "#"): self = .alternate
            case UInt8(ascii: "0"): self = .zero
            default: return nil
            }
        }
    }

    enum Size: Equatable {
        case given(Int)
        /// The next argument tells it.
        case argument
    }

    /// The key of `%(key)s`.
    var key: ByteView?
    var flags: Flags = []
    var width: Size?
    var precision: Size?
    var kind = Kind.str
    /// What is wrong with its kind.
    var fault: TextError?

    /// A negative width puts the value to the left.
    mutating func setWidth(_ value: Int) {
        if value < 0 { flags.insert(.left) }
        width = .given(Int(clamping: value.magnitude))
    }

    mutating func setPrecision(_ value: Int) {
        precision = .given(max(0, value))
    }

    private var leastWidth: Int {
        if case .given(let value) = width { value } else { 0 }
    }

    private var givenPrecision: Int? {
        if case .given(let value) = precision { value } else { nil }
    }

    /// The base of the digits that an integer is to be given in; nil for other kinds.
    var base: FormatInteger.Base? {
        switch kind {
        case .decimal, .integer, .unsigned: .decimal
        case .octal: .octal
        case .hexadecimal, .upperHexadecimal: .hexadecimal
        default: nil
        }
    }

    /// Writes text, for the kinds `s r a`, cut to the precision.
    func write(text: ByteView, into sink: inout some ByteSink) {
        var text = text
        if let precision = givenPrecision, precision < text.count {
            text = text[0..<TextScalars.offset(text, after: 0, scalars: precision)]
        }
        let padding = max(0, leastWidth - TextScalars.count(text))
        if !flags.contains(.left) { sink.append(UInt8(ascii: " "), times: padding) }
        sink.append(text)
        if flags.contains(.left) { sink.append(UInt8(ascii: " "), times: padding) }
    }

    /// Writes a scalar, for the kind `c`.
    func write(scalar: Unicode.Scalar, into sink: inout some ByteSink) {
        var bytes: [UInt8] = []
        bytes.append(scalar: scalar)
        var item = self
        item.precision = nil
        bytes.withView { item.write(text: $0, into: &sink) }
    }

    /// Writes an integer, whose digits are made in `base` and in lower case.
    func write(digits: ByteView, isNegative: Bool, into sink: inout some ByteSink) {
        var prefix: StaticString = ""
        var upper: [UInt8] = []
        let isAlternate = flags.contains(.alternate)
        switch kind {
        case .octal: prefix = isAlternate ? "0o" : ""
        case .hexadecimal: prefix = isAlternate ? "0x" : ""
        case .upperHexadecimal:
            prefix = isAlternate ? "0X" : ""
            TextCase.writeASCII(digits, .upper, into: &upper)
        default: break
        }
        let zeros = max(0, (givenPrecision ?? 0) - digits.count)
        let (length, overflow) = digits.count.addingReportingOverflow(zeros)
        write(isNegative: isNegative, prefix: prefix, length: overflow ? .max : length, into: &sink) { sink in
            sink.append(UInt8(ascii: "0"), times: zeros)
            if upper.isEmpty { sink.append(digits) } else { upper.withView { sink.append($0) } }
        }
    }

    /// Writes a float, for the kinds `e f g` and their capital forms.
    func write(float value: Double, into sink: inout some ByteSink) {
        let precision = givenPrecision ?? 6
        let style: FloatNotation.Style =
            switch kind {
            case .exponent, .upperExponent: .exponent(precision: precision)
            case .general, .upperGeneral: .general(precision: precision)
            default: .fixed(precision: precision)
            }
        let isUpper = kind == .upperExponent || kind == .upperFixed || kind == .upperGeneral
        let notation = FloatNotation(value, style, isAlternate: flags.contains(.alternate), isUpper: isUpper)
        var counter = ByteCounter()
        notation.write(into: &counter)
        let isNegative = value.sign == .minus && !value.isNaN
        write(isNegative: isNegative, prefix: "", length: counter.bytes, into: &sink) { notation.write(into: &$0) }
    }

    private func write<Sink: ByteSink>(
        isNegative: Bool, prefix: StaticString, length: Int, into sink: inout Sink, body: (inout Sink) -> Void
    ) {
        let sign =
            isNegative
            ? UInt8(ascii: "-")
            : flags.contains(.plus) ? UInt8(ascii: "+") : flags.contains(.space) ? UInt8(ascii: " ") : nil
        let (taken, overflow) = length.addingReportingOverflow((sign == nil ? 0 : 1) + prefix.utf8CodeUnitCount)
        let padding = overflow ? 0 : max(0, leastWidth - taken)
        let isLeft = flags.contains(.left)
        let isZeroFilled = flags.contains(.zero) && !isLeft
        if !isLeft, !isZeroFilled { sink.append(UInt8(ascii: " "), times: padding) }
        if let sign { sink.append(sign) }
        sink.append(prefix)
        if isZeroFilled { sink.append(UInt8(ascii: "0"), times: padding) }
        body(&sink)
        if isLeft { sink.append(UInt8(ascii: " "), times: padding) }
    }
}
