// What operators work on: atoms, and the attributes, items and calls after them.

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

    /// Reads a name, if one stands here.
    mutating func wordAsName() -> Symbol? { kind == .name ? readSymbol() : nil }

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
}
