// Expressions from the loosest binding to the tightest: lambda, conditional, the operators by
// precedence, signs, powers.

extension Parser {
    /// How tightly operators bind; an operator's operands bind tighter than it does.
    enum Precedence {
        static let or = 1
        static let and = 2
        static let not = 3
        static let comparison = 4
        static let bar = 5
        static let caret = 6
        static let ampersand = 7
        static let shift = 8
        static let sum = 9
        static let product = 10
    }

    // MARK: Lists of expressions

    /// `a`, or a tuple `a, *b, c` without parentheses.
    mutating func expressionList() -> NodeID {
        let from = start
        let first = starOrExpression()
        guard kind == .comma else {
            if kindOf(first) == .starred, kind != .assign { complainOfStar(first) }
            return first
        }
        return restOfTuple(first, from: from)
    }

    private mutating func complainOfStar(_ node: NodeID) {
        guard !isRecovering else { return }
        note("can't use starred expression here", at: rangeOf(node))
    }

    /// A tuple without parentheses whose first element is read.
    private mutating func restOfTuple(_ first: NodeID, from: UInt32) -> NodeID {
        let mark = scratch.count
        scratch.append(first)
        while kind == .comma, !isRecovering {
            advance()
            guard kind.beginsExpression else { break }
            scratch.append(starOrExpression())
        }
        return make(.tuple, from: from, waitingFrom: mark)
    }

    mutating func starOrExpression() -> NodeID {
        guard kind == .star else { return expression() }
        let from = start
        advance()
        return make(.starred, from: from, binary(Precedence.bar))
    }

    /// An expression list, or `yield`.
    mutating func yieldOrExpressionList() -> NodeID {
        kind == .yield ? yieldExpression() : expressionList()
    }

    mutating func yieldExpression() -> NodeID {
        let from = start
        advance()
        if take(.from) { return make(.yieldFrom, from: from, expression()) }
        return make(.yield, from: from, kind.beginsExpression ? expressionList() : .none)
    }

    /// An expression, or `name := value`.
    mutating func namedExpression() -> NodeID {
        if kind == .name, nextKind == .walrus { return walrus() }
        let value = expression()
        if kind == .walrus { complainOfWalrus(after: value) }
        return value
    }

    private mutating func walrus() -> NodeID {
        let from = start
        let name = nameLeaf()
        advance()
        return make(.walrus, from: from, name, expression())
    }

    private mutating func complainOfWalrus(after value: NodeID) {
        if kindOf(value) == .scopedName {
            complainOfToken("cannot use assignment expressions with a scope", hint: "assign it in a line of its own")
        } else {
            complain(
                "cannot use assignment expressions with \(describe(value))", at: rangeOf(value),
                hint: "what stands before := is a plain name")
        }
    }

    // MARK: Expressions

    mutating func expression() -> NodeID {
        if kind == .lambda { return lambda() }
        let first = binary(Precedence.or)
        return kind == .if ? conditional(first) : first
    }

    /// `value if condition else ...`, whose first value is read.
    private mutating func conditional(_ value: NodeID) -> NodeID {
        let from = startOf(value)
        let mark = scratch.count
        var value = value
        while kind == .if, !isRecovering {
            advance()
            scratch.append(binary(Precedence.or))
            scratch.append(value)
            guard take(.else) else {
                complainOfToken("expected 'else' after 'if' expression", at: range(from: from))
                scratch.append(errorNode())
                return make(.conditional, from: from, waitingFrom: mark)
            }
            value = kind == .lambda ? lambda() : binary(Precedence.or)
        }
        scratch.append(value)
        return make(.conditional, from: from, waitingFrom: mark)
    }

    private mutating func lambda() -> NodeID {
        guard enter() else { return errorNode() }
        let from = start
        advance()
        let parameters = parameters(until: .colon, allowsAnnotations: false)
        if take(.colon) {
            if kind == .colon { advance() }
        } else {
            complainOfToken("expected ':'", hint: "a lambda is written: lambda x: x + 1")
        }
        let body = isRecovering ? errorNode() : expression()
        leave()
        return make(.lambda, from: from, parameters, body)
    }

}
