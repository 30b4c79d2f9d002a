// Integers and floats.

extension Lexer {
    /// Reads an integer or a float.
    mutating func readNumber() {
        let start = index
        if text[index] == UInt8(ascii: "0") {
            switch text[index + 1] | 0x20 {
            case UInt8(ascii: "x"): return readDigits(from: start, radix: 16, "hexadecimal")
            case UInt8(ascii: "o"): return readDigits(from: start, radix: 8, "octal")
            case UInt8(ascii: "b"): return readDigits(from: start, radix: 2, "binary")
            default: break
            }
        }
        var kind = TokenKind.integer
        var isWellFormed = skipDigits()
        let wholeEnd = index
        if text[index] == UInt8(ascii: ".") {
            kind = .float
            index += 1
            if Lexer.isDigit(text[index]) { isWellFormed = skipDigits() && isWellFormed }
        }
        if text[index] | 0x20 == UInt8(ascii: "e") {
            let sign = text[index + 1] == UInt8(ascii: "+") || text[index + 1] == UInt8(ascii: "-") ? 1 : 0
            if Lexer.isDigit(text[index + 1 + sign]) {
                kind = .float
                index += 1 + sign
                isWellFormed = skipDigits() && isWellFormed
            }
        }
        if kind == .integer, text[start] == UInt8(ascii: "0"), text[start..<wholeEnd].contains(where: Lexer.isNonzero) {
            complain(
                "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers",
                from: start, to: index)
        }
        endNumber(from: start, kind, isWellFormed, "decimal")
    }

    private static func isNonzero(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "1") && byte <= UInt8(ascii: "9") }

    /// Skips digits with single underscores between them; false when an underscore stands elsewhere.
    private mutating func skipDigits() -> Bool {
        while true {
            while Lexer.isDigit(text[index]) { index += 1 }
            guard text[index] == UInt8(ascii: "_") else { return true }
            guard Lexer.isDigit(text[index + 1]) else { return false }
            index += 1
        }
    }

    private mutating func readDigits(from start: Int, radix: UInt8, _ name: String) {
        index += 2
        var digits = 0
        var isWellFormed = true
        while true {
            let byte = text[index]
            if byte == UInt8(ascii: "_") {
                isWellFormed = isWellFormed && text[index + 1] != byte
                index += 1
                continue
            }
            guard let digit = Lexer.digitValue(byte), digit < radix else { break }
            digits += 1
            index += 1
        }
        if Lexer.isDigit(text[index]) {
            let digit = String(UnicodeScalar(text[index]))
            while Lexer.isNameByte(text[index]) { index += 1 }
            complain("invalid digit '\(digit)' in \(name) literal", from: start, to: index)
            return emit(.integer, from: start)
        }
        isWellFormed = isWellFormed && digits > 0 && text[index - 1] != UInt8(ascii: "_")
        endNumber(from: start, .integer, isWellFormed, name)
    }

    /// The value of a digit or a letter as a digit.
    static func digitValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 55
        default: nil
        }
    }

    private mutating func endNumber(from start: Int, _ kind: TokenKind, _ isWellFormed: Bool, _ name: String) {
        let end = index
        if Lexer.isNameByte(text[index]), !isFollowedByOperatorWord() {
            while Lexer.isNameByte(text[index]) { index += 1 }
            if index == end + 1, text[end] | 0x20 == UInt8(ascii: "j"), name == "decimal" {
                complain(
                    "complex numbers are not part of Dana", from: start, to: index,
                    hint: "keep the real and the imaginary part in a tuple or a struct")
            } else {
                complain("invalid \(name) literal", from: start, to: index)
            }
        } else if !isWellFormed {
            complain("invalid \(name) literal", from: start, to: index)
        }
        emit(kind, from: start)
    }

    /// Whether a word such as `if` stands right after a number, as in `1if x else 2`.
    private func isFollowedByOperatorWord() -> Bool {
        var end = index
        while Lexer.isNameByte(text[end]), end < index + 5 { end += 1 }
        let word = text[index..<end]
        return ["and", "else", "for", "if", "in", "is", "or", "not"].contains { word.elementsEqual($0.utf8) }
    }
}
