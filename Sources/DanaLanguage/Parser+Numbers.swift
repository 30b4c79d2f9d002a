import DanaData

// Integers and floats.

extension Parser {
    mutating func integer() -> NodeID {
        let range = token.range
        let from = Int(range.start)
        let to = Int(range.end)
        advance()
        if to - from <= 18 {
            var value: Int64 = 0
            var isPlain = true
            for byte in text[from..<to] {
                guard byte &- 48 < 10 else {
                    isPlain = false
                    break
                }
                value = value &* 10 &+ Int64(byte &- 48)
            }
            if isPlain { return integer(value, range) }
        }
        return longInteger(range)
    }

    private mutating func integer(_ value: Int64, _ range: SyntaxRange) -> NodeID {
        tree.addLeaf(
            .integer, range, first: Int32(truncatingIfNeeded: value), second: Int32(truncatingIfNeeded: value >> 32))
    }

    /// The most digits that a decimal integer may have: converting more takes too long.
    private static let longestDecimal = 4300

    private mutating func longInteger(_ range: SyntaxRange) -> NodeID {
        var digits = text[Int(range.start)..<Int(range.end)].filter { $0 != UInt8(ascii: "_") }
        var bitsPerDigit = 0
        if digits.count > 2, digits[0] == UInt8(ascii: "0") {
            switch digits[1] | 0x20 {
            case UInt8(ascii: "x"): bitsPerDigit = 4
            case UInt8(ascii: "o"): bitsPerDigit = 3
            case UInt8(ascii: "b"): bitsPerDigit = 1
            default: break
            }
        }
        let value: BigInteger
        if bitsPerDigit > 0 {
            digits.removeFirst(2)
            value = Parser.integer(digits, bitsPerDigit: bitsPerDigit)
        } else if digits.count > Parser.longestDecimal {
            note(
                "the integer has \(digits.count) digits; at most \(Parser.longestDecimal) are allowed", at: range,
                hint: "write huge integers in hexadecimal")
            value = BigInteger(0)
        } else {
            value = BigInteger(String(decoding: digits, as: UTF8.self)) ?? BigInteger(0)
        }
        if value.magnitude.isEmpty { return integer(0, range) }
        if value.magnitude.count == 1, let small = Int64(exactly: value.magnitude[0]) { return integer(small, range) }
        let place = Int32(truncatingIfNeeded: tree.bigIntegers.count)
        tree.bigIntegers.append(value)
        return tree.addLeaf(.integer, range, detail: 1, first: place)
    }

    private static func integer(_ digits: [UInt8], bitsPerDigit: Int) -> BigInteger {
        var words: [UInt64] = []
        var word: UInt64 = 0
        var filled = 0
        for byte in digits.reversed() {
            let digit = UInt64(Lexer.digitValue(byte) ?? 0)
            word |= digit << UInt64(filled)
            filled += bitsPerDigit
            if filled >= 64 {
                words.append(word)
                filled -= 64
                word = filled == 0 ? 0 : digit >> UInt64(bitsPerDigit - filled)
            }
        }
        words.append(word)
        return BigInteger(isNegative: false, magnitude: words)
    }

    mutating func float() -> NodeID {
        let range = token.range
        let digits = text[Int(range.start)..<Int(range.end)].filter { $0 != UInt8(ascii: "_") }
        let bits = Int64(bitPattern: (Double(String(decoding: digits, as: UTF8.self)) ?? 0).bitPattern)
        advance()
        return tree.addLeaf(
            .float, range, first: Int32(truncatingIfNeeded: bits), second: Int32(truncatingIfNeeded: bits >> 32))
    }
}
