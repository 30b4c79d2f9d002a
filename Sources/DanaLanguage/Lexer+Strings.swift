// Strings, and the text and fields of formatted strings.

extension Lexer {
    /// Reads a string whose prefix begins at an offset, if what stands there is a prefix.
    mutating func readPrefixedString(from start: Int) -> Bool {
        var detail: UInt8 = 0
        var isFormatted = false
        var isUnicode = false
        for offset in start..<index {
            switch text[offset] | 0x20 {
            case UInt8(ascii: "r") where detail & Token.rawString == 0: detail |= Token.rawString
            case UInt8(ascii: "b") where detail & Token.bytesString == 0: detail |= Token.bytesString
            case UInt8(ascii: "f") where !isFormatted: isFormatted = true
            case UInt8(ascii: "u") where index == start + 1: isUnicode = true
            default: return false
            }
        }
        if isFormatted, detail & Token.bytesString != 0 || isUnicode { return false }
        readString(from: start, prefix: detail, isFormatted: isFormatted)
        return true
    }

    /// Reads a string at whose opening quote the lexer stands.
    mutating func readString(from start: Int, prefix: UInt8, isFormatted: Bool) {
        let quote = text[index]
        var detail = prefix
        index += 1
        if text[index] == quote, text[index + 1] == quote {
            index += 2
            detail |= Token.tripleQuoted
        }
        let isTriple = detail & Token.tripleQuoted != 0
        if isFormatted {
            emit(.formattedStart, from: start, detail: detail)
            modes.append(
                FormatMode(
                    part: .text, quote: quote, isTriple: isTriple, isRaw: detail & Token.rawString != 0, start: start,
                    depth: brackets.count))
            return
        }
        while true {
            let byte = text[index]
            if byte == quote {
                if !isTriple {
                    index += 1
                    break
                }
                if text[index + 1] == quote, text[index + 2] == quote {
                    index += 3
                    break
                }
            } else if byte == UInt8(ascii: "\\") {
                detail |= Token.needsDecoding
                index += 1
                if text[index] == UInt8(ascii: "\r"), text[index + 1] == UInt8(ascii: "\n") { index += 1 }
                if index >= count { continue }
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                if !isTriple {
                    // In a formatted string that ends with the line too, its own complaint says enough.
                    if modes.last?.isTriple ?? true { complainOfUnterminated("string literal", from: start) }
                    detail |= Token.unterminated
                    break
                }
                if byte == UInt8(ascii: "\r") { detail |= Token.needsDecoding }
            } else if byte == 0, index >= count {
                if isTriple || modes.last?.isTriple ?? true {
                    complainOfUnterminated(isTriple ? "triple-quoted string literal" : "string literal", from: start)
                }
                detail |= Token.unterminated
                break
            }
            index += 1
        }
        emit(.string, from: start, detail: detail)
    }

    private mutating func complainOfUnterminated(_ what: String, from start: Int) {
        guard diagnostics.count < limits.diagnostics else { return }
        let line = text[..<min(index, count)].count { $0 == UInt8(ascii: "\n") } + 1
        complain("unterminated \(what) (detected at line \(line))", from: start, to: min(index, count))
    }

    // MARK: Formatted strings

    /// Reads text of a formatted string, or of a format specification, up to what ends it.
    mutating func readFormatText(_ mode: FormatMode) {
        let start = index
        var detail: UInt8 = mode.isRaw ? Token.rawString : 0
        while true {
            let byte = text[index]
            if byte == mode.quote, !mode.isTriple || (text[index + 1] == byte && text[index + 2] == byte) {
                emitText(from: start, detail)
                return endFormattedString(mode)
            }
            switch byte {
            case UInt8(ascii: "{"):
                if mode.part == .text, text[index + 1] == byte {
                    detail |= Token.formattedBraces
                    index += 2
                    continue
                }
                emitText(from: start, detail)
                return openField(mode)
            case UInt8(ascii: "}"):
                if mode.part == .specification {
                    emitText(from: start, detail)
                    modes.removeLast()
                    return
                }
                if text[index + 1] == byte {
                    index += 1
                } else {
                    complain(
                        "f-string: single '}' is not allowed", from: index, to: index + 1, hint: "write }} for one }")
                }
                detail |= Token.formattedBraces
            case UInt8(ascii: "\\") where !mode.isRaw:
                detail |= Token.needsDecoding
                if text[index + 1] != UInt8(ascii: "{"), text[index + 1] != UInt8(ascii: "}") { index += 1 }
                if index >= count { continue }
            case UInt8(ascii: "\\"):
                if text[index + 1] == mode.quote { index += 1 }
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if !mode.isTriple {
                    emitText(from: start, detail)
                    return abandonFormattedString(at: index)
                }
                if byte == UInt8(ascii: "\r") { detail |= Token.needsDecoding }
            case 0 where index >= count:
                emitText(from: start, detail)
                return abandonFormattedString(at: index)
            default:
                break
            }
            index += 1
        }
    }

    private mutating func emitText(from start: Int, _ detail: UInt8) {
        if index > start { emit(.formattedText, from: start, detail: detail) }
    }

    private mutating func openField(_ mode: FormatMode) {
        index += 1
        open(UInt8(ascii: "{"), .leftBrace)
        modes.append(
            FormatMode(
                part: .field, quote: mode.quote, isTriple: mode.isTriple, isRaw: mode.isRaw, start: mode.start,
                depth: brackets.count))
    }

    private mutating func endFormattedString(_ mode: FormatMode) {
        if mode.part == .specification {
            abandonFormattedString(at: index)
            return
        }
        let start = index
        index += mode.isTriple ? 3 : 1
        emit(.formattedEnd, from: start)
        modes.removeLast()
    }

    /// Gives up the innermost formatted string, which does not end where it should.
    mutating func abandonFormattedString(at end: Int) {
        guard let mode = modes.last else { return }
        if mode.part == .text {
            complainOfUnterminated("\(mode.isTriple ? "triple-quoted " : "")f-string literal", from: mode.start)
        } else {
            complain("f-string: expecting '}'", from: mode.start, to: end)
        }
        while let last = modes.last, last.start == mode.start {
            if last.part == .field { brackets.removeSubrange((last.depth - 1)...) }
            modes.removeLast()
        }
        emit(.invalid, from: end)
    }
}
