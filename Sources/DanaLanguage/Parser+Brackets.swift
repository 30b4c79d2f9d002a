// Brackets: how deep they may stand, and what is said when one is not closed.

extension Parser {
    /// A bracket that was opened, and what held outside it.
    struct Bracket {
        let range: SyntaxRange
        let allowedStageNames: Bool
        let outer: SyntaxRange?
    }

    /// Opens the bracket that stands here, a level deeper; nil when that is too deep.
    mutating func open() -> Bracket? {
        guard enter() else { return nil }
        let bracket = Bracket(range: token.range, allowedStageNames: allowsStageNames, outer: openBracket)
        openBracket = bracket.range
        advance()
        allowsStageNames = true
        return bracket
    }

    mutating func leave(_ bracket: Bracket) {
        leave()
        allowsStageNames = bracket.allowedStageNames
        openBracket = bracket.outer
    }

    /// Reads the bracket that closes one that was opened, or says what is wrong.
    mutating func close(_ wanted: TokenKind, _ bracket: Bracket) {
        if isRecovering || take(wanted) { return }
        complainOfUnclosed(bracket)
    }

    private mutating func complainOfUnclosed(_ bracket: Bracket) {
        let opener = bracket.range
        switch kind {
        case .newline, .endOfFile, .indent, .dedent,
            .name where nextKind == .assign && beginsLine():
            complainOfOpen(opener)
        case .rightParen, .rightBracket, .rightBrace:
            complain(
                "closing parenthesis '\(spelling(token.range))' does not match opening parenthesis '\(spelling(opener))'",
                at: token.range, notes: [Diagnostic.Note("opened here", at: opener)])
        case .assign:
            complainOfToken("invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
        case _ where kind.beginsExpression:
            complainOfMissingComma()
        default:
            complainOfOperator()
        }
    }

    /// Tells of a bracket that is open where its line ends.
    mutating func complainOfOpen(_ bracket: SyntaxRange) {
        guard !isRecovering else { return }
        isRecovering = true
        tellOfUnclosed(bracket, "the line ends here", at: token.range)
    }

    mutating func tellOfUnclosed(_ bracket: SyntaxRange, _ message: String, at place: SyntaxRange) {
        note(
            "'\(spelling(bracket))' was never closed", at: bracket, notes: [Diagnostic.Note(message, at: place)])
    }

    /// The bracket of an earlier line that is never closed and seems to hold a place.
    mutating func unclosedBracket(around place: SyntaxRange) -> SyntaxRange? {
        for bracket in unclosed where bracket.range.end < place.start && place.start <= bracket.end {
            if endsLine(between: bracket.range.end, and: place.start) { return bracket.range }
        }
        return nil
    }

    /// Whether the token here is the first on its line of the text.
    private mutating func beginsLine() -> Bool { endsLine(between: lastEnd, and: start) }

    private mutating func endsLine(between start: UInt32, and end: UInt32) -> Bool {
        start < end && text[Int(start)..<Int(end)].contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
    }

    func spelling(_ range: SyntaxRange) -> String {
        String(decoding: text[Int(range.start)..<Int(range.end)], as: UTF8.self)
    }
}
