// What tokens are as operators, and what can begin an expression.

extension TokenKind {
    /// How tightly the token binds as an operator between two operands, 0 for all others.
    var precedence: Int {
        switch self {
        case .or: Parser.Precedence.or
        case .and: Parser.Precedence.and
        case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .in, .is, .not:
            Parser.Precedence.comparison
        case .bar: Parser.Precedence.bar
        case .caret: Parser.Precedence.caret
        case .ampersand: Parser.Precedence.ampersand
        case .leftShift, .rightShift: Parser.Precedence.shift
        case .plus, .minus: Parser.Precedence.sum
        case .star, .slash, .doubleSlash, .percent, .at: Parser.Precedence.product
        default: 0
        }
    }

    var sign: SyntaxOperator? {
        switch self {
        case .minus: .minus
        case .plus: .plus
        case .tilde: .invert
        default: nil
        }
    }

    /// The operator that the token is between two operands.
    var binaryOperator: SyntaxOperator? {
        switch self {
        case .plus: .add
        case .minus: .subtract
        case .star: .multiply
        case .slash: .divide
        case .doubleSlash: .floorDivide
        case .percent: .modulo
        case .doubleStar: .power
        case .leftShift: .leftShift
        case .rightShift: .rightShift
        case .ampersand: .bitAnd
        case .bar: .bitOr
        case .caret: .bitXor
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessEqual: .lessOrEqual
        case .greater: .greater
        case .greaterEqual: .greaterOrEqual
        case .in: .in
        default: nil
        }
    }

    /// The operator of an augmented assignment.
    var augmentedOperator: SyntaxOperator? {
        switch self {
        case .plusAssign: .add
        case .minusAssign: .subtract
        case .starAssign: .multiply
        case .doubleStarAssign: .power
        case .slashAssign: .divide
        case .doubleSlashAssign: .floorDivide
        case .percentAssign: .modulo
        case .leftShiftAssign: .leftShift
        case .rightShiftAssign: .rightShift
        case .ampersandAssign: .bitAnd
        case .barAssign: .bitOr
        case .caretAssign: .bitXor
        default: nil
        }
    }

    /// Whether an expression, starred or not, can begin with the token.
    var beginsExpression: Bool {
        switch self {
        case .name, .scopedName, .integer, .float, .string, .formattedStart, .placeholder, .leftParen, .leftBracket,
            .leftBrace, .ellipsis, .plus, .minus, .tilde, .star, .not, .lambda, .trueWord, .falseWord, .nullWord,
            .await, .invalid:
            true
        default:
            false
        }
    }
}
