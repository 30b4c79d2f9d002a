// Functions and their parameters.

extension Parser {
    /// A function, with the decorators before it.
    mutating func definition() -> NodeID {
        let from = start
        let mark = scratch.count
        while kind == .at, !isRecovering {
            advance()
            scratch.append(namedExpression())
            if !isRecovering, !take(.newline) { complainOfLineEnd() }
        }
        if isRecovering { return abandon(from: from, mark) }
        let isExported = kind == .name && token.symbol == .export
        let exportStart = start
        if isExported { advance() }
        guard kind == .def || (kind == .name && token.symbol == .function) else {
            complainOfToken("expected a function after the decorator")
            return abandon(from: from, mark)
        }
        let function = functionDefinition(from: from, decoratorsFrom: mark)
        return isExported ? make(.exportStatement, from: exportStart, function) : function
    }

    /// An error node with all that waits.
    private mutating func abandon(from: UInt32, _ mark: Int) -> NodeID {
        make(.error, from: from, waitingFrom: mark)
    }

    /// `func name(...)`, at whose first word the parser stands. The decorators that wait go with it.
    mutating func functionDefinition(from: UInt32, decoratorsFrom mark: Int) -> NodeID {
        let head = start
        advance()
        let receiver = kind == .leftParen ? self.receiver() : .none
        guard kind == .name else {
            complainOfToken("expected the name of the function", hint: "a function is written: func name(x):")
            return abandon(from: from, mark)
        }
        let name = leaf(.name, first: token.symbol.rawValue)
        let parameters = kind == .leftParen ? parenthesizedParameters() : missingParameters()
        let returns = take(.arrow) ? annotation() : .none
        if kind == .assign, !isRecovering {
            return pipelineDefinition(from: from, mark, name, parameters, returns, receiver)
        }
        let body = block(of: "function definition", from: head)
        scratch.insert(contentsOf: [name, parameters, returns, body, receiver], at: mark)
        return make(.functionDefinition, from: from, waitingFrom: mark)
    }

    private mutating func pipelineDefinition(
        from: UInt32, _ mark: Int, _ name: NodeID, _ parameters: NodeID, _ returns: NodeID, _ receiver: NodeID
    ) -> NodeID {
        if !receiver.isNone {
            note(
                "a method has a block", at: token.range,
                hint: "write a colon, and below it: return ...")
        }
        advance()
        let pipe = expression()
        scratch.insert(contentsOf: [name, parameters, returns, pipe], at: mark)
        return make(.pipelineDefinition, from: from, waitingFrom: mark)
    }

    /// `(p: Point)` before a method's name.
    private mutating func receiver() -> NodeID {
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        let from = start
        guard kind == .name else {
            complainOfToken("expected a name", hint: "a method is written: func (p: Point) name(x):")
            return errorNode()
        }
        let symbol = token.symbol
        advance()
        if !take(.colon) { complainOfToken("expected ':' and the type after the name of the receiver") }
        let type = isRecovering ? errorNode() : annotation()
        let node = make(
            .parameter, from: from, type, .none, detail: ParameterKind.positionalOrKeyword.rawValue,
            first: symbol.rawValue)
        close(.rightParen, bracket)
        return node
    }

    private mutating func missingParameters() -> NodeID {
        complainOfToken("expected '('")
        return tree.addLeaf(.parameters, range(from: start))
    }

    mutating func parenthesizedParameters() -> NodeID {
        guard let bracket = open() else { return errorNode() }
        defer { leave(bracket) }
        let parameters = parameters(until: .rightParen, allowsAnnotations: true)
        close(.rightParen, bracket)
        return parameters
    }

    // MARK: Parameters

    /// What has been seen of a list of parameters.
    private struct Progress {
        var hasStar = false
        /// A bare `*` was read and needs a name after it.
        var needsName = false
        var hasSlash = false
        var hasDefault = false
        var hasKeywords = false
    }

