/// Cuts a program's text into tokens. It never stops at an error: it says what is wrong and goes on,
/// so that the parser can read the rest.
struct Lexer {
    private(set) var tokens: [Token] = []
    var symbols = SymbolTable.ofWords
    var diagnostics: [Diagnostic] = []
    /// Where the comments are, when they are kept.
    var comments: [SyntaxRange] = []

    /// The text with zeros after it, so that looking a few bytes ahead needs no check.
    let text: [UInt8]
    let count: Int
    let limits: ParserLimits
    let keepsComments: Bool

    var index = 0
    /// The open brackets, and the braces of interpolations.
    var brackets: [OpenBracket] = []
    /// The formatted strings around the place, with what is read of them there.
    var modes: [FormatMode] = []

    var indents = [Indent(column: 0, tabsAsOne: 0)]
    var lineStart = 0
    /// Where the line's comment begins, once it was read; the line's last token does too.
    var commentStart: Int?
    var isAtLineStart = true
    var isFirstInLine = true
    var complainedOfTabs = false

    /// Of the brackets that are never closed, the innermost ones.
    private(set) var unclosed: [UnclosedBracket] = []

    struct OpenBracket {
        let byte: UInt8
        let start: Int
    }

    /// A bracket that is never closed, and where what stands in it ends.
    struct UnclosedBracket {
        let range: SyntaxRange
        let end: UInt32
    }

    /// What is being read of a formatted string.
    struct FormatMode {
        enum Part { case text, field, specification }
        let part: Part
        let quote: UInt8
        let isTriple: Bool
        let isRaw: Bool
        let start: Int
        /// How many brackets are open inside the field, the field's own brace counted.
        let depth: Int
    }

    /// A width of indentation, measured twice: with tabs to the next eighth column and with tabs as one.
    /// Two lines whose order differs between the measures mix tabs and spaces.
    struct Indent {
        var column: Int
        var tabsAsOne: Int
    }

    init(_ source: SourceText, limits: ParserLimits, keepsComments: Bool = false) {
        count = source.bytes.count
        text = source.bytes + [0, 0, 0, 0]
        self.limits = limits
        self.keepsComments = keepsComments
    }

    /// Cuts the whole text. The last token is `endOfFile`, after as many dedents as there were indents.
    mutating func run() {
        guard isReadable() else {
            emit(.endOfFile, from: 0)
            return
        }
        tokens.reserveCapacity(count / 3 + 16)
        if text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF { index = 3 }
        lineStart = index
        while true {
            if let mode = modes.last, mode.part != .field {
                readFormatText(mode)
                continue
            }
            if isAtLineStart, brackets.isEmpty { readIndentation() }
            isAtLineStart = false
            let byte = text[index]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), 0x0C:
                index += 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                readWord()
                isFirstInLine = false
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                readNewline()
            case UInt8(ascii: "#"):
                readComment()
            case UInt8(ascii: "\\"):
                readContinuation()
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                readString(from: index, prefix: 0, isFormatted: false)
                isFirstInLine = false
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                readNumber()
                isFirstInLine = false
            case 0 where index >= count:
                finish()
                return
            case 0x80...:
                readNonASCII()
                isFirstInLine = false
            default:
                if byte == UInt8(ascii: "."), Lexer.isDigit(text[index + 1]) {
                    readNumber()
                } else {
                    readOperator(byte)
                }
                isFirstInLine = false
            }
        }
    }

    // MARK: Tokens and errors

    @inline(__always)
    mutating func emit(_ kind: TokenKind, from start: Int, detail: UInt8 = 0, symbol: Symbol = .none) {
        tokens.append(
            Token(
                kind: kind, detail: detail, start: UInt32(truncatingIfNeeded: start),
                end: UInt32(truncatingIfNeeded: index), symbol: symbol))
    }

    /// Gives up all brackets that are open at a place.
    mutating func abandonBrackets(at end: Int) {
        if let last = brackets.last {
            let start = UInt32(truncatingIfNeeded: last.start)
            unclosed.append(
                UnclosedBracket(
                    range: SyntaxRange(start: start, end: start + 1), end: UInt32(truncatingIfNeeded: end)))
        }
        brackets.removeAll()
    }

    mutating func complain(
        _ message: String, from start: Int, to end: Int, hint: String? = nil, severity: Diagnostic.Severity = .error
    ) {
        guard diagnostics.count < limits.diagnostics else { return }
        let range = SyntaxRange(start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end))
        diagnostics.append(Diagnostic(severity, code: "syntax", message, at: range, hint: hint))
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    @inline(__always)
    static func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "_") || byte >= 0x80
    }
}
