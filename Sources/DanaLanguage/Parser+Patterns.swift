// `match` and its patterns.

extension Parser {
    mutating func matchStatement() -> NodeID {
        let from = start
        let mark = scratch.count
        advance()
        scratch.append(matchSubject())
        if !isRecovering, !take(.colon) { complainOfToken("expected ':'") }
        if isRecovering { recover() }
        guard take(.newline), kind == .indent else {
            note(
                "expected an indented block after 'match' statement", at: token.range,
                hint: "its lines begin with 'case'")
            return make(.error, from: from, waitingFrom: mark)
        }
        advance()
        guard enter(levels: Parser.levelsOfBlock) else { return make(.error, from: from, waitingFrom: mark) }
        while kind != .dedent, kind != .endOfFile { readCase() }
        leave(levels: Parser.levelsOfBlock)
        if kind == .dedent { advance() }
        return make(.matchStatement, from: from, waitingFrom: mark)
    }

    private mutating func matchSubject() -> NodeID {
        let from = start
        let first = starOrNamedExpression()
        guard kind == .comma else { return first }
        let mark = scratch.count
        scratch.append(first)
        while !isRecovering, take(.comma), kind != .colon { scratch.append(starOrNamedExpression()) }
        return make(.tuple, from: from, waitingFrom: mark)
    }

    private mutating func readCase() {
        let from = start
        guard kind == .name, symbol == .matchCase else {
            complainOfToken("expected 'case'", hint: "the block of 'match' holds only cases")
            recover()
            if kind == .newline { advance() }
            if kind == .indent { _ = statements() }
            return
        }
        let mark = scratch.count
        advance()
        scratch.append(openPattern())
        scratch.append(!isRecovering && take(.if) ? namedExpression() : .none)
        scratch.append(block(of: "'case' statement", from: from))
        scratch.append(make(.matchCase, from: from, waitingFrom: mark))
    }

    /// A pattern, or a sequence of patterns without brackets.
    private mutating func openPattern() -> NodeID {
        let from = start
        let first = starOrPattern()
        guard kind == .comma else {
            guard kindOf(first) == .starPattern else { return first }
            return make(.sequencePattern, from: from, first)
        }
        let mark = scratch.count
        scratch.append(first)
        while !isRecovering, take(.comma), kind != .colon, kind != .if { scratch.append(starOrPattern()) }
        return sequence(from: from, mark)
    }

    private mutating func sequence(from: UInt32, _ mark: Int) -> NodeID {
        var stars = 0
        for pattern in scratch[mark...] where kindOf(pattern) == .starPattern {
            stars += 1
            if stars == 2 { note("multiple starred expressions in sequence pattern", at: rangeOf(pattern)) }
        }
        return make(.sequencePattern, from: from, waitingFrom: mark)
    }

    private mutating func starOrPattern() -> NodeID {
        guard kind == .star else { return pattern() }
        let from = start
        advance()
        return make(.starPattern, from: from, capture())
    }

    /// Alternatives, and the name they get with `as`.
    private mutating func pattern() -> NodeID {
        guard enter() else { return errorNode() }
        defer { leave() }
        let from = start
        var node = closedPattern()
        if kind == .bar, !isRecovering {
            let mark = scratch.count
            scratch.append(node)
            while !isRecovering, take(.bar) { scratch.append(closedPattern()) }
            node = make(.orPattern, from: from, waitingFrom: mark)
        }
        guard !isRecovering, take(.as) else { return node }
        if kind == .name, symbol == .underscore {
            complainOfToken("cannot use '_' as a target")
            return node
        }
        return make(.asPattern, from: from, node, capture())
    }

    /// A name that takes the value, or `_`.
    private mutating func capture() -> NodeID {
        guard kind == .name else {
            complainOfToken("expected a name")
            return errorNode()
        }
        return symbol == .underscore
            ? leaf(.wildcardPattern) : leaf(.capturePattern, first: symbol.rawValue)
    }

    private mutating func closedPattern() -> NodeID {
        let from = start
        switch kind {
        case .name: return namePattern()
        case .scopedName:
            return make(
                .valuePattern, from: from, leaf(.scopedName, detail: token.detail, first: symbol.rawValue))
        case .integer, .float, .minus: return numberPattern()
        case .string: return make(.literalPattern, from: from, strings())
        case .trueWord: return make(.literalPattern, from: from, leaf(.trueLiteral))
        case .falseWord: return make(.literalPattern, from: from, leaf(.falseLiteral))
        case .nullWord: return make(.literalPattern, from: from, leaf(.nullLiteral))
        case .leftParen: return groupPattern()
        case .leftBracket:
            guard let bracket = open() else { return errorNode() }
            defer { leave(bracket) }
            let mark = scratch.count
            while !isRecovering, kind != .rightBracket {
                scratch.append(starOrPattern())
                guard take(.comma) else { break }
            }
            close(.rightBracket, bracket)
            return sequence(from: from, mark)
        case .leftBrace: return mappingPattern()
        case .formattedStart:
            complainOfToken("patterns may only match literals and attribute lookups")
            return errorNode()
        default:
            complainOfToken()
            return errorNode()
        }
    }

