/// Lays out a program's text the one way: four spaces a level, one space around operators and after commas, at most two
/// blank lines. Comments, strings and the author's line breaks stay; formatting a second time changes nothing.
public struct SourceFormatter {
    private let text: [UInt8]
    private let pieces: [Piece]
    private var spacing = FormatterSpacing()

    /// The column in the source at which each open block begins.
    private var columns = [0]
    private var output: [UInt8] = []
    private var line: [UInt8] = []
    private var lineIndent = 0
    /// The indentation of the line on which each open bracket stands.
    private var bracketIndents: [Int] = []
    private var lastEnd = 0
    /// Whether a logical line has begun.
    private var isInLine = false
    private var mayHaveBlankLines = false

    private static let step = 4

    /// One thing that is written as it stands: a token, a whole formatted string or a comment.
    struct Piece {
        enum Kind: Equatable {
            case token(TokenKind)
            case comment
        }

        let kind: Kind
        let start: Int
        let end: Int
        /// Whether the token is a word such as `match` or `func` that begins a statement here.
        var isKeyword = false
        /// Whether the token is the first colon of `::`.
        var isDoubled = false
    }

    /// The text laid out; nothing for a text with errors.
    public static func format(_ source: SourceText) -> String? {
        var lexer = Lexer(source, limits: ParserLimits(), keepsComments: true)
        lexer.run()
        let program = Parser.parse(source)
        guard !program.hasErrors else { return nil }
        var formatter = SourceFormatter(lexer, program.tree)
        formatter.write()
        return String(decoding: formatter.output, as: UTF8.self)
    }

    private init(_ lexer: Lexer, _ tree: SyntaxTree) {
        text = lexer.text
        var keywords: Set<UInt32> = []
        for index in 0..<tree.nodeCount {
            let node = NodeID(rawValue: Int32(truncatingIfNeeded: index))
            switch tree.kind(node) {
            case .matchStatement, .matchCase, .exportStatement, .functionDefinition, .pipelineDefinition:
                keywords.insert(tree.range(node).start)
            default: break
            }
        }
        var pieces: [Piece] = []
        var comments = lexer.comments[...]
        var depth = 0
        var isDecorated = false
        for token in lexer.tokens {
            while let comment = comments.first, comment.start < token.start {
                comments.removeFirst()
                pieces.append(Piece(kind: .comment, start: Int(comment.start), end: Int(comment.end)))
            }
            switch token.kind {
            case .formattedStart:
                if depth == 0 { pieces.append(Piece(kind: .token(.string), start: Int(token.start), end: 0)) }
                depth += 1
            case .formattedEnd:
                depth -= 1
                if depth == 0, let start = pieces.popLast() {
                    pieces.append(Piece(kind: .token(.string), start: start.start, end: Int(token.end)))
                }
            default:
                guard depth == 0 else { continue }
                let isFirst = pieces.last.map { SourceFormatter.endsLine($0.kind) } ?? true
                if isFirst, token.kind == .at { isDecorated = true }
                let isDefinition = isDecorated && isFirst && token.kind == .name
                if isDefinition { isDecorated = false }
                pieces.append(
                    Piece(
                        kind: .token(token.kind), start: Int(token.start), end: Int(token.end),
                        isKeyword: token.kind == .name && (keywords.contains(token.start) || isDefinition),
                        isDoubled: token.kind == .colon && lexer.text[Int(token.end)] == UInt8(ascii: ":")))
            }
        }
        self.pieces = pieces
    }

    private static func endsLine(_ kind: Piece.Kind) -> Bool {
        switch kind {
        case .comment, .token(.newline), .token(.indent), .token(.dedent), .token(.semicolon): true
        default: false
        }
    }

    private mutating func write() {
        for place in pieces.indices {
            let piece = pieces[place]
            switch piece.kind {
            case .comment: writeComment(piece, before: place)
            case .token(.newline):
                endLine()
                isInLine = false
            case .token(.indent):
                columns.append(column(of: piece.start))
                mayHaveBlankLines = false
            case .token(.dedent): if columns.count > 1 { columns.removeLast() }
            case .token(.endOfFile): break
            case .token(let kind): writeToken(piece, kind)
            }
        }
        endLine()
    }

