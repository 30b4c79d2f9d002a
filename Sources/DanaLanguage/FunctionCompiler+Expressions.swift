import DanaData

// Expressions of one value.

extension FunctionCompiler {
    /// Compiles an expression so that its value ends up in a register.
    func expression(_ node: NodeID, into target: Int) {
        let mark = top
        switch tree.kind(node) {
        case .name, .scopedName, .placeholder: load(node, into: target)
        case .ellipsis: ellipsis(node, into: target)
        case .nullLiteral: code.emit(.loadNull, a: target, at: tree.range(node))
        case .trueLiteral: code.emit(.loadTrue, a: target, at: tree.range(node))
        case .falseLiteral: code.emit(.loadFalse, a: target, at: tree.range(node))
        case .integer, .float, .string, .bytes: literal(node, into: target)
        case .formattedString: formattedString(tree.children(node), into: target, at: node)
        case .tuple: tuple(node, into: target)
        case .list: list(node, into: target)
        case .set: set(node, into: target)
        case .dictionary: dictionary(node, into: target)
        case .listComprehension, .setComprehension, .dictionaryComprehension: comprehension(node, into: target)
        case .generatorExpression: generatorExpression(node, into: target)
        case .unary: unary(node, into: target)
        case .binary: binary(node, into: target)
        case .power: power(node, into: target)
        case .comparison: comparison(node, into: target)
        case .and: choice(node, .jumpIfFalse, into: target)
        case .or: choice(node, .jumpIfTrue, into: target)
        case .pipe: pipe(node, into: target)
        case .stageItem: makeFunction(node, parameters: [], into: target)
        case .namedStage: expression(tree.namedStage(node).expression, into: target)
        case .conditional: conditional(node, into: target)
        case .walrus: walrus(node, into: target)
        case .lambda: lambda(node, into: target)
        case .yield: yield(node, into: target)
        case .yieldFrom: yieldFrom(node, into: target)
        case .chain: chain(node, into: target)
        case .slice: slice(node, into: target)
        case .annotation: typeExpression(node, into: target)
        default: code.emit(.loadNull, a: target, at: tree.range(node))
        }
        pop(to: mark)
    }

    /// The register that holds an expression's value: a variable's own, or a new temporary. A variable that an
    /// assignment between the expression and `end` may change is copied.
    func operand(_ node: NodeID, until end: UInt32) -> Int {
        if !text.hasWalrus(from: tree.range(node).end, to: end), let register = variableRegister(node) {
            return register
        }
        let register = push()
        expression(node, into: register)
        return register
    }

    /// The register that holds an expression's value, with nothing evaluated between this and its use.
    func operand(_ node: NodeID) -> Int {
        operand(node, until: 0)
    }

    /// Compiles an expression into the next temporary.
    @discardableResult
    func pushed(_ node: NodeID) -> Int {
        let register = push()
        expression(node, into: register)
        return register
    }

    // MARK: Literals

    private func literal(_ node: NodeID, into target: Int) {
        guard let constant = text.constant(node) else { return }
        load(constant, into: target, at: tree.range(node))
    }

    func load(_ constant: Code.Constant, into target: Int, at place: SyntaxRange) {
        switch constant {
        case .null: code.emit(.loadNull, a: target, at: place)
        case .bool(let value): code.emit(value ? .loadTrue : .loadFalse, a: target, at: place)
        case .integer(let value) where Int32(exactly: value) != nil:
            code.emit(.loadInteger, a: target, wide: value, at: place)
        default: code.emit(.loadConstant, a: target, wide: code.constant(constant), at: place)
        }
    }

    /// The strings and interpolations of a formatted string or of a format specification, joined.
    private func formattedString(_ parts: NodeList, into target: Int, at node: NodeID) {
        let place = tree.range(node)
        guard !parts.isEmpty else {
            load(.string(""), into: target, at: place)
            return
        }
        if parts.count == 1 {
            formattedPart(tree[parts, 0], into: target)
            return
        }
        let first = top
        for place in 0..<parts.count {
            if top - first == FunctionCompiler.run {
                code.emit(.joinStrings, a: first, b: first, c: top - first, at: tree.range(node))
                pop(to: first + 1)
            }
            let register = push()
            formattedPart(tree[parts, place], into: register)
        }
        code.emit(.joinStrings, a: target, b: first, c: top - first, at: place)
    }

