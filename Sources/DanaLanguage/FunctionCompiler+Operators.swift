// Arithmetic and comparisons.

extension FunctionCompiler {
    func unary(_ node: NodeID, into target: Int) {
        let place = tree.range(node)
        if let constant = text.constant(node) {
            load(constant, into: target, at: place)
            return
        }
        let value = operand(tree.child(node, 0))
        let opcode: Opcode =
            switch tree.operator(node) {
            case .minus: .negate
            case .plus: .plus
            case .invert: .invert
            default: .not
            }
        code.emit(opcode, a: target, b: value, at: place)
    }

    /// A run of operators of one precedence, from the left.
    func binary(_ node: NodeID, into target: Int) {
        let range = tree.range(node)
        if let constant = text.constant(node) {
            load(constant, into: target, at: range)
            return
        }
        let operators = tree.operators(node)
        var left = operand(tree.child(node, 0), until: range.end)
        let between = operators.count > 1 ? scratch(for: target) : target
        let mark = top
        for (place, symbol) in operators.enumerated() {
            let right = tree.child(node, place + 1)
            let result = place == operators.count - 1 ? target : between
            let part = SyntaxRange(start: range.start, end: tree.range(right).end)
            arithmetic(symbol, left, right, into: result, isAugmented: false, at: part)
            left = result
            pop(to: mark)
        }
    }

    /// Compiles the right operand and the operation.
    func arithmetic(
        _ symbol: SyntaxOperator, _ left: Int, _ right: NodeID, into target: Int, isAugmented: Bool,
        at place: SyntaxRange
    ) {
        let x = isAugmented ? 1 : 0
        if let opcode = symbol.integerOpcode, let integer = text.shortInteger(right) {
            code.emit(opcode, a: target, b: left, integer: integer, x: x, at: place)
            return
        }
        let value = operand(right)
        code.emit(symbol.opcode, a: target, b: left, c: value, x: x, at: place)
    }

    /// `a ** b ** c`, grouped from the right.
    func power(_ node: NodeID, into target: Int) {
        let range = tree.range(node)
        if let constant = text.constant(node) {
            load(constant, into: target, at: range)
            return
        }
        let operands = tree.children(node)
        var registers: [Int] = []
        for place in 0..<operands.count { registers.append(operand(tree[operands, place], until: range.end)) }
        guard var right = registers.popLast() else { return }
        let between = registers.count > 1 ? scratch(for: target) : target
        for place in stride(from: registers.count - 1, through: 0, by: -1) {
            let result = place == 0 ? target : between
            let part = SyntaxRange(start: tree.range(tree[operands, place]).start, end: range.end)
            code.emit(.power, a: result, b: registers[place], c: right, at: part)
            right = result
        }
    }

    /// A comparison or a chain of them as a value.
    func comparison(_ node: NodeID, into target: Int) {
        let range = tree.range(node)
        let operators = tree.operators(node)
        let result = operators.count > 1 ? scratch(for: target) : target
        let end = code.label()
        var left = operand(tree.child(node, 0), until: range.end)
        for (place, symbol) in operators.enumerated() {
            let isLast = place == operators.count - 1
            let node = tree.child(node, place + 1)
            if isLast {
                let right = comparisonOperand(symbol, node, until: range.end)
                code.emit(symbol.opcode, a: result, b: left, c: right, at: range)
            } else {
                let right = operand(node, until: range.end)
                code.emit(symbol.opcode, a: result, b: left, c: compared(symbol, right, at: range), at: range)
                code.jump(.jumpIfFalse, a: result, to: end, at: range)
                left = right
            }
        }
        code.mark(end)
        deliver(result, to: target, at: range)
    }

    /// The right side of a comparison. A membership test may use up what it looks through, so that gets a copy.
    private func comparisonOperand(_ symbol: SyntaxOperator, _ node: NodeID, until end: UInt32) -> Int {
        guard symbol == .in || symbol == .notIn else { return operand(node, until: end) }
        let register = push()
        if tree.kind(node) == .list, let constants = text.constants(tree.children(node)) {
            load(.tuple(constants), into: register, at: tree.range(node))
        } else {
            expression(node, into: register)
        }
        return register
    }

    /// The register of an operand that the next comparison of a chain reads as well, for the one before it.
    private func compared(_ symbol: SyntaxOperator, _ operand: Int, at place: SyntaxRange) -> Int {
        guard symbol == .in || symbol == .notIn else { return operand }
        let copy = push()
        code.emit(.move, a: copy, b: operand, at: place)
        return copy
    }

    // MARK: Conditions

