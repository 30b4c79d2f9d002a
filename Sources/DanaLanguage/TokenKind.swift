/// What a token is.
enum TokenKind: UInt8, Sendable {
    case endOfFile, newline, indent, dedent
    case name, scopedName, integer, float, string
    /// The beginning of a formatted string, with its quotes.
    case formattedStart
    /// Text in a formatted string or a format specification.
    case formattedText
    /// The quotes that end a formatted string.
    case formattedEnd
    /// `!r` and the like in a formatted string.
    case conversion
    /// `$$`
    case placeholder

    case leftParen, rightParen, leftBracket, rightBracket, leftBrace, rightBrace
    case comma, colon, semicolon, dot, ellipsis, arrow, assign, walrus
    case plus, minus, star, doubleStar, slash, doubleSlash, percent, at
    case leftShift, rightShift, ampersand, bar, caret, tilde
    case equal, notEqual, less, lessEqual, greater, greaterEqual
    case plusAssign, minusAssign, starAssign, doubleStarAssign, slashAssign, doubleSlashAssign, percentAssign
    case atAssign, leftShiftAssign, rightShiftAssign, ampersandAssign, barAssign, caretAssign
    /// A character that no token begins with; the lexer has said so.
    case invalid

    // The words that are no names, in the order of `LanguageWord`.
    case `and`, `as`, `assert`, `break`, `continue`, `def`, del, elif, `else`, except, `finally`, `for`, from, global
    case `if`, `import`, `in`, `is`, lambda, nonlocal, not, or, pass, raise, `return`, `try`, `while`, with, yield
    case trueWord, falseWord, nullWord
    case `class`, async, await
}
