// Attributes, items and calls, one after the other.

extension FunctionCompiler {
    mutating func chain(_ node: NodeID, into target: Int) {
        chainPart(node, through: tree.chain(node).suffixes.count, into: target)
    }

    /// The register that holds the value of a chain's base and its first suffixes.
    mutating func chainOperand(_ node: NodeID, through count: Int, until end: UInt32) -> Int {
        let base = tree.chain(node).base
        if count == 0 { return operand(base, until: end) }
        let register = push()
        chainPart(node, through: count, into: register)
        return register
    }

    /// Compiles a chain's base and its first suffixes; their value ends up in the target.
    mutating func chainPart(_ node: NodeID, through count: Int, into target: Int) {
        let suffixes = tree.chain(node).suffixes
        let end = tree.range(node).end
        // The window of calls begins at the highest temporary: that of the target, where it is one.
        let work = target == top - 1 && isTemporary(target) ? target : push()
        var value = chainBase(node, isCalled: tree.kind(tree[suffixes, 0]) == .call, into: work, until: end)
        var place = 0
        while place < count {
            let suffix = tree[suffixes, place]
            let isMethod =
                tree.kind(suffix) == .attribute && place + 1 < count
                && tree.kind(tree[suffixes, place + 1]) == .call
            let last = isMethod ? place + 1 : place
            let range = tree.range(ofChain: node, through: last)
            let result = last == count - 1 ? target : work
            switch tree.kind(suffix) {
            case .attribute where isMethod:
                bring(value, to: work, at: range)
                let name = tree.range(ofChain: node, through: place)
                methodCall(tree.symbol(suffix), tree[suffixes, last], window: work, named: name, at: range)
                deliver(work, to: result, at: range)
            case .attribute:
                let site = code.site(tree.symbol(suffix), in: text)
                code.emit(.getAttribute, a: result, b: value, c: site, at: range)
            case .item:
                item(tree.child(suffix, 0), of: value, into: result, at: range)
            default:
                bring(value, to: work, at: range)
                call(suffix, window: work, at: range)
                deliver(work, to: result, at: range)
            }
            value = result
            pop(to: work + 1)
            place = last + 1
        }
    }

    /// The register of a chain's base: a variable's own unless it is called.
    private mutating func chainBase(_ node: NodeID, isCalled: Bool, into work: Int, until end: UInt32) -> Int {
        let base = tree.chain(node).base
        if !isCalled, !text.hasWalrus(from: tree.range(base).end, to: end), let register = variableRegister(base) {
            return register
        }
        expression(base, into: work)
        return work
    }

    private mutating func bring(_ value: Int, to work: Int, at place: SyntaxRange) {
        if value != work { code.emit(.move, a: work, b: value, at: place) }
    }

    // MARK: Items

    /// `value[index]`
    private mutating func item(_ index: NodeID, of value: Int, into target: Int, at place: SyntaxRange) {
        if let integer = text.shortInteger(index) {
            code.emit(.getItemInteger, a: target, b: value, integer: integer, at: place)
            return
        }
        let register = operand(index)
        code.emit(.getItem, a: target, b: value, c: register, at: place)
    }

    mutating func slice(_ node: NodeID, into target: Int) {
        let slice = tree.slice(node)
        let first = bound(slice.lower, at: node)
        _ = bound(slice.upper, at: node)
        _ = bound(slice.step, at: node)
        code.emit(.makeSlice, a: target, b: first, at: tree.range(node))
    }

    private mutating func bound(_ node: NodeID?, at slice: NodeID) -> Int {
        let register = push()
        if let node {
            expression(node, into: register)
        } else {
            code.emit(.loadNull, a: register, at: tree.range(slice))
        }
        return register
    }

    // MARK: Calls

    /// Calls the function in the window's first register; the result replaces it.
    mutating func call(_ node: NodeID, window: Int, at place: SyntaxRange) {
        let arguments = tree.children(node)
        if isSpread(arguments) {
            spreadArguments(arguments, window: window, at: place)
            code.emit(.callSpread, a: window, at: place)
            return
        }
        let keywords = pushArguments(arguments)
        if keywords.isEmpty {
            code.emit(.call, a: window, b: arguments.count, at: place)
        } else {
            let names = code.keywords(keywords)
            code.emit(.callKeywords, a: window, b: arguments.count, c: names, at: place)
        }
    }

    private mutating func methodCall(
        _ symbol: Symbol, _ node: NodeID, window: Int, named name: SyntaxRange, at place: SyntaxRange
    ) {
        let arguments = tree.children(node)
        if isSpread(arguments) {
            let site = code.site(symbol, in: text)
            code.emit(.getAttribute, a: window, b: window, c: site, at: name)
            call(node, window: window, at: place)
            return
        }
        let keywords = pushArguments(arguments)
        let site = code.site(symbol, keywords: keywords, in: text)
        let opcode: Opcode = keywords.isEmpty ? .callMethod : .callMethodKeywords
        code.emit(opcode, a: window, b: arguments.count, c: site, at: place)
    }

    /// Whether arguments hold `*x` or `**x`.
    func isSpread(_ arguments: NodeList) -> Bool {
        for argument in tree[arguments] {
            let kind = tree.kind(argument)
            if kind == .starred || kind == .doubleStarred { return true }
        }
        return false
    }

    /// Compiles arguments into the next temporaries; the names of those that have one are the result.
    mutating func pushArguments(_ arguments: NodeList) -> [String] {
        var keywords: [String] = []
        for argument in tree[arguments] {
            if tree.kind(argument) == .keywordArgument {
                keywords.append(text.name(tree.symbol(argument)))
                pushed(tree.child(argument, 0))
            } else {
                pushed(argument)
            }
        }
        return keywords
    }

    /// Compiles arguments into a list and, where there are keywords, a dict, in the window's next two registers.
    private mutating func spreadArguments(_ arguments: NodeList, window: Int, at place: SyntaxRange) {
        let positions = push()
        let keywords = push()
        var positional: [NodeID] = []
        var named: [NodeID] = []
        for argument in tree[arguments] {
            let kind = tree.kind(argument)
            if kind == .keywordArgument || kind == .doubleStarred {
                named.append(argument)
            } else {
                positional.append(argument)
            }
        }
        gather(positional, .list, into: positions, at: place)
        guard !named.isEmpty else {
            code.emit(.clear, a: keywords, at: place)
            return
        }
        code.emit(.makeDict, a: keywords, b: keywords, c: 0, at: place)
        for argument in named {
            let mark = top
            let range = tree.range(argument)
            let entry = push()
            if tree.kind(argument) == .doubleStarred {
                expression(tree.child(argument, 0), into: entry)
            } else {
                load(.string(text.name(tree.symbol(argument))), into: entry, at: range)
                pushed(tree.child(argument, 0))
                code.emit(.makeDict, a: entry, b: entry, c: 1, at: range)
            }
            code.emit(.dictMerge, a: keywords, b: entry, c: window, at: place)
            pop(to: mark)
        }
    }
}
