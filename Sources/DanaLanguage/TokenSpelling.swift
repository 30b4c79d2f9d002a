/// How a token is written in the one style.
enum TokenSpelling {
    static func text(_ bytes: ArraySlice<UInt8>, _ kind: TokenKind) -> String {
        switch kind {
        case .string, .formattedStart: return quoted(withPlainLineEnds(bytes))
        case .integer, .float: return number(bytes)
        case .notEqual: return "!="
        default: return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Every end of a line as LF, which it means in a string.
    private static func withPlainLineEnds(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        guard bytes.contains(carriageReturn) else { return bytes }
        var plain: [UInt8] = []
        for (place, byte) in zip(bytes.indices, bytes) {
            if byte == lineFeed, place > bytes.startIndex, bytes[place - 1] == carriageReturn { continue }
            plain.append(byte == carriageReturn ? lineFeed : byte)
        }
        return plain[...]
    }

    /// A string in double quotes, unless one stands in it or is escaped.
    private static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
        let single = UInt8(ascii: "'")
        let double = UInt8(ascii: "\"")
        guard let open = bytes.firstIndex(where: { $0 == single || $0 == double }) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        var prefix = String(decoding: bytes[..<open], as: UTF8.self)
        if !prefix.contains("R") { prefix = prefix.lowercased() }
        let rest = bytes[open...]
        let isTriple = rest.count >= 6 && rest[open + 1] == bytes[open] && rest[open + 2] == bytes[open]
        let width = isTriple ? 3 : 1
        let body = rest.dropFirst(width).dropLast(width)
        var isEscaped = false
        let hasEscapedQuote = body.contains { byte in
            defer { isEscaped = byte == UInt8(ascii: "\\") && !isEscaped }
            return isEscaped && byte == single
        }
        guard bytes[open] == single, !body.contains(double), !hasEscapedQuote else {
            return prefix + String(decoding: rest, as: UTF8.self)
        }
        let quotes = String(repeating: "\"", count: width)
        return prefix + quotes + String(decoding: body, as: UTF8.self) + quotes
    }

    /// A number with a small prefix and exponent, and large hexadecimal digits.
    private static func number(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self).lowercased()
        return text.hasPrefix("0x") ? "0x" + text.dropFirst(2).uppercased() : text
    }
}
