// Strings, adjacent strings, and formatted strings with what they hold.

extension Parser {
    /// A string, or adjacent strings that are one.
    mutating func strings() -> NodeID {
        if kind == .string, nextKind != .string, nextKind != .formattedStart { return plainString() }
        return adjacentStrings()
    }

    private mutating func plainString() -> NodeID {
        let from = start
        let kind: SyntaxKind = token.detail & Token.bytesString != 0 ? .bytes : .string
        let place = tree.literalBytes.count
        readString()
        return literal(kind, range(from: from), bytesFrom: place)
    }

    /// Whether a bytes literal stands here.
    private var isAtBytes: Bool { kind == .string && token.detail & Token.bytesString != 0 }

    private mutating func adjacentStrings() -> NodeID {
        let from = start
        let mark = scratch.count
        var place = tree.literalBytes.count
        var textStart = from
        var isFormatted = false
        let isBytes = isAtBytes
        while kind == .string || kind == .formattedStart, !isRecovering {
            if isBytes != isAtBytes {
                complainOfToken("cannot mix bytes and nonbytes literals")
            } else if kind == .string {
                readString()
            } else {
                isFormatted = true
                readFormattedString(&place, &textStart)
            }
        }
        if !isFormatted { return literal(isBytes ? .bytes : .string, range(from: from), bytesFrom: place) }
        addPart(&place, &textStart)
        return make(.formattedString, from: from, waitingFrom: mark)
    }

    private mutating func readFormattedString(_ place: inout Int, _ textStart: inout UInt32) {
        guard enter(levels: Parser.levelsOfFormattedString) else { return }
        advance()
        readParts(untilEndOf: .formattedString, &place, &textStart)
        if !take(.formattedEnd) { complainOfToken("f-string: expecting '}'") }
        leave(levels: Parser.levelsOfFormattedString)
    }

    private mutating func literal(_ kind: SyntaxKind, _ range: SyntaxRange, bytesFrom place: Int) -> NodeID {
        tree.addLeaf(
            kind, range, first: Int32(truncatingIfNeeded: place),
            second: Int32(truncatingIfNeeded: tree.literalBytes.count - place))
    }

    /// Makes a string of the text that was read since the last part, if there is any.
    private mutating func addPart(_ place: inout Int, _ textStart: inout UInt32) {
        if tree.literalBytes.count > place {
            scratch.append(literal(.string, range(from: textStart), bytesFrom: place))
        }
        place = tree.literalBytes.count
        textStart = start
    }

    /// Reads the text and the interpolations of a formatted string or of a format specification.
    private mutating func readParts(untilEndOf whole: SyntaxKind, _ place: inout Int, _ textStart: inout UInt32) {
        while !isRecovering {
            if kind == .formattedText {
                readFormattedText(doublesBraces: whole == .formattedString)
            } else if kind == .leftBrace {
                readDebugText()
                addPart(&place, &textStart)
                scratch.append(interpolation())
                place = tree.literalBytes.count
                textStart = start
            } else {
                return
            }
        }
    }

    private mutating func readFormattedText(doublesBraces: Bool) {
        let token = token
        advance()
        decode(from: Int(token.start), to: Int(token.end), detail: token.detail, doublesBraces: doublesBraces)
    }

    private mutating func readDebugText() {
        guard let shown = debugText() else { return }
        tree.literalBytes.append(contentsOf: text[shown])
    }

    /// The text of `{x = }` that is shown before the value, when the field that begins here ends so. It
    /// is found by looking ahead, since it stands before the interpolation in the tree.
    private func debugText() -> Range<Int>? {
        var ahead = index + 1
        var open = 0
        while ahead < tokens.count {
            switch tokens[ahead].kind {
            case .leftParen, .leftBracket, .leftBrace, .formattedStart: open += 1
            case .rightParen, .rightBracket, .formattedEnd: open -= 1
            case .rightBrace:
                if open == 0 { return nil }
                open -= 1
            case .newline, .endOfFile, .conversion, .colon:
                if open == 0 || tokens[ahead].kind == .endOfFile { return nil }
            case .assign where open == 0:
                guard ahead > index + 1, ahead + 1 < tokens.count else { return nil }
                switch tokens[ahead + 1].kind {
                case .rightBrace, .conversion, .colon:
                    return Int(token.end)..<Int(tokens[ahead + 1].start)
                default:
                    return nil
                }
            default:
                break
            }
            ahead += 1
        }
        return nil
    }

    private mutating func interpolation() -> NodeID {
        let from = start
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        if kind == .rightBrace || kind == .colon || kind == .conversion { complainOfEmptyField(bracket) }
        let value = isRecovering ? errorNode() : yieldOrExpressionList()
        let isDebug = take(.assign)
        var conversion = readConversion()
        let specification = take(.colon) ? formatSpecification() : .none
        if isDebug, conversion == 0, specification.isNone { conversion = FormatConversion.representation.rawValue }
        if !isRecovering, !take(.rightBrace) { complainOfToken("f-string: expecting '}'") }
        return make(.interpolation, from: from, value, specification, detail: conversion)
    }

    private mutating func readConversion() -> UInt8 {
        guard kind == .conversion else { return 0 }
        let conversion = token.detail
        advance()
        return conversion
    }

    private mutating func complainOfEmptyField(_ bracket: Bracket) {
        complain(
            "f-string: empty expression not allowed", at: SyntaxRange(start: bracket.range.start, end: token.end),
            hint: "write {{ and }} for the braces themselves")
    }

    private mutating func formatSpecification() -> NodeID {
        let from = start
        let mark = scratch.count
        var place = tree.literalBytes.count
        var textStart = from
        readParts(untilEndOf: .formatSpecification, &place, &textStart)
        addPart(&place, &textStart)
        return make(.formatSpecification, from: from, waitingFrom: mark)
    }

    // MARK: Escapes

    /// Appends what the string token here stands for to the tree's literals.
    private mutating func readString() {
        let token = token
        if token.detail & Token.unterminated != 0 { isRecovering = true }
        advance()
        var from = Int(token.start)
        while text[from] != UInt8(ascii: "\""), text[from] != UInt8(ascii: "'") { from += 1 }
        let quotes = token.detail & Token.tripleQuoted != 0 ? 3 : 1
        let to = Int(token.end) - (token.detail & Token.unterminated != 0 ? 0 : quotes)
        decode(from: from + quotes, to: max(to, from + quotes), detail: token.detail, doublesBraces: false)
    }

    private mutating func decode(from: Int, to: Int, detail: UInt8, doublesBraces: Bool) {
        let isBytes = detail & Token.bytesString != 0
        if isBytes, let place = text[from..<to].firstIndex(where: { $0 >= 0x80 }) {
            let place = UInt32(truncatingIfNeeded: place)
            note(
                "bytes can only contain ASCII literal characters", at: SyntaxRange(start: place, end: place + 1),
                hint: "write other bytes as \\x and two digits")
        }
        guard detail & (Token.needsDecoding | Token.formattedBraces) != 0 else {
            tree.literalBytes.append(contentsOf: text[from..<to])
            return
        }
        var decoder = EscapeDecoder(
            text: text, from: from, to: to, isRaw: detail & Token.rawString != 0, isBytes: isBytes,
            joinsBraces: doublesBraces && detail & Token.formattedBraces != 0)
        decoder.run(into: &tree.literalBytes)
        for finding in decoder.findings {
            tell(finding)
        }
    }
}
