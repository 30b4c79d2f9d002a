/// One token of a program's text.
struct Token: Sendable {
    let kind: TokenKind
    /// What the lexer found out about a literal, a scoped name's scope or a conversion.
    let detail: UInt8
    let start: UInt32
    let end: UInt32
    /// The symbol of a name.
    let symbol: Symbol

    var range: SyntaxRange { SyntaxRange(start: start, end: end) }

    // MARK: Details of strings

    static let rawString: UInt8 = 1
    static let bytesString: UInt8 = 2
    static let tripleQuoted: UInt8 = 4
    /// The text holds a backslash or a carriage return, so that it is not simply itself.
    static let needsDecoding: UInt8 = 8
    /// The string does not end; the lexer has said so.
    static let unterminated: UInt8 = 16
    /// Doubled braces stand for single ones.
    static let formattedBraces: UInt8 = 32
}
