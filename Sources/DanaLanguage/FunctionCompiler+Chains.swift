// Attributes, items and calls, one after the other.

extension FunctionCompiler {
    func chain(_ node: NodeID, into target: Int) {
        chainPart(node, through: tree.chain(node).suffixes.count, into: target)
    }

    /// The register that holds the value of a chain's base and its first suffixes.
    func chainOperand(_ node: NodeID, through count: Int, until end: UInt32) -> Int {
        let base = tree.chain(node).base
        if count == 0 { return operand(base, until: end) }
        let register = push()
        chainPart(node, through: count, into: register)
        return register
    }

    /// A chain while it is compiled.
    private struct Walk {
        let node: NodeID
        let suffixes: NodeList
        /// How many suffixes are compiled.
        let count: Int
        let target: Int
        /// The first register of calls.
        let window: Int
        /// The register of the value so far.
        var value: Int
        /// The next suffix.
        var place = 0
    }

    /// Compiles a chain's base and its first suffixes; their value ends up in the target. What has much to emit is
    /// done apart from what compiles further expressions, so that chains in chains need little stack.
    func chainPart(_ node: NodeID, through count: Int, into target: Int) {
        let suffixes = tree.chain(node).suffixes
        // The window of calls begins at the highest temporary: that of the target, where it is one.
        let window = target == top - 1 && isTemporary(target) ? target : push()
        let value = chainBase(node, isCalled: tree.kind(tree[suffixes, 0]) == .call, into: window)
        var walk = Walk(node: node, suffixes: suffixes, count: count, target: target, window: window, value: value)
        while walk.place < count {
            switch tree.kind(tree[suffixes, walk.place]) {
            case .attribute: if isMethod(walk) { methodCall(&walk) } else { attribute(&walk) }
            case .item: item(&walk)
            default: call(&walk)
            }
            pop(to: window + 1)
        }
    }

    /// The register of a chain's base: a variable's own unless it is called.
    private func chainBase(_ node: NodeID, isCalled: Bool, into work: Int) -> Int {
        let base = tree.chain(node).base
        let end = tree.range(node).end
        if !isCalled, !text.hasWalrus(from: tree.range(base).end, to: end), let register = variableRegister(base) {
            return register
        }
        expression(base, into: work)
        return work
    }

    private func isMethod(_ walk: Walk) -> Bool {
        walk.place + 1 < walk.count && tree.kind(tree[walk.suffixes, walk.place + 1]) == .call
    }

    /// The source of a chain through the next suffixes.
    private func range(_ walk: Walk, suffixes count: Int) -> SyntaxRange {
        tree.range(ofChain: walk.node, through: walk.place + count - 1)
    }

    /// The register for the value after the next suffixes.
    private func result(_ walk: Walk, suffixes count: Int) -> Int {
        walk.place + count == walk.count ? walk.target : walk.window
    }

    private func attribute(_ walk: inout Walk) {
        let result = result(walk, suffixes: 1)
        let site = code.site(tree.symbol(tree[walk.suffixes, walk.place]), in: text)
        code.emit(.getAttribute, a: result, b: walk.value, c: site, at: range(walk, suffixes: 1))
        walk.value = result
        walk.place += 1
    }

    private func item(_ walk: inout Walk) {
        let result = result(walk, suffixes: 1)
        let index = tree.child(tree[walk.suffixes, walk.place], 0)
        item(index, of: walk.value, into: result, at: range(walk, suffixes: 1))
        walk.value = result
        walk.place += 1
    }

    private func call(_ walk: inout Walk) {
        bring(walk, suffixes: 1)
        call(tree[walk.suffixes, walk.place], window: walk.window, at: range(walk, suffixes: 1))
        deliver(&walk, suffixes: 1)
    }

