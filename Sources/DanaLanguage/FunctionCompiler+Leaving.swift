// Leaving loops, `try` and `with` by `return`, `break` and `continue`.

extension FunctionCompiler {
    /// Opens a surrounding whose exceptions are dealt with from here on.
    func enter(_ kind: Surrounding.Kind) {
        surroundings.append(Surrounding(kind: kind, start: code.position))
    }

    /// Closes the innermost surrounding.
    func exit() -> Surrounding? {
        guard var surrounding = surroundings.popLast() else { return nil }
        surrounding.suspend(at: code.position)
        return surrounding
    }

    /// Says where the exceptions of a closed surrounding go.
    func handle(_ kind: Code.Handler.Kind, _ surrounding: Surrounding, target: Int, register: Int) {
        for stretch in surrounding.stretches {
            code.handle(
                kind, from: stretch.lowerBound, to: stretch.upperBound, target: target, register: register)
        }
    }

    func returnStatement(_ node: NodeID) {
        let place = tree.range(node)
        guard let valueNode = tree.children(node).isEmpty ? nil : tree.optionalChild(node, 0) else {
            checkNull(at: place)
            leave(.return(hasValue: false), value: 0, at: place)
            return
        }
        let mark = top
        // What surrounds the statement may still change a variable, so that then the value is copied.
        let type = pushResultType()
        let value = surroundings.isEmpty ? operand(valueNode) : pushed(valueNode)
        checkResult(value, is: type, at: tree.range(valueNode))
        if type == nil, mayAsk(valueNode) { tellResult(value, at: tree.range(valueNode)) }
        leave(.return(hasValue: true), value: value, at: place)
        pop(to: mark)
    }

    /// Whether an expression may be a call whose value takes a way to the caller on which it is not seen to be the
    /// function's.
    private func mayAsk(_ node: NodeID) -> Bool {
        switch tree.kind(node) {
        case .chain, .pipe, .conditional: break
        default: return false
        }
        return surroundings.contains { surrounding in
            switch surrounding.kind {
            case .finally, .with, .exceptionName: true
            case .guarded, .handling, .loop: false
            }
        }
    }

    func breakStatement(_ node: NodeID) {
        for depth in surroundings.indices.reversed() {
            guard case .loop(let label, _, _) = surroundings[depth].kind else { continue }
            leave(.jump(label, depth: depth), value: 0, at: tree.range(node))
            return
        }
    }

    func continueStatement(_ node: NodeID) {
        for depth in surroundings.indices.reversed() {
            guard case .loop(_, let label, _) = surroundings[depth].kind else { continue }
            leave(.jump(label, depth: depth + 1), value: 0, at: tree.range(node))
            return
        }
    }

    /// Leaves the surroundings, innermost first, doing what each asks for. A finally block takes over: what remains
    /// to be left follows behind it. The code that leaves is not protected by what it has left.
    func leave(_ exit: Surrounding.Exit, value: Int, at place: SyntaxRange) {
        var end = 0
        if case .jump(_, let depth) = exit { end = depth }
        var depth = surroundings.count
        var isTaken = false
        while depth > end, !isTaken {
            depth -= 1
            surroundings[depth].suspend(at: code.position)
            isTaken = leave(depth, by: exit, value: value, at: place)
        }
        if !isTaken {
            switch exit {
            case .return(true): code.emit(.return, a: value, at: place)
            case .return(false): code.emit(.returnNull, at: place)
            case .jump(let label, _): code.jump(to: label, at: place)
            }
        }
        for index in depth..<surroundings.count { surroundings[index].start = code.position }
    }

    /// Does what leaving one surrounding asks for; whether that takes control over.
    private func leave(_ depth: Int, by exit: Surrounding.Exit, value: Int, at place: SyntaxRange) -> Bool {
        switch surroundings[depth].kind {
        case .guarded, .handling: break
        case .loop(_, _, let iteration):
            if let iteration { code.emit(.closeIteration, a: iteration, at: place) }
        case .with(let manager, let place):
            let window = pushLeaveWindow()
            code.emit(.leave, a: window, b: manager, c: Int(Instruction.none), at: place)
            pop(to: window)
        case .exceptionName(let name): unset(name)
        case .finally(let registers, let finally):
            if case .return(true) = exit { code.emit(.move, a: registers.value, b: value, at: place) }
            code.emit(.clear, a: registers.exception, at: place)
            code.emit(.loadInteger, a: registers.action, wide: number(of: exit, in: depth), at: place)
            code.jump(to: finally, at: place)
            return true
        }
        return false
    }

    /// The number of an exit through a finally block, from 1.
    private func number(of exit: Surrounding.Exit, in depth: Int) -> Int {
        if let place = surroundings[depth].exits.firstIndex(of: exit) { return place + 1 }
        surroundings[depth].exits.append(exit)
        return surroundings[depth].exits.count
    }
}
