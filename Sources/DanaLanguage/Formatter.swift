/// Writes a program in the one style: four spaces a level, one statement a line, even spacing and blank
/// lines, double quotes where they need no escape. Comments and the breaks inside brackets stay.
/// Formatting what is formatted changes nothing.
public struct Formatter {
    private let text: [UInt8]
    private let tokens: [Token]
    private let comments: [SyntaxRange]
    /// Where statements begin whose words are contextual, so that their first word is no name.
    private let statementStarts: Set<UInt32>

    private var lines: [Line] = []
    private var line = Line()
    private var spacing = TokenSpacing()
    private var nextComment = 0
    /// Where the last thing that was written ended in the text.
    private var lastEnd = 0
    private var level = 0
    /// The original column of each level's lines, for comments that stand between levels.
    private var columns = [0]

    /// What is written on one logical line, or one comment.
    struct Line {
        enum Kind { case code, comment, definition, decorator }
        var kind = Kind.code
        var level = 0
        var text = ""
        var blankLinesBefore = 0
    }

    /// The formatted text; nil when the program has errors.
    public static func format(_ source: SourceText, limits: ParserLimits = ParserLimits()) -> String? {
        let program = Parser.parse(source, limits: limits)
        guard !program.hasErrors else { return nil }
        var lexer = Lexer(source, limits: limits, keepsComments: true)
        lexer.run()
        var formatter = Formatter(lexer, program.tree)
        formatter.run()
        return BlankLines.joined(formatter.lines)
    }

    private init(_ lexer: Lexer, _ tree: SyntaxTree) {
        text = lexer.text
        tokens = lexer.tokens
        comments = lexer.comments
        var starts: Set<UInt32> = []
        for node in tree.nodes {
            switch node.kind {
            case .matchStatement, .matchCase, .functionDefinition, .structDefinition, .enumDefinition,
                .interfaceDefinition:
                starts.insert(node.range.start)
            default: continue
            }
        }
        statementStarts = starts
    }

    private mutating func run() {
        var index = 0
        var isOneLineBlock = false
        while index < tokens.count {
            let token = tokens[index]
            writeComments(before: token, at: index)
            index += 1
            switch token.kind {
            case .endOfFile:
                endLine()
            case .newline:
                endLine()
                if isOneLineBlock { level -= 1 }
                isOneLineBlock = false
            case .semicolon where spacing.isOutsideBrackets:
                endLine()
                lastEnd = Int(token.end)
            case .indent:
                level += 1
                columns.append(column(of: tokens[index].start))
            case .dedent:
                level -= 1
                columns.removeLast()
            default:
                let end = endOfToken(at: index - 1)
                write(token, through: tokens[end])
                index = end + 1
                if spacing.hasOpenedBlock, tokens[index].kind != .newline {
                    endLine()
                    level += 1
                    isOneLineBlock = true
                }
            }
        }
    }

    /// The index of a token's last part: the end of a formatted string, the second colon of a lambda's
    /// two, or the token itself.
    private func endOfToken(at index: Int) -> Int {
        if tokens[index].kind == .colon, spacing.awaitsLambdaColon, tokens[index + 1].kind == .colon {
            return index + 1
        }
        guard tokens[index].kind == .formattedStart else { return index }
        var open = 0
        var place = index
        while place < tokens.count - 1 {
            if tokens[place].kind == .formattedStart { open += 1 }
            if tokens[place].kind == .formattedEnd { open -= 1 }
            if open == 0 { break }
            place += 1
        }
        return place
    }

    // MARK: Lines

    private mutating func beginLine(at start: Int) {
        line = Line()
        line.level = level
        line.blankLinesBefore = max(0, lineBreaks(from: lastEnd, to: start) - 1)
        spacing = TokenSpacing()
    }

    private mutating func endLine() {
        if !line.text.isEmpty { lines.append(line) }
        line = Line()
        spacing = TokenSpacing()
    }

    private func lineBreaks(from: Int, to: Int) -> Int {
        var count = 0
        var place = from
        while place < to {
            if text[place] == UInt8(ascii: "\n")
                || (text[place] == UInt8(ascii: "\r") && text[place + 1] != UInt8(ascii: "\n"))
            {
                count += 1
            }
            place += 1
        }
        return count
    }