    private func formattedPart(_ node: NodeID, into target: Int) {
        guard tree.kind(node) == .interpolation else {
            expression(node, into: target)
            return
        }
        let mark = top
        let part = tree.interpolation(node)
        let value = operand(part.expression, until: tree.range(node).end)
        var format = Int(Instruction.none)
        if let specification = part.specification {
            format = push()
            formattedString(tree.children(specification), into: format, at: specification)
        }
        let conversion: UInt8 =
            switch part.conversion {
            case .none: 0
            case .string: UInt8(ascii: "s")
            case .representation: UInt8(ascii: "r")
            case .ascii: UInt8(ascii: "a")
            }
        code.emit(.formatValue, a: target, b: value, c: format, x: Int(conversion), at: tree.range(part.expression))
        pop(to: mark)
    }

    /// How many values are gathered in registers before they are put together.
    static var run: Int { 64 }

    // MARK: Choices

    /// `and` and `or`: the first operand that decides, or the last.
    private func choice(_ node: NodeID, _ jump: Opcode, into target: Int) {
        let operands = tree.children(node)
        let value = scratch(for: target)
        let end = code.label()
        for place in 0..<operands.count {
            let operand = tree[operands, place]
            expression(operand, into: value)
            if place < operands.count - 1 { code.jump(jump, a: value, to: end, at: tree.range(operand)) }
        }
        code.mark(end)
        deliver(value, to: target, at: tree.range(node))
    }

    private func conditional(_ node: NodeID, into target: Int) {
        let arms = tree.arms(node)
        let end = code.label()
        for arm in 0..<arms.count {
            let next = code.label()
            let outcome = tree.outcome(of: arms, arm)
            condition(tree.condition(of: arms, arm), jumpTo: next, when: false)
            expression(outcome, into: target)
            code.jump(to: end, at: tree.range(outcome))
            code.mark(next)
        }
        if let otherwise = arms.otherwise { expression(otherwise, into: target) }
        code.mark(end)
    }

    private func walrus(_ node: NodeID, into target: Int) {
        let parts = tree.walrus(node)
        let value = scratch(for: target)
        expression(parts.value, into: value)
        let copy = push()
        code.emit(.move, a: copy, b: value, at: tree.range(node))
        store(parts.name, from: copy)
        deliver(value, to: target, at: tree.range(node))
    }

    // MARK: Generators

    private func yield(_ node: NodeID, into target: Int) {
        let value = push()
        if let given = tree.children(node).count > 0 ? tree.optionalChild(node, 0) : nil {
            expression(given, into: value)
        } else {
            code.emit(.loadNull, a: value, at: tree.range(node))
        }
        code.emit(.yield, a: target, b: value, at: tree.range(node))
    }

    private func yieldFrom(_ node: NodeID, into target: Int) {
        let place = tree.range(node)
        let iteration = push()
        _ = push()
        _ = push()
        let item = push()
        expression(tree.child(node, 0), into: item)
        code.emit(.getIterator, a: iteration, b: item, at: place)
        let body = code.label()
        let next = code.label()
        code.jump(to: next, at: place)
        code.mark(body)
        let position = code.position
        code.emit(.yield, a: item, b: item, at: place)
        code.emit(.sendTo, a: iteration, b: item, at: place)
        code.mark(next)
        code.jump(.forNext, a: iteration, b: item, to: body, at: place)
        let finished = code.label()
        code.mark(finished)
        code.emit(.take, a: target, b: iteration, at: place)
        let end = code.label()
        code.jump(to: end, at: place)
        let thrown = code.position
        code.handle(.cleansUp, from: position, to: position + 1, target: thrown, register: item)
        code.jump(.throwInto, a: iteration, b: item, to: body, at: place)
        code.jump(to: finished, at: place)
        code.handle(.cleansUp, from: thrown, to: thrown + 1, target: code.position, register: item)
        code.emit(.closeIteration, a: iteration, at: place)
        code.emit(.reraise, a: item, at: place)
        code.mark(end)
    }
}