    mutating func parameters(until end: TokenKind, allowsAnnotations: Bool) -> NodeID {
        let from = start
        let mark = scratch.count
        var progress = Progress()
        while !isRecovering, kind != end, kind != .newline, kind != .endOfFile {
            readParameter(&progress, mark, until: end, allowsAnnotations)
            guard take(.comma) else { break }
        }
        if progress.needsName, !isRecovering { note("named arguments must follow bare *", at: range(from: from)) }
        if scratch.count - mark > 1 { refuseRepeatedParameters(from: mark) }
        return make(.parameters, from: from, waitingFrom: mark)
    }

    private mutating func readParameter(
        _ progress: inout Progress, _ mark: Int, until end: TokenKind, _ allowsAnnotations: Bool
    ) {
        let from = start
        if progress.hasKeywords { note("arguments cannot follow var-keyword argument", at: token.range) }
        switch kind {
        case .slash:
            if progress.hasSlash { note("/ may appear only once", at: token.range) }
            if progress.hasStar { note("/ must be ahead of *", at: token.range) }
            if scratch.count == mark { note("at least one argument must precede /", at: token.range) }
            progress.hasSlash = true
            advance()
            for place in mark..<scratch.count { makePositionalOnly(scratch[place]) }
        case .star:
            if progress.hasStar { note("* argument may appear only once", at: token.range) }
            progress.hasStar = true
            advance()
            if kind == .comma || kind == end {
                progress.needsName = true
            } else {
                progress.hasDefault = false
                scratch.append(parameter(.variadic, from: from, allowsAnnotations, &progress))
            }
        case .doubleStar:
            advance()
            if progress.needsName { note("named arguments must follow bare *", at: range(from: from)) }
            progress.needsName = false
            progress.hasKeywords = true
            scratch.append(parameter(.keywords, from: from, allowsAnnotations, &progress))
        default:
            let kind: ParameterKind = progress.hasStar ? .keywordOnly : .positionalOrKeyword
            progress.needsName = false
            scratch.append(parameter(kind, from: from, allowsAnnotations, &progress))
        }
    }

    private mutating func makePositionalOnly(_ parameter: NodeID) {
        let node = tree[parameter]
        tree.nodes[Int(parameter.rawValue)] = SyntaxNode(
            kind: node.kind, detail: ParameterKind.positionalOnly.rawValue, height: node.height,
            isParenthesized: false, range: node.range, firstChild: node.firstChild, childCount: node.childCount,
            first: node.first, second: node.second)
    }

    private mutating func parameter(
        _ parameterKind: ParameterKind, from: UInt32, _ allowsAnnotations: Bool, _ progress: inout Progress
    ) -> NodeID {
        guard kind == .name else {
            complainOfParameter()
            return errorNode()
        }
        let symbol = token.symbol
        advance()
        let annotation = allowsAnnotations && take(.colon) ? self.annotation() : .none
        var value = NodeID.none
        if kind == .assign {
            advance()
            if parameterKind == .variadic || parameterKind == .keywords {
                note(
                    "var-\(parameterKind == .variadic ? "positional" : "keyword") argument cannot have default value",
                    at: token.range)
            }
            value = expression()
        }
        if parameterKind == .positionalOrKeyword {
            if value.isNone, progress.hasDefault {
                note(
                    "non-default argument follows default argument", at: range(from: from),
                    hint: "give it a default too, or put it before those that have one")
            }
            progress.hasDefault = !value.isNone
        }
        return make(
            .parameter, from: from, annotation, value, detail: parameterKind.rawValue, first: symbol.rawValue)
    }

    private mutating func complainOfParameter() {
        switch kind {
        case .scopedName:
            complainOfToken("a parameter has no scope", hint: "write the name alone")
        case .leftParen:
            complainOfToken("Function parameters cannot be parenthesized")
        default:
            complainOfToken("expected the name of a parameter")
        }
    }

    private mutating func refuseRepeatedParameters(from mark: Int) {
        var seen: Set<Symbol> = []
        for parameter in scratch[mark...] where tree.kind(parameter) == .parameter {
            let symbol = tree.symbol(parameter)
            if !seen.insert(symbol).inserted {
                note("duplicate argument '\(tree.text(symbol))' in function definition", at: tree.range(parameter))
            }
        }
    }
}
