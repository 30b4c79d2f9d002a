/// How escapes and sets of a regular expression are read.
extension RegexParser {
    mutating func readEscape(from start: Int) throws(RegexError) -> RegexTree.NodeID {
        guard let scalar = next else { throw RegexError("bad escape (end of pattern)", at: start) }
        let isASCII = flags.contains(.ascii)
        switch scalar {
        case "A": return assertion(.textStart)
        case "Z": return assertion(.textEnd)
        case "b": return assertion(isASCII ? .asciiWordBoundary : .wordBoundary)
        case "B": return assertion(isASCII ? .noASCIIWordBoundary : .noWordBoundary)
        case "1"..."9":
            if let octal = readOctal() { return literal(octal) }
            throw RegexError(
                "a backreference (\\\(scalar)) is not supported, because it cannot be matched in linear time;",
                at: start)
        default:
            if let (category, isNegated) = RegexParser.category(scalar) {
                position += 1
                var set = RegexSet(flags: flags)
                set.add(category, isNegated: isNegated)
                set.finish(isNegated: false)
                return tree.add(.set(set))
            }
            return literal(try readCharacterEscape(from: start))
        }
    }

    private mutating func assertion(_ assertion: RegexAssertion) -> RegexTree.NodeID {
        position += 1
        return tree.add(.assertion(assertion))
    }

    private static func category(_ letter: Unicode.Scalar) -> (RegexSet.Category, Bool)? {
        switch letter {
        case "d": (.digit, false)
        case "D": (.digit, true)
        case "w": (.word, false)
        case "W": (.word, true)
        case "s": (.space, false)
        case "S": (.space, true)
        default: nil
        }
    }

    /// Three octal digits, at most 0o377.
    private mutating func readOctal() -> Unicode.Scalar? {
        guard let first = next, let second = peek(1), let third = peek(2), first.value &- 48 < 4,
            second.value &- 48 < 8, third.value &- 48 < 8
        else { return nil }
        position += 3
        return Unicode.Scalar((first.value - 48) * 64 + (second.value - 48) * 8 + third.value - 48)
    }

    /// A scalar by its escape, the backslash read already.
    private mutating func readCharacterEscape(from start: Int) throws(RegexError) -> Unicode.Scalar {
        guard let scalar = next else { throw RegexError("bad escape (end of pattern)", at: start) }
        position += 1
        switch scalar {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "f": return "\u{C}"
        case "v": return "\u{B}"
        case "a": return "\u{7}"
        case "0":
            var value: UInt32 = 0
            for _ in 0..<2 {
                guard let digit = next, digit.value &- 48 < 8 else { break }
                value = value * 8 + digit.value - 48
                position += 1
            }
            return Unicode.Scalar(value) ?? "\0"
        case "x": return try readHexadecimal(2, from: start)
        case "u": return try readHexadecimal(4, from: start)
        case "U": return try readHexadecimal(8, from: start)
        case _ where scalar.value < 0x80 && (scalar.isLetter || scalar.isDecimal):
            throw RegexError("bad escape \\\(scalar)", at: start)
        default: return scalar
        }
    }

    private mutating func readHexadecimal(_ count: Int, from start: Int) throws(RegexError) -> Unicode.Scalar {
        var value: UInt32 = 0
        var digits = 0
        while digits < count, let digit = next, digit.value < 0x80, let number = Character(digit).hexDigitValue {
            value = value << 4 | UInt32(number)
            digits += 1
            position += 1
        }
        let text = String(String.UnicodeScalarView(scalars[start..<position]))
        guard digits == count else { throw RegexError("incomplete escape \(text)", at: start) }
        guard let scalar = Unicode.Scalar(value) else { throw RegexError("bad escape \(text)", at: start) }
        return scalar
    }

    private enum SetItem {
        case scalar(Unicode.Scalar)
        case category(RegexSet.Category, isNegated: Bool)
    }

    mutating func readSet(from start: Int) throws(RegexError) -> RegexSet {
        var set = RegexSet(flags: flags)
        let isNegated = take("^")
        var isFirst = true
        while isFirst || next != "]" {
            isFirst = false
            let place = position
            let low = try readSetItem(from: start)
            guard next == "-", peek(1) != "]" else {
                switch low {
                case .scalar(let scalar): set.add(scalar.value...scalar.value)
                case .category(let category, let isNegated): set.add(category, isNegated: isNegated)
                }
                continue
            }
            position += 1
            let high = try readSetItem(from: start)
            guard case .scalar(let first) = low, case .scalar(let last) = high, first <= last else {
                let text = String(String.UnicodeScalarView(scalars[place..<position]))
                throw RegexError("bad character range \(text)", at: place)
            }
            set.add(first.value...last.value)
        }
        position += 1
        set.finish(isNegated: isNegated)
        return set
    }

    private mutating func readSetItem(from start: Int) throws(RegexError) -> SetItem {
        guard let scalar = next else { throw RegexError("unterminated character set", at: start) }
        let place = position
        position += 1
        guard scalar == "\\" else { return .scalar(scalar) }
        if next == "b" {
            position += 1
            return .scalar("\u{8}")
        }
        if let letter = next, let (category, isNegated) = RegexParser.category(letter) {
            position += 1
            return .category(category, isNegated: isNegated)
        }
        if let octal = readOctal() { return .scalar(octal) }
        return .scalar(try readCharacterEscape(from: place))
    }
}
