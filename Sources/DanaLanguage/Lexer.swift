/// Cuts a program's text into tokens. It never stops at an error: it says what is wrong and goes on,
/// so that the parser can read the rest.
struct Lexer {
    private(set) var tokens: [Token] = []
    var symbols = SymbolTable.ofWords
    var diagnostics: [Diagnostic] = []
    /// Where the comments are, when they are kept.
    private(set) var comments: [SyntaxRange] = []

    /// The text with zeros after it, so that looking a few bytes ahead needs no check.
    let text: [UInt8]
    let count: Int
    let limits: ParserLimits
    private let keepsComments: Bool

    var index = 0
    /// The open brackets, and the braces of interpolations.
    var brackets: [OpenBracket] = []
    /// The formatted strings around the place, with what is read of them there.
    var modes: [FormatMode] = []

    private var indents = [Indent(column: 0, tabsAsOne: 0)]
    private var lineStart = 0
    private var isAtLineStart = true
    private var isFirstInLine = true
    private var complainedOfTabs = false

    struct OpenBracket {
        let byte: UInt8
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
    private struct Indent {
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

    // MARK: Lines

    private mutating func readNewline() {
        let start = index
        index += text[index] == UInt8(ascii: "\r") && text[index + 1] == UInt8(ascii: "\n") ? 2 : 1
        if let mode = modes.last, !mode.isTriple {
            abandonFormattedString(at: start)
        }
        if brackets.isEmpty {
            // A line that held nothing ends nothing.
            if let last = tokens.last, last.kind != .newline, last.kind != .indent, last.kind != .dedent {
                emit(.newline, from: start)
            }
            isAtLineStart = true
        }
        lineStart = index
        isFirstInLine = true
    }

    private mutating func readComment() {
        let start = index
        while index < count, text[index] != UInt8(ascii: "\n"), text[index] != UInt8(ascii: "\r") { index += 1 }
        if keepsComments {
            comments.append(
                SyntaxRange(start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: index)))
        }
    }

    private mutating func readContinuation() {
        let start = index
        index += 1
        if text[index] == UInt8(ascii: "\r") { index += 1 }
        if text[index] == UInt8(ascii: "\n") { index += 1 }
        if index == start + 1 {
            if index >= count {
                complain("unexpected EOF after line continuation character", from: start, to: index)
            } else {
                complain(
                    "unexpected character after line continuation character", from: start, to: start + 1,
                    hint: "a backslash joins two lines only as the last character of the first")
            }
        }
    }

    /// Measures a line's indentation and says with tokens what it opens or closes; nothing for lines
    /// without a token.
    private mutating func readIndentation() {
        var indent = Indent(column: 0, tabsAsOne: 0)
        while true {
            switch text[index] {
            case UInt8(ascii: " "):
                indent.column += 1
                indent.tabsAsOne += 1
            case UInt8(ascii: "\t"):
                indent.column = (indent.column / 8 + 1) * 8
                indent.tabsAsOne += 1
            case 0x0C:
                indent = Indent(column: 0, tabsAsOne: 0)
            case UInt8(ascii: "#"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                return
            case 0 where index >= count:
                return
            default:
                apply(indent)
                return
            }
            index += 1
        }
    }

    private mutating func apply(_ indent: Indent) {
        guard var top = indents.last else { return }
        if indent.column == top.column, indent.tabsAsOne == top.tabsAsOne { return }
        if indent.column > top.column {
            if indent.tabsAsOne <= top.tabsAsOne { complainOfTabs() }
            indents.append(indent)
            emit(.indent, from: index)
            return
        }
        while indent.column < top.column, indents.count > 1 {
            indents.removeLast()
            emit(.dedent, from: index)
            top = indents[indents.count - 1]
        }
        if indent.column != top.column {
            complain(
                "unindent does not match any outer indentation level", from: lineStart, to: index,
                hint: "this line must begin at the same column as a line of the block it belongs to")
        } else if indent.tabsAsOne != top.tabsAsOne {
            complainOfTabs()
        }
    }

    private mutating func complainOfTabs() {
        guard !complainedOfTabs else { return }
        complainedOfTabs = true
        complain(
            "inconsistent use of tabs and spaces in indentation", from: lineStart, to: index,
            hint: "indent with four spaces everywhere")
    }

    private mutating func finish() {
        while !modes.isEmpty { abandonFormattedString(at: index) }
        brackets.removeAll()
        if let last = tokens.last, last.kind != .newline, last.kind != .dedent { emit(.newline, from: index) }
        while indents.count > 1 {
            indents.removeLast()
            emit(.dedent, from: index)
        }
        emit(.endOfFile, from: index)
    }

    // MARK: Words

    private mutating func readWord() {
        let start = index
        var hasher = NameHasher()
        var byte = text[index]
        repeat {
            hasher.combine(byte)
            index += 1
            byte = text[index]
        } while (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "_")
        if byte >= 0x80 {
            index = start
            return readNonASCII()
        }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), index - start <= 2,
            readPrefixedString(from: start)
        {
            return
        }
        emitWord(symbols.intern(text, start, index, hasher.value), from: start)
    }

    mutating func emitWord(_ symbol: Symbol, from start: Int) {
        if let kind = LanguageWord.tokenKind(symbol) {
            if isFirstInLine, !brackets.isEmpty, kind.beginsStatement { leaveBrackets(before: start) }
            emit(kind, from: start)
        } else if let scope = LanguageWord.scope(symbol), text[index] == UInt8(ascii: ":"),
            text[index + 1] != UInt8(ascii: ":"), Lexer.isNameByte(text[index + 1]), !Lexer.isDigit(text[index + 1])
        {
            readScopedName(scope, from: start)
        } else {
            if isFirstInLine, !brackets.isEmpty, symbol == .function, isFollowedByName() {
                leaveBrackets(before: start)
            }
            emit(.name, from: start, symbol: symbol)
        }
    }

    /// Reads the name after `private:` and makes one token of both.
    private mutating func readScopedName(_ scope: VariableScope, from start: Int) {
        index += 1
        let nameStart = index
        while Lexer.isNameByte(text[index]) { index += 1 }
        let symbol = internName(from: nameStart, to: index)
        if LanguageWord.tokenKind(symbol) != nil {
            complain("'\(symbols.text(symbol))' is a word of the language, not a name", from: nameStart, to: index)
        }
        emit(.scopedName, from: start, detail: scope.rawValue, symbol: symbol)
    }

    private func isFollowedByName() -> Bool {
        var ahead = index
        while text[ahead] == UInt8(ascii: " ") { ahead += 1 }
        return ahead > index && Lexer.isNameByte(text[ahead])
    }

    /// A statement begins in the middle of a bracket: the bracket was forgotten, and the line stands
    /// for itself.
    private mutating func leaveBrackets(before start: Int) {
        guard modes.isEmpty else { return }
        brackets.removeAll()
        let resume = index
        index = lineStart
        emit(.newline, from: lineStart)
        readIndentation()
        index = max(resume, start)
    }
}

extension TokenKind {
    /// Whether the word stands at the beginning of a statement and nowhere in an expression.
    fileprivate var beginsStatement: Bool {
        switch self {
        case .assert, .break, .continue, .def, .del, .elif, .except, .finally, .global, .import, .nonlocal, .pass,
            .raise, .return, .try, .while, .with, .class:
            true
        default:
            false
        }
    }
}
