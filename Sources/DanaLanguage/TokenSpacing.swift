/// Decides what stands between the tokens of a line, from what was written of it.
struct TokenSpacing {
    private struct Bracket {
        let kind: TokenKind
        /// Whether it is the first on its line that stays open.
        let indents: Bool
        /// Whether a type was read since the last comma.
        var hasAnnotation = false
    }

    private var brackets: [Bracket] = []
    /// The bracket depths of the lambdas whose colon has not come.
    private var lambdas: [Int] = []
    private var previous: TokenKind?
    private var previousIsUnary = false
    /// Whether the last token is a contextual word that begins a statement, and no name.
    private var previousIsWord = false
    private var previousIsLambdaColon = false
    private var previousIsSpacedAssign = true
    /// Whether a block is to come on the line.
    private var isCompound = false
    private var isFromImport = false
    /// Whether a bracket was opened since the last break of the line.
    private var hasOpenedInLine = false
    /// Whether the last token is the colon before a block.
    private(set) var hasOpenedBlock = false

    var isOutsideBrackets: Bool { brackets.isEmpty }

    /// Whether a colon here is that of a lambda.
    var awaitsLambdaColon: Bool { lambdas.last == brackets.count }

    /// Breaks the line in front of a token; gives how many levels deeper than its first line it goes on.
    mutating func continuationLevels(before kind: TokenKind) -> Int {
        hasOpenedInLine = false
        guard let last = brackets.last else { return 1 }
        let levels = brackets.count { $0.indents }
        return kind.closesBracket && last.indents ? levels - 1 : levels
    }

    /// Whether a space stands between the last token and one that follows on its line.
    func hasSpace(before kind: TokenKind, isDoubleColon: Bool) -> Bool {
        guard let previous, !previous.opensBracket, !kind.closesBracket else { return false }
        switch kind {
        case .comma, .semicolon: return false
        case .colon: return isDoubleColon || (previous == .comma && brackets.last?.kind == .leftBracket)
        case .dot: return previous == .integer || (isFromImport && previous == .from)
        case .ellipsis where isFromImport: return previous == .from
        case .assign: return isSpacedAssign
        default: break
        }
        switch previous {
        case .dot: return kind == .import
        case .assign: return previousIsSpacedAssign
        case .colon: return previousIsLambdaColon || brackets.last?.kind != .leftBracket
        default: break
        }
        if previousIsUnary { return false }
        if kind == .leftParen || kind == .leftBracket { return previousIsWord || !previous.endsOperand }
        return true
    }

    /// Whether `=` assigns, or follows a type; between a keyword and its value it stands without spaces.
    private var isSpacedAssign: Bool {
        if awaitsLambdaColon { return false }
        guard let bracket = brackets.last else { return true }
        return bracket.hasAnnotation
    }

    /// Takes note of a token that was written.
    mutating func wrote(_ kind: TokenKind, isStatementWord: Bool) {
        if previous == nil {
            isCompound = kind.beginsBlock
            isFromImport = kind == .from
        }
        if isStatementWord { isCompound = true }
        previousIsUnary = kind.canBeUnary && (previous.map { !$0.endsOperand || previousIsWord } ?? true)
        previousIsSpacedAssign = kind != .assign || isSpacedAssign
        previousIsLambdaColon = kind == .colon && awaitsLambdaColon
        previousIsWord = isStatementWord
        hasOpenedBlock = false
        switch kind {
        case .leftParen, .leftBracket, .leftBrace:
            brackets.append(Bracket(kind: kind, indents: !hasOpenedInLine))
            hasOpenedInLine = true
        case .rightParen, .rightBracket, .rightBrace:
            if brackets.popLast()?.indents == true { hasOpenedInLine = false }
        case .comma:
            if let last = brackets.indices.last { brackets[last].hasAnnotation = false }
        case .lambda:
            lambdas.append(brackets.count)
        case .colon where awaitsLambdaColon:
            lambdas.removeLast()
        case .colon:
            if let last = brackets.indices.last {
                brackets[last].hasAnnotation = brackets[last].kind == .leftParen
            } else {
                hasOpenedBlock = isCompound
                isCompound = false
            }
        default:
            break
        }
        previous = kind
    }
}

extension TokenKind {
    fileprivate var opensBracket: Bool { self == .leftParen || self == .leftBracket || self == .leftBrace }

    fileprivate var closesBracket: Bool { self == .rightParen || self == .rightBracket || self == .rightBrace }

    fileprivate var canBeUnary: Bool {
        switch self {
        case .plus, .minus, .tilde, .star, .doubleStar, .at: true
        default: false
        }
    }

    /// Whether a value ends with the token, so that an operator after it has two operands.
    fileprivate var endsOperand: Bool {
        switch self {
        case .name, .scopedName, .integer, .float, .string, .formattedStart, .placeholder, .ellipsis, .rightParen,
            .rightBracket, .rightBrace, .trueWord, .falseWord, .nullWord:
            true
        default: false
        }
    }

    /// Whether the word begins a statement that has a block.
    fileprivate var beginsBlock: Bool {
        switch self {
        case .if, .elif, .else, .while, .for, .try, .except, .finally, .with, .def: true
        default: false
        }
    }
}
