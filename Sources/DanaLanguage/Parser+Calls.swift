// Arguments of calls.

extension Parser {
    /// What has been seen of a call's arguments, which decides what may follow.
    private struct Progress {
        var hasKeyword = false
        var hasKeywords = false
    }

    mutating func call() -> NodeID {
        let from = start
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        let mark = scratch.count
        var progress = Progress()
        while !isRecovering, kind != .rightParen {
            scratch.append(argument(&progress, isFirst: scratch.count == mark))
            guard take(.comma) else { break }
        }
        close(.rightParen, bracket)
        if progress.hasKeyword { refuseRepeatedKeywords(from: mark) }
        return make(.call, from: from, waitingFrom: mark)
    }

    private mutating func argument(_ progress: inout Progress, isFirst: Bool) -> NodeID {
        if kind == .star || kind == .doubleStar { return unpackedArgument(&progress) }
        if kind == .name, nextKind == .assign {
            progress.hasKeyword = true
            return keywordArgument()
        }
        return positionalArgument(progress, isFirst: isFirst)
    }

    private mutating func unpackedArgument(_ progress: inout Progress) -> NodeID {
        let from = start
        let unpacked: SyntaxKind = kind == .star ? .starred : .doubleStarred
        if unpacked == .doubleStarred { progress.hasKeywords = true } else { refuseLateStar(progress) }
        advance()
        return make(unpacked, from: from, expression())
    }

    private mutating func refuseLateStar(_ progress: Progress) {
        guard progress.hasKeywords else { return }
        note("iterable argument unpacking follows keyword argument unpacking", at: token.range)
    }

    private mutating func keywordArgument() -> NodeID {
        let from = start
        let name = symbol
        advance()
        advance()
        if kind == .comma || kind == .rightParen {
            complainOfToken("expected argument value expression")
            return errorNode()
        }
        return make(.keywordArgument, from: from, expression(), first: name.rawValue)
    }

    private mutating func positionalArgument(_ progress: Progress, isFirst: Bool) -> NodeID {
        let from = start
        let value = namedExpression()
        if kind == .for { return bareGenerator(value, from: from, isFirst: isFirst) }
        if kind == .assign || progress.hasKeyword || progress.hasKeywords { judgePosition(of: value, progress) }
        return value
    }

    private mutating func judgePosition(of value: NodeID, _ progress: Progress) {
        guard !isRecovering else { return }
        if kind == .assign {
            complain(
                "expression cannot contain assignment, perhaps you meant \"==\"?", at: rangeOf(value),
                hint: "a keyword argument is written name=value")
        } else {
            note(
                progress.hasKeywords
                    ? "positional argument follows keyword argument unpacking"
                    : "positional argument follows keyword argument", at: rangeOf(value))
        }
    }

    /// A generator expression as the only argument, without parentheses of its own.
    private mutating func bareGenerator(_ element: NodeID, from: UInt32, isFirst: Bool) -> NodeID {
        let mark = scratch.count
        scratch.append(element)
        readClauses()
        let node = make(.generatorExpression, from: from, waitingFrom: mark)
        if !isRecovering, !isFirst || (kind == .comma && nextKind != .rightParen) {
            note("Generator expression must be parenthesized", at: rangeOf(node))
        }
        return node
    }

    /// Tells of a keyword that is given twice. Calls with many arguments are compared through a set.
    private mutating func refuseRepeatedKeywords(from mark: Int) {
        var seen: Set<Symbol> = []
        for argument in scratch[mark...] where kindOf(argument) == .keywordArgument {
            let symbol = tree.symbol(argument)
            if !seen.insert(symbol).inserted {
                note("keyword argument repeated: \(tree.symbols.text(symbol))", at: rangeOf(argument))
            }
        }
    }
}
