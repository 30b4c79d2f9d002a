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
        let isExported = kind == .name && symbol == .export
        let exportStart = start
        if isExported { advance() }
        guard kind == .def || (kind == .name && symbol == .function) else {
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
        let name = nameLeaf()
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
        let symbol = symbol
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
        judgePlace(progress, isFirst: scratch.count == mark)
        let from = start
        var parameterKind: ParameterKind = progress.hasStar ? .keywordOnly : .positionalOrKeyword
        switch kind {
        case .slash:
            progress.hasSlash = true
            advance()
            for parameter in scratch[mark...] { tree.markPositionalOnly(parameter) }
            return
        case .star:
            progress.hasStar = true
            advance()
            progress.needsName = kind == .comma || kind == end
            if progress.needsName { return }
            progress.hasDefault = false
            parameterKind = .variadic
        case .doubleStar:
            progress.hasKeywords = true
            advance()
            parameterKind = .keywords
        default:
            break
        }
        progress.needsName = false
        scratch.append(parameter(parameterKind, from: from, allowsAnnotations, &progress))
    }

    /// Tells of a parameter or a mark that cannot follow what was read.
    private mutating func judgePlace(_ progress: Progress, isFirst: Bool) {
        if progress.hasKeywords { note("arguments cannot follow var-keyword argument", at: token.range) }
        switch kind {
        case .slash where progress.hasSlash: note("/ may appear only once", at: token.range)
        case .slash where progress.hasStar: note("/ must be ahead of *", at: token.range)
        case .slash where isFirst: note("at least one argument must precede /", at: token.range)
        case .star where progress.hasStar: note("* argument may appear only once", at: token.range)
        case .doubleStar where progress.needsName: note("named arguments must follow bare *", at: token.range)
        default: return
        }
    }

    private mutating func parameter(
        _ parameterKind: ParameterKind, from: UInt32, _ allowsAnnotations: Bool, _ progress: inout Progress
    ) -> NodeID {
        guard kind == .name else {
            complainOfParameter()
            return errorNode()
        }
        let name = readSymbol()
        let annotation = allowsAnnotations && take(.colon) ? self.annotation() : .none
        let value = take(.assign) ? expression() : .none
        if parameterKind != .keywordOnly {
            judgeDefault(of: parameterKind, from: from, isGiven: !value.isNone, progress)
            progress.hasDefault = !value.isNone
        }
        return make(.parameter, from: from, annotation, value, detail: parameterKind.rawValue, first: name.rawValue)
    }

    private mutating func judgeDefault(
        of parameterKind: ParameterKind, from: UInt32, isGiven: Bool, _ progress: Progress
    ) {
        switch parameterKind {
        case .variadic where isGiven:
            note("var-positional argument cannot have default value", at: range(from: from))
        case .keywords where isGiven:
            note("var-keyword argument cannot have default value", at: range(from: from))
        case .positionalOrKeyword where !isGiven && progress.hasDefault:
            note(
                "non-default argument follows default argument", at: range(from: from),
                hint: "give it a default too, or put it before those that have one")
        default:
            return
        }
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
        for parameter in scratch[mark...] where kindOf(parameter) == .parameter {
            let symbol = tree.symbol(parameter)
            if !seen.insert(symbol).inserted {
                note("duplicate argument '\(tree.symbols.text(symbol))' in function definition", at: rangeOf(parameter))
            }
        }
    }
}
