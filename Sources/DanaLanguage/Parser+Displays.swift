// Tuples, lists, sets, dictionaries and comprehensions.

extension Parser {
    /// `()`, `(a)`, `(a, b)`, `(a for a in b)`, `(yield a)`.
    mutating func parenthesized() -> NodeID {
        let from = start
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        if kind == .rightParen { return emptyDisplay(.tuple, from: from) }
        let first = kind == .yield ? yieldExpression() : starOrNamedExpression()
        switch kind {
        case .for: return comprehension(.generatorExpression, first, from: from, closedBy: .rightParen, bracket)
        case .comma: return elements(.tuple, after: first, from: from, closedBy: .rightParen, bracket)
        default: return group(first, bracket)
        }
    }

    /// An expression in parentheses of its own, which is read up to the closing one.
    private mutating func group(_ node: NodeID, _ bracket: Bracket) -> NodeID {
        if kindOf(node) == .starred, !isRecovering {
            note("cannot use starred expression here", at: rangeOf(node), hint: "a tuple of one is (x,)")
        }
        close(.rightParen, bracket)
        tree.markParenthesized(node)
        return node
    }

    private mutating func emptyDisplay(_ wanted: SyntaxKind, from: UInt32) -> NodeID {
        advance()
        return tree.addLeaf(wanted, range(from: from))
    }

    mutating func listDisplay() -> NodeID {
        let from = start
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        if kind == .rightBracket { return emptyDisplay(.list, from: from) }
        let first = starOrNamedExpression()
        if kind == .for {
            return comprehension(.listComprehension, first, from: from, closedBy: .rightBracket, bracket)
        }
        return elements(.list, after: first, from: from, closedBy: .rightBracket, bracket)
    }

    /// A set or a dictionary.
    mutating func braceDisplay() -> NodeID {
        let from = start
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        if kind == .rightBrace { return emptyDisplay(.dictionary, from: from) }
        if kind == .doubleStar { return dictionaryEntries(from: from, bracket) }
        let first = starOrNamedExpression()
        if kind == .colon, kindOf(first) != .starred { return dictionary(first, from: from, bracket) }
        if kind == .for {
            return comprehension(.setComprehension, first, from: from, closedBy: .rightBrace, bracket)
        }
        return elements(.set, after: first, from: from, closedBy: .rightBrace, bracket)
    }

    mutating func starOrNamedExpression() -> NodeID {
        kind == .star ? starOrExpression() : namedExpression()
    }

    /// The elements of a display after the first.
    private mutating func elements(
        _ wanted: SyntaxKind, after first: NodeID, from: UInt32, closedBy closer: TokenKind, _ bracket: Bracket
    ) -> NodeID {
        let mark = scratch.count
        scratch.append(first)
        while !isRecovering, take(.comma), kind != closer { scratch.append(starOrNamedExpression()) }
        if kind == .for, !isRecovering { complainOfComprehensionTarget(from: from) }
        close(closer, bracket)
        return make(wanted, from: from, waitingFrom: mark)
    }

    private mutating func complainOfComprehensionTarget(from: UInt32) {
        complain(
            "did you forget parentheses around the comprehension target?",
            at: SyntaxRange(start: from + 1, end: lastEnd))
    }

    private mutating func dictionary(_ key: NodeID, from: UInt32, _ bracket: Bracket) -> NodeID {
        advance()
        let value = dictionaryValue()
        if kind == .for {
            return comprehension(
                .dictionaryComprehension, key, value, from: from, closedBy: .rightBrace, bracket)
        }
        let mark = scratch.count
        scratch.append(key)
        scratch.append(value)
        if take(.comma) { readDictionaryEntries() }
        close(.rightBrace, bracket)
        return make(.dictionary, from: from, waitingFrom: mark)
    }

    /// A dictionary that begins with `**value`.
    private mutating func dictionaryEntries(from: UInt32, _ bracket: Bracket) -> NodeID {
        let mark = scratch.count
        readDictionaryEntries()
        close(.rightBrace, bracket)
        return make(.dictionary, from: from, waitingFrom: mark)
    }

    private mutating func readDictionaryEntries() {
        while !isRecovering, kind != .rightBrace {
            if take(.doubleStar) {
                scratch.append(.none)
                scratch.append(binary(Precedence.bar))
            } else {
                scratch.append(expression())
                if !take(.colon) {
                    if kind == .comma || kind == .rightBrace {
                        complainOfToken("':' expected after dictionary key")
                    } else {
                        complainOfOperator()
                    }
                }
                scratch.append(dictionaryValue())
            }
            guard take(.comma) else { return }
        }
    }

    private mutating func dictionaryValue() -> NodeID {
        if kind == .comma || kind == .rightBrace {
            complainOfToken("expression expected after dictionary key and ':'")
            return errorNode()
        }
        return isRecovering ? errorNode() : expression()
    }

    // MARK: Comprehensions

    private mutating func comprehension(
        _ wanted: SyntaxKind, _ element: NodeID, _ value: NodeID = .none, from: UInt32, closedBy closer: TokenKind,
        _ bracket: Bracket
    ) -> NodeID {
        let mark = scratch.count
        scratch.append(element)
        if wanted == .dictionaryComprehension { scratch.append(value) }
        refuseStarred(element)
        readClauses()
        if kind == .comma, wanted != .generatorExpression, nextKind == closer { advance() }
        close(closer, bracket)
        return make(wanted, from: from, waitingFrom: mark)
    }

    private mutating func refuseStarred(_ element: NodeID) {
        guard kindOf(element) == .starred, !isRecovering else { return }
        note("iterable unpacking cannot be used in comprehension", at: rangeOf(element))
    }

    /// The `for` and `if` clauses of a comprehension.
    mutating func readClauses() {
        while !isRecovering {
            let from = start
            if take(.for) {
                let target = loopTarget()
                if !take(.in) {
                    complainOfToken("expected 'in' after the target of 'for'")
                }
                let iterable = isRecovering ? errorNode() : binary(Precedence.or)
                scratch.append(make(.forClause, from: from, target, iterable))
            } else if take(.if) {
                scratch.append(make(.ifClause, from: from, clauseCondition()))
            } else {
                return
            }
        }
    }

    /// A condition that stops before an `if` of the next clause.
    private mutating func clauseCondition() -> NodeID {
        let from = start
        if kind == .name, nextKind == .walrus {
            let name = nameLeaf()
            advance()
            return make(.walrus, from: from, name, binary(Precedence.or))
        }
        return kind == .lambda ? expression() : binary(Precedence.or)
    }
}
