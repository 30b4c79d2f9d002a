/// Reads a float's text as Python's `float()` does: white space around it, underscores between digits, digits of any
/// script, "inf", "infinity" and "nan".
enum FloatParser {
    /// The value of the text, nil when it is no float.
    static func parse(_ text: ByteView) -> Double? {
        let text = text[TextTrim.space(around: text)]
        guard text.count > 0 else { return nil }
        var plain: [UInt8] = []
        if !text.isASCII || text.first(UInt8(ascii: "_"), from: 0) != nil {
            guard let converted = asciiWithoutUnderscores(text) else { return nil }
            plain = converted
            return plain.withView(parsePlain)
        }
        return parsePlain(text)
    }

    /// The text with ASCII digits and without underscores; nil when an underscore is not between digits.
    private static func asciiWithoutUnderscores(_ text: ByteView) -> [UInt8]? {
        var result: [UInt8] = []
        var previous: UInt8 = 0
        for scalar in text.scalars {
            guard let byte = scalar.decimalValue.map({ $0 + 48 }) ?? UInt8(exactly: scalar.value), byte < 0x80 else {
                return nil
            }
            if byte == UInt8(ascii: "_") {
                guard previous &- 48 < 10 else { return nil }
            } else {
                guard previous != UInt8(ascii: "_") || byte &- 48 < 10 else { return nil }
                result.append(byte)
            }
            previous = byte
        }
        return previous == UInt8(ascii: "_") ? nil : result
    }

    private static func parsePlain(_ text: ByteView) -> Double? {
        var index = 0
        let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        if isNegative || (text.count > 0 && text[0] == UInt8(ascii: "+")) { index = 1 }
        let start = index
        func digits(_ value: inout UInt64) -> Int {
            let first = index
            while index < text.count, text[index] &- 48 < 10 {
                value = value &* 10 &+ UInt64(text[index] &- 48)
                index += 1
            }
            return index - first
        }
        var significand: UInt64 = 0
        var count = digits(&significand)
        var exponent = 0
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            let places = digits(&significand)
            count += places
            exponent = -places
        }
        guard count > 0 else { return special(text.from(start)).map { isNegative ? -$0 : $0 } }
        if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            let isMinus = index < text.count && text[index] == UInt8(ascii: "-")
            if isMinus || (index < text.count && text[index] == UInt8(ascii: "+")) { index += 1 }
            var written: UInt64 = 0
            let length = digits(&written)
            guard length > 0 else { return nil }
            // Longer exponents are left to the exact conversion.
            let size = length <= 9 ? Int(written) : 1_000_000_000
            exponent += isMinus ? -size : size
        }
        guard index == text.count else { return nil }
        if count <= 18, significand <= 1 << 53, abs(exponent) <= 22 {
            // Both parts are exact, so the quotient or product is the correctly rounded result.
            var power = 1.0
            for _ in 0..<abs(exponent) { power *= 10 }
            let value = exponent < 0 ? Double(significand) / power : Double(significand) * power
            return isNegative ? -value : value
        }
        return Double(String(text))
    }

    private static func special(_ text: ByteView) -> Double? {
        switch String(text).lowercased() {
        case "inf", "infinity": .infinity
        case "nan": .nan
        default: nil
        }
    }
}