    private func methodCall(_ walk: inout Walk) {
        bring(walk, suffixes: 2)
        let arguments = tree.children(tree[walk.suffixes, walk.place + 1])
        if isSpread(arguments) {
            attribute(walk.window, of: walk)
            spreadCall(arguments, window: walk.window, at: range(walk, suffixes: 2))
        } else {
            requireMethod(walk, before: arguments)
            let keywords = pushArguments(arguments)
            emitMethodCall(walk, arguments.count, keywords)
        }
        deliver(&walk, suffixes: 2)
    }

    /// Takes a method from the value in the window.
    private func attribute(_ window: Int, of walk: Walk) {
        let site = code.site(tree.symbol(tree[walk.suffixes, walk.place]), in: text)
        code.emit(.getAttribute, a: window, b: window, c: site, at: range(walk, suffixes: 1))
    }

    /// Looks for a method before arguments that could fail or act, as Python does.
    private func requireMethod(_ walk: Walk, before arguments: NodeList) {
        let isPlain = tree[arguments].allSatisfy { argument in
            switch tree.kind(argument) {
            case .name, .integer, .float, .string, .bytes, .nullLiteral, .trueLiteral, .falseLiteral, .lambda: true
            default: false
            }
        }
        if isPlain { return }
        let site = code.site(tree.symbol(tree[walk.suffixes, walk.place]), in: text)
        code.emit(.requireAttribute, a: walk.window, c: site, at: range(walk, suffixes: 1))
    }

    private func emitMethodCall(_ walk: Walk, _ count: Int, _ keywords: [String]) {
        let symbol = tree.symbol(tree[walk.suffixes, walk.place])
        let site = code.site(symbol, keywords: keywords, in: text)
        let opcode: Opcode = keywords.isEmpty ? .callMethod : .callMethodKeywords
        code.emit(opcode, a: walk.window, b: count, c: site, at: range(walk, suffixes: 2))
    }

    /// Brings the value so far to the window.
    private func bring(_ walk: Walk, suffixes count: Int) {
        guard walk.value != walk.window else { return }
        code.emit(.move, a: walk.window, b: walk.value, at: range(walk, suffixes: count))
    }

    /// Brings a call's result from the window to where it belongs.
    private func deliver(_ walk: inout Walk, suffixes count: Int) {
        let result = result(walk, suffixes: count)
        deliver(walk.window, to: result, at: range(walk, suffixes: count))
        walk.value = result
        walk.place += count
    }

    // MARK: Items

    /// `value[index]`
    private func item(_ index: NodeID, of value: Int, into target: Int, at place: SyntaxRange) {
        if let integer = text.shortInteger(index) {
            code.emit(.getItemInteger, a: target, b: value, integer: integer, at: place)
            return
        }
        let register = indexOperand(index)
        code.emit(.getItem, a: target, b: value, c: register, at: place)
    }

    func slice(_ node: NodeID, into target: Int) {
        let slice = tree.slice(node)
        let first = bound(slice.lower, at: node)
        _ = bound(slice.upper, at: node)
        _ = bound(slice.step, at: node)
        code.emit(.makeSlice, a: target, b: first, at: tree.range(node))
    }

    private func bound(_ node: NodeID?, at slice: NodeID) -> Int {
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
    private func call(_ node: NodeID, window: Int, at place: SyntaxRange) {
        let arguments = tree.children(node)
        if isSpread(arguments) {
            spreadCall(arguments, window: window, at: place)
        } else {
            let keywords = pushArguments(arguments)
            emitCall(window, arguments.count, keywords, at: place)
        }
    }

    func emitCall(_ window: Int, _ count: Int, _ keywords: [String], at place: SyntaxRange) {
        if keywords.isEmpty {
            code.emit(.call, a: window, b: count, at: place)
        } else {
            code.emit(.callKeywords, a: window, b: count, c: code.keywords(keywords), at: place)
        }
    }

    private func spreadCall(_ arguments: NodeList, window: Int, at place: SyntaxRange) {
        spreadArguments(arguments, window: window, at: place)
        code.emit(.callSpread, a: window, at: place)
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
    func pushArguments(_ arguments: NodeList) -> [String] {
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
    private func spreadArguments(_ arguments: NodeList, window: Int, at place: SyntaxRange) {
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
