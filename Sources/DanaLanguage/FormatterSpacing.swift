/// Decides where a line of formatted source text has spaces, token by token.
struct FormatterSpacing {
    /// An open bracket: what opened it, and whether an annotation stands in the parameter that is being written.
    private struct Bracket {
        let kind: TokenKind
        var isAnnotated = false
    }

    /// What has been written last, as far as spaces depend on it.
    private struct Last {
        var kind: TokenKind
        var end: Int
        /// Whether a value ends here, so that an operator after it stands between two.
        var endsValue = false
        /// Whether what follows belongs to it without a space.
        var isTight = false
    }

    private var last: Last?
    private var brackets: [Bracket] = []
    /// The depths of brackets at which a lambda's parameters are being written.
    private var lambdas: [Int] = []
    /// The second colon of `::` is to come.
    private var awaitsColon = false

    mutating func beginLine() {
        last = nil
        brackets = []
        lambdas = []
        awaitsColon = false
    }

    /// Whether a space stands before a token, which is then the last one.
    mutating func needsSpace(before piece: SourceFormatter.Piece, _ kind: TokenKind) -> Bool {
        var next = Last(kind: kind, end: piece.end, endsValue: kind.endsValue && !piece.isKeyword)
        let space: Bool
        switch kind {
        case .leftParen, .leftBracket, .leftBrace:
            space = !(last?.endsValue ?? false) || kind == .leftBrace
            brackets.append(Bracket(kind: kind))
            next.isTight = true
        case .rightParen, .rightBracket, .rightBrace:
            space = false
            _ = brackets.popLast()
            while let depth = lambdas.last, depth > brackets.count { lambdas.removeLast() }
        case .comma, .semicolon:
            space = false
            if !brackets.isEmpty { brackets[brackets.count - 1].isAnnotated = false }
        case .colon:
            space = spaceBeforeColon(piece, &next)
        case .dot:
            space = last.map { $0.kind == .from || $0.kind == .import || $0.kind == .integer } ?? false
            next.isTight = true
        case .ellipsis where last?.kind == .from:
            space = true
            next.isTight = true
        case .assign:
            let isArgument = lambdas.last == brackets.count || brackets.last.map { !$0.isAnnotated } ?? false
            space = !isArgument
            next.isTight = isArgument
        case .plus, .minus, .tilde, .star, .doubleStar, .slash, .at:
            space = true
            next.isTight = !(last?.endsValue ?? false)
        default:
            if kind == .lambda { lambdas.append(brackets.count) }
            space = true
        }
        defer { last = next }
        guard let last else { return false }
        if last.isTight { return last.kind == .dot && kind == .import || last.kind == .ellipsis && kind == .import }
        return space
    }

    /// A colon ends a lambda's parameters, parts a slice, or belongs to what stands before it.
    private mutating func spaceBeforeColon(_ piece: SourceFormatter.Piece, _ next: inout Last) -> Bool {
        if awaitsColon {
            awaitsColon = false
            last?.isTight = true
            return false
        }
        if lambdas.last == brackets.count {
            lambdas.removeLast()
            awaitsColon = piece.isDoubled
            return awaitsColon
        }
        switch brackets.last?.kind {
        case .leftBracket: next.isTight = true
        case .leftParen: brackets[brackets.count - 1].isAnnotated = true
        default: break
        }
        return false
    }
}

extension TokenKind {
    var isOpening: Bool { self == .leftParen || self == .leftBracket || self == .leftBrace }
    var isClosing: Bool { self == .rightParen || self == .rightBracket || self == .rightBrace }

    /// Whether a value can end with the token.
    fileprivate var endsValue: Bool {
        switch self {
        case .name, .scopedName, .integer, .float, .string, .placeholder, .ellipsis, .trueWord, .falseWord, .nullWord,
            .rightParen, .rightBracket, .rightBrace:
            true
        default:
            false
        }
    }
}