    private func column(of offset: UInt32) -> Int {
        var place = Int(offset)
        while place > 0, text[place - 1] != UInt8(ascii: "\n"), text[place - 1] != UInt8(ascii: "\r") { place -= 1 }
        return Int(offset) - place
    }

    // MARK: Tokens

    private mutating func write(_ token: Token, through last: Token) {
        let start = Int(token.start)
        let isDoubleColon = token.kind == .colon && last.start > token.start
        let isStatementWord = isStatementWord(token)
        if line.text.isEmpty {
            beginLine(at: start)
            if token.kind == .at { line.kind = .decorator }
        } else if lineBreaks(from: lastEnd, to: start) > 0 {
            breakLine(before: token.kind)
        } else if spacing.hasSpace(before: token.kind, isDoubleColon: isDoubleColon) {
            line.text += " "
        }
        line.text += isDoubleColon ? "::" : TokenSpelling.text(text[start..<Int(last.end)], token.kind)
        spacing.wrote(token.kind, isStatementWord: isStatementWord)
        if line.kind == .code, token.kind == .def || (isStatementWord && !token.symbol.belongsToMatch) {
            line.kind = .definition
        }
        lastEnd = Int(last.end)
    }

    /// Whether a token is a contextual word that begins a statement.
    private func isStatementWord(_ token: Token) -> Bool {
        guard token.kind == .name else { return false }
        if statementStarts.contains(token.start) { return true }
        return token.symbol == .function && line.text.isEmpty && lines.last?.kind == .decorator
    }

    /// Ends a line inside of brackets, or one that goes on after a backslash.
    private mutating func breakLine(before kind: TokenKind) {
        if spacing.isOutsideBrackets { line.text += " \\" }
        line.text += "\n" + Formatter.indentation(line.level + spacing.continuationLevels(before: kind))
    }

    static func indentation(_ level: Int) -> String { String(repeating: "    ", count: level) }

    // MARK: Comments

    /// Writes the comments that stand before a token.
    private mutating func writeComments(before token: Token, at index: Int) {
        while nextComment < comments.count, comments[nextComment].start < token.start {
            let comment = comments[nextComment]
            nextComment += 1
            write(comment, before: token, at: index)
            lastEnd = Int(comment.end)
        }
    }

    private mutating func write(_ comment: SyntaxRange, before token: Token, at index: Int) {
        let start = Int(comment.start)
        let breaks = lineBreaks(from: lastEnd, to: start)
        let spelling = Formatter.spelling(of: text[start..<Int(comment.end)])
        if !line.text.isEmpty {
            if breaks > 0, token.kind != .newline {
                breakLine(before: .comma)
                line.text += spelling
            } else {
                line.text += "  " + spelling
            }
        } else if breaks == 0, lastEnd > 0, let last = lines.indices.last, lines[last].kind != .comment {
            lines[last].text += "  " + spelling
        } else {
            beginLine(at: start)
            line.kind = .comment
            line.level = levelOfComment(at: comment.start, before: index)
            line.text = spelling
            endLine()
        }
    }

    /// The level of a comment on a line of its own: that of the line after it, or a deeper one that ends
    /// there when the comment stands at its column.
    private func levelOfComment(at offset: UInt32, before index: Int) -> Int {
        var next = level
        var place = index
        while place < tokens.count, tokens[place].kind == .indent || tokens[place].kind == .dedent {
            next += tokens[place].kind == .indent ? 1 : -1
            place += 1
        }
        guard next < level else { return next }
        let column = column(of: offset)
        return max(next, columns.lastIndex { $0 <= column } ?? 0)
    }

    private static func spelling(of comment: ArraySlice<UInt8>) -> String {
        var comment = comment
        while let last = comment.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") { comment.removeLast() }
        let body = comment.dropFirst()
        let text = String(decoding: comment, as: UTF8.self)
        switch body.first {
        case nil, UInt8(ascii: " "), UInt8(ascii: "#"), UInt8(ascii: "!"), UInt8(ascii: ":"), UInt8(ascii: "\t"):
            return text
        default:
            return "# " + text.dropFirst()
        }
    }
}

extension Symbol {
    fileprivate var belongsToMatch: Bool { self == .match || self == .matchCase }
}