    private mutating func numberPattern() -> NodeID {
        let from = start
        let isNegative = take(.minus)
        guard kind == .integer || kind == .float else {
            complainOfToken("expected a number after '-'")
            return errorNode()
        }
        let number = kind == .integer ? integer() : float()
        if kind == .plus || kind == .minus {
            complainOfToken("complex numbers are not part of Dana")
        }
        guard isNegative else { return make(.literalPattern, from: from, number) }
        let negated = make(.unary, from: from, number, detail: SyntaxOperator.minus.rawValue)
        return make(.literalPattern, from: from, negated)
    }

    /// `(pattern)`, or a sequence in parentheses.
    private mutating func groupPattern() -> NodeID {
        let from = start
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        let mark = scratch.count
        var hasComma = false
        while !isRecovering, kind != .rightParen {
            scratch.append(starOrPattern())
            guard take(.comma) else { break }
            hasComma = true
        }
        close(.rightParen, bracket)
        if !hasComma, scratch.count == mark + 1, let only = scratch.last, kindOf(only) != .starPattern {
            scratch.removeLast()
            return only
        }
        return sequence(from: from, mark)
    }

    // MARK: Names and classes

    /// A capture, a wildcard, a value by its dotted name, or a class with patterns.
    private mutating func namePattern() -> NodeID {
        let from = start
        if nextKind != .dot, nextKind != .leftParen { return capture() }
        let mark = scratch.count
        scratch.append(nameLeaf())
        while !isRecovering, kind == .dot {
            let dot = start
            advance()
            guard let symbol = wordAsName() else {
                complainOfToken("expected a name after '.'")
                break
            }
            scratch.append(tree.addLeaf(.attribute, range(from: dot), first: symbol.rawValue))
        }
        let name = scratch.count == mark + 1 ? scratch.removeLast() : make(.chain, from: from, waitingFrom: mark)
        return kind == .leftParen ? classPattern(name, from: from) : make(.valuePattern, from: from, name)
    }

    private mutating func classPattern(_ name: NodeID, from: UInt32) -> NodeID {
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        let mark = scratch.count
        scratch.append(name)
        var keywords: [Symbol] = []
        while !isRecovering, kind != .rightParen {
            let argument = start
            if kind == .name, nextKind == .assign {
                let symbol = symbol
                if keywords.contains(symbol) {
                    note("attribute name repeated in class pattern: \(tree.symbols.text(symbol))", at: token.range)
                }
                keywords.append(symbol)
                advance()
                advance()
                scratch.append(make(.keywordPattern, from: argument, pattern(), first: symbol.rawValue))
            } else {
                if !keywords.isEmpty {
                    note("positional patterns follow keyword patterns", at: token.range)
                }
                scratch.append(pattern())
            }
            guard take(.comma) else { break }
        }
        close(.rightParen, bracket)
        return make(.classPattern, from: from, waitingFrom: mark)
    }

    private mutating func mappingPattern() -> NodeID {
        let from = start
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        let mark = scratch.count
        scratch.append(.none)
        while !isRecovering, kind != .rightBrace {
            if !scratch[mark].isNone { note("nothing may follow the rest of a mapping pattern", at: token.range) }
            if take(.doubleStar) {
                scratch[mark] = capture()
            } else {
                scratch.append(closedPattern())
                if !isRecovering { checkMappingKey(scratch[scratch.count - 1]) }
                if !isRecovering, !take(.colon) { complainOfToken("expected ':' after the key") }
                scratch.append(isRecovering ? errorNode() : pattern())
            }
            guard take(.comma) else { break }
        }
        close(.rightBrace, bracket)
        return make(.mappingPattern, from: from, waitingFrom: mark)
    }

    private mutating func checkMappingKey(_ key: NodeID) {
        switch kindOf(key) {
        case .literalPattern, .valuePattern: return
        default:
            complain("mapping pattern keys may only match literals and attribute lookups", at: rangeOf(key))
        }
    }
}
