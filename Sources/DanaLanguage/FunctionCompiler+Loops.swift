// `while`, `for` and what comprehensions have in common with it.

extension FunctionCompiler {
    /// An iteration in the making: three registers that hold its state, and where its body begins and continues.
    struct Iteration {
        let register: Int
        let body: CodeBuilder.Label
        let next: CodeBuilder.Label
        /// The register that gets each item.
        let item: Int
        let place: SyntaxRange
    }

    mutating func whileStatement(_ node: NodeID) {
        let parts = tree.whileStatement(node)
        let place = tree.range(node)
        let body = code.label()
        let test = code.label()
        let end = code.label()
        let truth = isTrue(parts.condition)
        if truth != true { code.jump(to: test, at: place) }
        code.mark(body)
        surroundings.append(Surrounding(kind: .loop(breakLabel: end, continueLabel: test, iteration: nil)))
        block(parts.body)
        _ = exit()
        code.mark(test)
        condition(parts.condition, jumpTo: body, when: true)
        if let otherwise = parts.otherwise { block(otherwise) }
        code.mark(end)
    }

    mutating func forStatement(_ node: NodeID) {
        let parts = tree.forStatement(node)
        let mark = top
        let place = SyntaxRange(start: tree.range(node).start, end: tree.range(parts.iterable).end)
        let end = code.label()
        let loop = beginIteration(over: parts.iterable, target: parts.target, at: place)
        let mayBeGenerator = mayBeGenerator(parts.iterable)
        enter(
            .loop(
                breakLabel: end, continueLabel: loop.next, iteration: mayBeGenerator ? loop.register : nil))
        block(parts.body)
        let surrounding = exit()
        endIteration(loop)
        if let otherwise = parts.otherwise { block(otherwise) }
        if mayBeGenerator, let surrounding {
            code.jump(to: end, at: place)
            closeOnException(surrounding, loop.register, at: place)
        }
        code.mark(end)
        pop(to: mark)
    }

    /// Closes an iteration that an exception cuts short.
    private mutating func closeOnException(_ surrounding: Surrounding, _ iteration: Int, at place: SyntaxRange) {
        let exception = push()
        handle(.cleansUp, surrounding, target: code.position, register: exception)
        code.emit(.closeIteration, a: iteration, at: place)
        code.emit(.reraise, a: exception, at: place)
        pop(to: exception)
    }

    /// Whether what is iterated over can be a generator, to be closed when the loop is left early.
    private func mayBeGenerator(_ iterable: NodeID) -> Bool {
        switch tree.kind(iterable) {
        case .list, .tuple, .set, .dictionary, .string, .formattedString, .bytes, .listComprehension,
            .setComprehension, .dictionaryComprehension:
            return false
        case .chain:
            let parts = tree.chain(iterable)
            guard parts.suffixes.count == 1, tree.kind(parts.base) == .name,
                resolution.binding(parts.base).kind == .global
            else { return true }
            return text.name(tree.symbol(parts.base)) != "range"
        default: return true
        }
    }

    /// Begins to iterate and assigns an item to the target; the body follows. Without an iterable, the first register
    /// holds what is iterated over.
    mutating func beginIteration(over iterable: NodeID?, target: NodeID, at place: SyntaxRange) -> Iteration {
        let register = push()
        // Nothing but the iteration holds what is made for it.
        var source = register
        if let iterable {
            if let variable = variableRegister(iterable) {
                source = variable
            } else {
                expression(iterable, into: source)
            }
        } else {
            source = 0
        }
        _ = push()
        _ = push()
        code.emit(.getIterator, a: register, b: source, at: place)
        let variable = plainVariable(target)
        let item = variable ?? push()
        let loop = Iteration(register: register, body: code.label(), next: code.label(), item: item, place: place)
        code.jump(to: loop.next, at: place)
        code.mark(loop.body)
        if variable == nil { assign(target, from: item) }
        return loop
    }

    mutating func endIteration(_ loop: Iteration) {
        code.mark(loop.next)
        code.jump(.forNext, a: loop.register, b: loop.item, to: loop.body, at: loop.place)
    }

    /// The register of a target that is a variable with one.
    func plainVariable(_ target: NodeID) -> Int? {
        guard tree.kind(target) == .name || tree.kind(target) == .scopedName else { return nil }
        let binding = resolution.binding(target)
        return binding.kind == .local ? register(ofLocal: binding.index) : nil
    }
}
