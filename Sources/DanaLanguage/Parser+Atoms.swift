// What operators work on: names, literals, displays, and the attributes, items and calls after them.

extension Parser {
    /// An atom and its suffixes.
    mutating func postfix() -> NodeID {
        let base = atom()
        switch kind {
        case .dot, .leftParen, .leftBracket: return isRecovering ? base : chain(base)
        default: return base
        }
    }

    private mutating func chain(_ base: NodeID) -> NodeID {
        let mark = scratch.count
        scratch.append(base)
        suffixes: while !isRecovering {
            switch kind {
            case .dot: scratch.append(attribute())
            case .leftParen: scratch.append(call())
            case .leftBracket: scratch.append(item())
            default: break suffixes
            }
        }
        return make(.chain, from: startOf(base), waitingFrom: mark)
    }

    private mutating func attribute() -> NodeID {
        let from = start
        advance()
        guard let symbol = wordAsName() else {
            complainOfToken("expected a name after '.'")
            return tree.addLeaf(.attribute, range(from: from), first: Symbol.underscore.rawValue)
        }
        return tree.addLeaf(.attribute, range(from: from), first: symbol.rawValue)
    }

    /// Reads a name. A reserved word is told of, with what it is reserved for.
    mutating func wordAsName() -> Symbol? {
        if kind == .name {
            let symbol = symbol
            advance()
            return symbol
        }
        return nil
    }

    private mutating func item() -> NodeID {
        let from = start
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        let index = subscripts()
        close(.rightBracket, bracket)
        return make(.item, from: from, index)
    }

    private mutating func subscripts() -> NodeID {
        let from = start
        if kind == .rightBracket {
            complainOfToken("invalid syntax", hint: "an index or a slice stands between [ and ]")
            return errorNode()
        }
        let first = sliceOrExpression()
        guard kind == .comma else {
            guard kindOf(first) == .starred else { return first }
            return make(.tuple, from: from, first)
        }
        let mark = scratch.count
        scratch.append(first)
        while !isRecovering, take(.comma), kind != .rightBracket { scratch.append(sliceOrExpression()) }
        return make(.tuple, from: from, waitingFrom: mark)
    }

    private mutating func sliceOrExpression() -> NodeID {
        let from = start
        let lower = kind == .colon ? NodeID.none : kind == .star ? starOrExpression() : namedExpression()
        guard kind == .colon else { return lower }
        let mark = scratch.count
        scratch.append(lower)
        advance()
        scratch.append(kind == .colon || kind == .comma || kind == .rightBracket ? .none : expression())
        if take(.colon) {
            scratch.append(kind == .comma || kind == .rightBracket ? .none : expression())
        } else {
            scratch.append(.none)
        }
        return make(.slice, from: from, waitingFrom: mark)
    }

    // MARK: Brackets

    /// A bracket that was opened, and what held outside it.
    struct Bracket {
        let range: SyntaxRange
        fileprivate let allowedStageNames: Bool
    }

    /// Opens the bracket that stands here, a level deeper; nil when that is too deep.
    mutating func open() -> Bracket? {
        guard enter() else { return nil }
        let bracket = Bracket(range: token.range, allowedStageNames: allowsStageNames)
        advance()
        allowsStageNames = true
        return bracket
    }

    mutating func leave(_ bracket: Bracket) {
        leave()
        allowsStageNames = bracket.allowedStageNames
    }

    /// Reads the bracket that closes one that was opened, or says what is wrong.
    mutating func close(_ wanted: TokenKind, _ bracket: Bracket) {
        if isRecovering || take(wanted) { return }
        complainOfUnclosed(bracket)
    }

    private mutating func complainOfUnclosed(_ bracket: Bracket) {
        let opener = bracket.range
        let open = spelling(opener)
        switch kind {
        case .newline, .endOfFile, .indent, .dedent:
            complain(
                "'\(open)' was never closed", at: opener,
                notes: [Diagnostic.Note("the line ends here", at: token.range)])
        case .rightParen, .rightBracket, .rightBrace:
            complain(
                "closing parenthesis '\(spelling(token.range))' does not match opening parenthesis '\(open)'",
                at: token.range, notes: [Diagnostic.Note("opened here", at: opener)])
        case .assign:
            complainOfToken("invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
        case _ where kind.beginsExpression:
            complainOfMissingComma()
        default:
            complainOfOperator()
        }
    }

    func spelling(_ range: SyntaxRange) -> String {
        String(decoding: text[Int(range.start)..<Int(range.end)], as: UTF8.self)
    }

    // MARK: Atoms

    private mutating func atom() -> NodeID {
        switch kind {
        case .name: return nameLeaf()
        case .integer: return integer()
        case .string, .formattedStart: return strings()
        case .leftParen: return parenthesized()
        case .leftBracket: return listDisplay()
        case .leftBrace: return braceDisplay()
        default: return rareAtom()
        }
    }

    private mutating func rareAtom() -> NodeID {
        switch kind {
        case .scopedName: return leaf(.scopedName, detail: token.detail, first: symbol.rawValue)
        case .float: return float()
        case .trueWord: return leaf(.trueLiteral)
        case .falseWord: return leaf(.falseLiteral)
        case .nullWord: return leaf(.nullLiteral)
        case .placeholder:
            placeholders.append(start)
            return leaf(.placeholder, first: Symbol.placeholder.rawValue)
        case .ellipsis: return leaf(.ellipsis)
        case .await:
            note(
                "'await' is not part of Dana", at: token.range,
                hint: "every call waits by itself; leave 'await' out")
            while take(.await) {}
            return kind.beginsExpression ? atom() : errorNode()
        default:
            complainOfAtom()
            return errorNode()
        }
    }

    // MARK: Displays

    /// `()`, `(a)`, `(a, b)`, `(a for a in b)`, `(yield a)`.
    private mutating func parenthesized() -> NodeID {
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

    private mutating func listDisplay() -> NodeID {
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
    private mutating func braceDisplay() -> NodeID {
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