    /// Jumps to a label when an expression's truth is `sense`, and goes on behind otherwise.
    func condition(_ node: NodeID, jumpTo label: CodeBuilder.Label, when sense: Bool) {
        let mark = top
        let place = tree.range(node)
        switch tree.kind(node) {
        case .unary where tree.operator(node) == .not:
            condition(tree.child(node, 0), jumpTo: label, when: !sense)
        case .and: junction(node, jumpTo: label, when: sense, decides: false)
        case .or: junction(node, jumpTo: label, when: sense, decides: true)
        case .comparison: comparisonJump(node, jumpTo: label, when: sense)
        case .trueLiteral, .falseLiteral, .nullLiteral, .integer:
            if isTrue(node) == sense { code.jump(to: label, at: place) }
        default:
            let value = operand(node)
            code.jump(sense ? .jumpIfTrue : .jumpIfFalse, a: value, to: label, at: place)
        }
        pop(to: mark)
    }

    /// Whether a literal of a constant, or of an integer, counts as true.
    func isTrue(_ literal: NodeID) -> Bool? {
        switch text.constant(literal) {
        case .null: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .bigInteger: true
        default: nil
        }
    }

    /// `and`, which a false operand decides, or `or`, which a true one does.
    private func junction(
        _ node: NodeID, jumpTo label: CodeBuilder.Label, when sense: Bool, decides: Bool
    ) {
        let operands = tree.children(node)
        let behind = code.label()
        for place in 0..<operands.count {
            let isLast = place == operands.count - 1
            let operand = tree[operands, place]
            if isLast || sense == decides {
                condition(operand, jumpTo: label, when: sense)
            } else {
                condition(operand, jumpTo: behind, when: decides)
            }
        }
        code.mark(behind)
    }

    private func comparisonJump(_ node: NodeID, jumpTo label: CodeBuilder.Label, when sense: Bool) {
        let range = tree.range(node)
        let operators = tree.operators(node)
        let behind = code.label()
        var left = operand(tree.child(node, 0), until: range.end)
        for (place, symbol) in operators.enumerated() {
            let isLast = place == operators.count - 1
            let right = tree.child(node, place + 1)
            if isLast {
                lastComparison(symbol, left, right, jumpTo: label, when: sense, at: range)
            } else {
                let register = operand(right, until: range.end)
                let copy = compared(symbol, register, at: range)
                compare(symbol, left, copy, jumpTo: sense ? behind : label, when: false, at: range)
                left = register
            }
        }
        code.mark(behind)
    }

    /// Jumps to a label when a test of one comparison holds, and goes on behind with its operands in registers.
    func comparisonJump(_ node: NodeID, _ symbol: SyntaxOperator, jumpTo label: CodeBuilder.Label)
        -> (left: Int, right: Int)
    {
        let range = tree.range(node)
        let left = operand(tree.child(node, 0), until: range.end)
        let right = comparisonOperand(symbol, tree.child(node, 1), until: range.end)
        compare(symbol, left, right, jumpTo: label, when: true, at: range)
        return (left, right)
    }

    private func lastComparison(
        _ symbol: SyntaxOperator, _ left: Int, _ right: NodeID, jumpTo label: CodeBuilder.Label, when sense: Bool,
        at place: SyntaxRange
    ) {
        if let integer = text.shortInteger(right), let opcode = symbol.jump(when: sense, withInteger: true) {
            code.jump(opcode, a: left, b: integer, to: label, at: place)
        } else if tree.kind(right) == .nullLiteral, symbol == .is || symbol == .isNot {
            if (symbol == .is) == sense {
                code.jump(.jumpIfNull, a: left, to: label, at: place)
            } else {
                let isNull = code.label()
                code.jump(.jumpIfNull, a: left, to: isNull, at: place)
                code.jump(to: label, at: place)
                code.mark(isNull)
            }
        } else {
            let register = comparisonOperand(symbol, right, until: 0)
            compare(symbol, left, register, jumpTo: label, when: sense, at: place)
        }
    }

    private func compare(
        _ symbol: SyntaxOperator, _ left: Int, _ right: Int, jumpTo label: CodeBuilder.Label, when sense: Bool,
        at place: SyntaxRange
    ) {
        if let opcode = symbol.jump(when: sense, withInteger: false) {
            code.jump(opcode, a: left, b: right, to: label, at: place)
            return
        }
        let mark = top
        let result = push()
        code.emit(symbol.opcode, a: result, b: left, c: right, at: place)
        code.jump(sense ? .jumpIfTrue : .jumpIfFalse, a: result, to: label, at: place)
        pop(to: mark)
    }
}
