/// Turns the text between a string's quotes into what it stands for.
struct EscapeDecoder {
    let text: [UInt8]
    let isRaw: Bool
    let isBytes: Bool
    /// Whether doubled braces stand for single ones.
    let joinsBraces: Bool
    private var place: Int
    private let end: Int
    private(set) var findings: [Diagnostic] = []

    init(text: [UInt8], from: Int, to: Int, isRaw: Bool, isBytes: Bool, joinsBraces: Bool) {
        self.text = text
        self.isRaw = isRaw
        self.isBytes = isBytes
        self.joinsBraces = joinsBraces
        place = from
        end = to
    }

    mutating func run(into output: inout [UInt8]) {
        while place < end {
            let byte = text[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\r"):
                if place < end, text[place] == UInt8(ascii: "\n") { place += 1 }
                output.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "\\") where !isRaw && place < end:
                decodeEscape(into: &output)
            case UInt8(ascii: "{") where joinsBraces, UInt8(ascii: "}") where joinsBraces:
                if place < end, text[place] == byte { place += 1 }
                output.append(byte)
            default:
                output.append(byte)
            }
        }
    }

    private mutating func decodeEscape(into output: inout [UInt8]) {
        let start = place - 1
        let byte = text[place]
        place += 1
        switch byte {
        case UInt8(ascii: "\n"): break
        case UInt8(ascii: "\r"):
            if place < end, text[place] == UInt8(ascii: "\n") { place += 1 }
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): output.append(byte)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "a"): output.append(0x07)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "v"): output.append(0x0B)
        case UInt8(ascii: "0")...UInt8(ascii: "7"): decodeOctal(byte, from: start, into: &output)
        case UInt8(ascii: "x"): decodeHexadecimal(2, from: start, into: &output)
        case UInt8(ascii: "u") where !isBytes: decodeHexadecimal(4, from: start, into: &output)
        case UInt8(ascii: "U") where !isBytes: decodeHexadecimal(8, from: start, into: &output)
        case UInt8(ascii: "N") where !isBytes:
            tell(
                .error, "characters by name (\\N) are not part of Dana", from: start, hint: "write \\u and four digits")
        default:
            output.append(UInt8(ascii: "\\"))
            place -= 1
            let scalar = text[place] < 0x80 ? String(UnicodeScalar(text[place])) : "?"
            tell(
                .warning, "invalid escape sequence '\\\(scalar)'", from: start,
                hint: "write \\\\ for a backslash, or put r before the string")
        }
    }

    private mutating func decodeOctal(_ first: UInt8, from start: Int, into output: inout [UInt8]) {
        var value = UInt32(first - 48)
        for _ in 0..<2 {
            guard place < end, text[place] &- 48 < 8 else { break }
            value = value * 8 + UInt32(text[place] - 48)
            place += 1
        }
        if isBytes, value > 0xFF { tell(.error, "the octal escape is more than a byte holds", from: start) }
        append(value, from: start, into: &output)
    }

    private mutating func decodeHexadecimal(_ count: Int, from start: Int, into output: inout [UInt8]) {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard place < end, let digit = Lexer.digitValue(text[place]) else {
                let name = count == 2 ? "\\xXX" : count == 4 ? "\\uXXXX" : "\\UXXXXXXXX"
                return tell(.error, "truncated \(name) escape", from: start)
            }
            value = value << 4 | UInt32(digit)
            place += 1
        }
        append(value, from: start, into: &output)
    }

    private mutating func append(_ value: UInt32, from start: Int, into output: inout [UInt8]) {
        if isBytes {
            output.append(UInt8(truncatingIfNeeded: value))
        } else if let scalar = UnicodeScalar(value) {
            output.append(contentsOf: String(scalar).utf8)
        } else if value > 0x10FFFF {
            tell(.error, "illegal Unicode character", from: start, hint: "the last one is \\U0010FFFF")
        } else {
            tell(
                .error, "half a surrogate pair is not a character", from: start,
                hint: "write the character itself, or \\U and eight digits")
        }
    }

    private mutating func tell(
        _ severity: Diagnostic.Severity, _ message: String, from start: Int, hint: String? = nil
    ) {
        let range = SyntaxRange(start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: place))
        findings.append(Diagnostic(severity, code: "syntax", message, at: range, hint: hint))
    }
}