    private mutating func writeToken(_ piece: Piece, _ kind: TokenKind) {
        let breaks = lineBreaks(before: piece.start)
        if !isInLine {
            isInLine = true
            spacing.beginLine()
            _ = spacing.needsSpace(before: piece, kind)
            beginLine(at: (columns.count - 1) * SourceFormatter.step, blankLines: breaks - 1)
        } else {
            let space = spacing.needsSpace(before: piece, kind)
            if breaks > 0 {
                continueLine(with: kind, blankLines: breaks - 1)
            } else if space {
                line.append(UInt8(ascii: " "))
            }
        }
        if kind.isOpening { bracketIndents.append(lineIndent) }
        if kind.isClosing { _ = bracketIndents.popLast() }
        line += text[piece.start..<piece.end]
        lastEnd = piece.end
    }

    /// Ends the line that is being written and begins the one that goes on with it.
    private mutating func continueLine(with kind: TokenKind, blankLines: Int) {
        if let around = bracketIndents.last {
            endLine()
            beginLine(at: kind.isClosing ? around : around + SourceFormatter.step, blankLines: blankLines)
        } else {
            line += Array(" \\".utf8)
            endLine()
            beginLine(at: columns.count * SourceFormatter.step, blankLines: 0)
        }
    }

    private mutating func writeComment(_ piece: Piece, before next: Int) {
        let breaks = lineBreaks(before: piece.start)
        if breaks == 0, !line.isEmpty {
            line += Array("  ".utf8)
        } else {
            endLine()
            let indent = bracketIndents.last.map { $0 + SourceFormatter.step } ?? level(ofComment: piece, before: next)
            beginLine(at: indent, blankLines: breaks - 1)
        }
        line.append(UInt8(ascii: "#"))
        let first = text[piece.start + 1]
        let isPlain = piece.end > piece.start + 1 && ![" ", "#", "!", ":", "\t"].contains(Unicode.Scalar(first))
        if isPlain { line.append(UInt8(ascii: " ")) }
        let body = text[(piece.start + 1)..<piece.end]
        let last = body.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
        line += body[..<(last.map { $0 + 1 } ?? body.startIndex)]
        lastEnd = piece.end
        if bracketIndents.isEmpty { endLine() }
    }

    /// The indentation of a comment that has a line for itself: that of the block it opens, or of the block among those
    /// that end after it whose column it has.
    private func level(ofComment piece: Piece, before place: Int) -> Int {
        var remaining = columns.count - 1
        for next in pieces[(place + 1)...] {
            guard next.kind != .comment else { continue }
            if next.kind == .token(.indent) { return (remaining + 1) * SourceFormatter.step }
            guard next.kind == .token(.dedent) else { break }
            remaining -= 1
        }
        let column = column(of: piece.start)
        var level = columns.count - 1
        while level > remaining, columns[level] > column { level -= 1 }
        return level * SourceFormatter.step
    }

    // MARK: Lines

    private mutating func beginLine(at indent: Int, blankLines: Int) {
        lineIndent = indent
        if mayHaveBlankLines, blankLines > 0 {
            let most = indent == 0 && bracketIndents.isEmpty ? 2 : 1
            output += Array(repeating: UInt8(ascii: "\n"), count: min(blankLines, most))
        }
        mayHaveBlankLines = true
        line = Array(repeating: UInt8(ascii: " "), count: indent)
    }

    private mutating func endLine() {
        guard !line.isEmpty else { return }
        output += line
        output.append(UInt8(ascii: "\n"))
        line = []
    }

    /// How many lines end between what was written last and a place.
    private func lineBreaks(before start: Int) -> Int {
        var count = 0
        var index = lastEnd
        while index < start {
            let isReturn = text[index] == UInt8(ascii: "\r") && text[index + 1] != UInt8(ascii: "\n")
            if isReturn || text[index] == UInt8(ascii: "\n") { count += 1 }
            index += 1
        }
        return count
    }

    /// The width of what stands before a place in its line, as the lexer measures it.
    private func column(of place: Int) -> Int {
        var start = place
        while start > 0, text[start - 1] != UInt8(ascii: "\n"), text[start - 1] != UInt8(ascii: "\r") { start -= 1 }
        return text[start..<place].reduce(0) { $1 == UInt8(ascii: "\t") ? ($0 / 8 + 1) * 8 : $0 + 1 }
    }
}
