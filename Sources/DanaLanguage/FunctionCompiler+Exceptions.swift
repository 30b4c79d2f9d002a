// `try`, `with` and `raise`.

extension FunctionCompiler {
    func tryStatement(_ node: NodeID) {
        let parts = tree.tryStatement(node)
        guard let finally = parts.finally else {
            guardedBody(node)
            return
        }
        let mark = top
        let place = tree.range(finally)
        let registers = Surrounding.FinallyRegisters(exception: push(), action: push(), value: push())
        let start = code.label()
        enter(.finally(registers, finally: start))
        if parts.clauses.isEmpty { block(parts.body) } else { guardedBody(node) }
        guard let surrounding = exit() else { return }
        code.emit(.clear, a: registers.exception, at: place)
        if !surrounding.exits.isEmpty { code.emit(.loadInteger, a: registers.action, wide: 0, at: place) }
        code.jump(to: start, at: place)
        handle(.cleansUp, surrounding, target: code.position, register: registers.exception)
        code.mark(start)
        enter(.handling(registers.exception))
        block(finally)
        exitHandling()
        resume(surrounding.exits, registers, at: place)
        pop(to: mark)
    }

    /// What follows a finally block: the exception again, the exit that led to it, or what stands behind it.
    private func resume(
        _ exits: [Surrounding.Exit], _ registers: Surrounding.FinallyRegisters, at place: SyntaxRange
    ) {
        let regular = code.label()
        code.jump(.jumpIfUndefined, a: registers.exception, to: regular, at: place)
        code.emit(.reraise, a: registers.exception, at: place)
        code.mark(regular)
        for (index, exit) in exits.enumerated() {
            let next = code.label()
            code.jump(.jumpIfNotEqualInteger, a: registers.action, b: index + 1, to: next, at: place)
            leave(exit, value: registers.value, at: place)
            code.mark(next)
        }
    }

    /// A `try` body with its except clauses and its else block.
    private func guardedBody(_ node: NodeID) {
        let parts = tree.tryStatement(node)
        let mark = top
        let exception = push()
        let end = code.label()
        enter(.guarded)
        block(parts.body)
        guard let surrounding = exit() else { return }
        if let otherwise = parts.otherwise { block(otherwise) }
        code.jump(to: end, at: tree.range(node))
        handle(.catches, surrounding, target: code.position, register: exception)
        enter(.handling(exception))
        for clause in tree[parts.clauses] { exceptClause(clause, exception, end: end) }
        exitHandling()
        code.emit(.reraise, a: exception, at: tree.range(node))
        code.mark(end)
        pop(to: mark)
    }

    private func exceptClause(_ node: NodeID, _ exception: Int, end: CodeBuilder.Label) {
        let clause = tree.exceptClause(node)
        let place = tree.range(node)
        let mark = top
        let next = code.label()
        if let kinds = clause.kinds {
            let register = pushed(kinds)
            code.emit(.matchException, a: register, b: exception, c: register, at: place)
            code.jump(.jumpIfFalse, a: register, to: next, at: place)
            pop(to: mark)
        }
        if let name = clause.name {
            namedHandler(clause.body, name, exception)
        } else {
            block(clause.body)
        }
        code.emit(.clear, a: exception, at: place)
        code.jump(to: end, at: place)
        code.mark(next)
    }

    /// The body of `except E as name`; the name has no value behind it, however it is left.
    private func namedHandler(_ body: NodeID, _ name: NodeID, _ exception: Int) {
        let mark = top
        let place = tree.range(name)
        let copy = push()
        code.emit(.move, a: copy, b: exception, at: place)
        store(name, from: copy)
        enter(.exceptionName(name))
        block(body)
        guard let surrounding = exit() else { return }
        let behind = code.label()
        unset(name)
        code.jump(to: behind, at: place)
        handle(.cleansUp, surrounding, target: code.position, register: copy)
        unset(name)
        code.emit(.reraise, a: copy, at: place)
        code.mark(behind)
        pop(to: mark)
    }

    /// Closes the surrounding in which an exception is handled.
    private func exitHandling() {
        guard let surrounding = exit(), case .handling(let exception) = surrounding.kind else { return }
        for stretch in surrounding.stretches {
            code.handle(
                .handling, from: stretch.lowerBound, to: stretch.upperBound, target: stretch.lowerBound,
                register: exception)
        }
    }

    func raiseStatement(_ node: NodeID) {
        let place = tree.range(node)
        let children = tree.children(node)
        guard !children.isEmpty, let exception = tree.optionalChild(node, 0) else {
            reraise(at: place)
            return
        }
        let mark = top
        let value = pushed(exception)
        var cause = Int(Instruction.none)
        if children.count > 1, let node = tree.optionalChild(node, 1) { cause = pushed(node) }
        code.emit(.raise, a: value, b: cause, at: place)
        pop(to: mark)
    }

    /// `raise` without an exception: again the one being handled.
    private func reraise(at place: SyntaxRange) {
        let mark = top
        let none = push()
        code.emit(.clear, a: none, at: place)
        code.emit(.reraise, a: handledException ?? none, at: place)
        pop(to: mark)
    }

    /// The register of the exception that the innermost handler handles.
    private var handledException: Int? {
        for surrounding in surroundings.reversed() {
            if case .handling(let exception) = surrounding.kind { return exception }
        }
        return nil
    }

    // MARK: With

    func withStatement(_ node: NodeID) {
        let parts = tree.withStatement(node)
        let mark = top
        var open: [(manager: Int, end: CodeBuilder.Label, place: SyntaxRange)] = []
        for item in tree[parts.items] {
            let item = tree.withItem(item)
            let place = tree.range(item.context)
            let manager = pushed(item.context)
            let value = push()
            code.emit(.enter, a: value, b: manager, at: place)
            enter(.with(manager: manager, place: place))
            if let target = item.target { assign(target, from: value) }
            pop(to: value)
            open.append((manager, code.label(), place))
        }
        block(parts.body)
        for item in open.reversed() { endWith(item.manager, end: item.end, at: item.place) }
        pop(to: mark)
    }

    /// Takes the registers that `leave` uses; the first gets its answer.
    func pushLeaveWindow() -> Int {
        let first = push()
        for _ in 0..<3 { _ = push() }
        return first
    }

    private func endWith(_ manager: Int, end: CodeBuilder.Label, at place: SyntaxRange) {
        guard let surrounding = exit() else { return }
        let exception = push()
        let answer = pushLeaveWindow()
        code.emit(.leave, a: answer, b: manager, c: Int(Instruction.none), at: place)
        code.jump(to: end, at: place)
        handle(.cleansUp, surrounding, target: code.position, register: exception)
        let start = code.position
        code.emit(.leave, a: answer, b: manager, c: exception, at: place)
        code.handle(.handling, from: start, to: code.position, target: start, register: exception)
        code.jump(.jumpIfTrue, a: answer, to: end, at: place)
        code.emit(.reraise, a: exception, at: place)
        code.mark(end)
        pop(to: exception)
    }
}
