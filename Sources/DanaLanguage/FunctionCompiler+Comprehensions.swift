// Comprehensions and generator expressions.

extension FunctionCompiler {
    /// What a clause of a comprehension opened, to be closed behind the element.
    private enum OpenClause {
        case loop(Iteration)
        case condition(CodeBuilder.Label)
    }

    /// A comprehension of a list, a set or a dict, in line.
    mutating func comprehension(_ node: NodeID, into target: Int) {
        let place = tree.range(node)
        let result = scratch(for: target)
        let make: Opcode =
            switch tree.kind(node) {
            case .listComprehension: .makeList
            case .setComprehension: .makeSet
            default: .makeDict
            }
        code.emit(make, a: result, b: result, c: 0, at: place)
        makeCells(ownedBy: node)
        clauses(of: node, into: result)
        deliver(result, to: target, at: place)
    }

    /// The body of a generator expression's function.
    mutating func generatorBody(_ node: NodeID) {
        makeCells(ownedBy: node)
        clauses(of: node, into: top)
    }

    private mutating func clauses(of node: NodeID, into result: Int) {
        let place = tree.range(node)
        var open: [OpenClause] = []
        for clause in tree[tree.comprehension(node).clauses] {
            if tree.kind(clause) == .ifClause {
                let skip = code.label()
                condition(tree.child(clause, 0), jumpTo: skip, when: false)
                open.append(.condition(skip))
            } else {
                let parts = tree.forClause(clause)
                let isGiven = open.isEmpty && tree.kind(node) == .generatorExpression
                let loop = beginIteration(over: isGiven ? nil : parts.iterable, target: parts.target, at: place)
                open.append(.loop(loop))
            }
        }
        element(of: node, into: result)
        for clause in open.reversed() {
            switch clause {
            case .loop(let loop): endIteration(loop)
            case .condition(let skip): code.mark(skip)
            }
        }
    }

    private mutating func element(of node: NodeID, into result: Int) {
        let mark = top
        let comprehension = tree.comprehension(node)
        let place = tree.range(node)
        let first = pushed(comprehension.element)
        switch tree.kind(node) {
        case .listComprehension: code.emit(.listAppend, a: result, b: first, at: place)
        case .setComprehension: code.emit(.setAdd, a: result, b: first, at: place)
        case .dictionaryComprehension:
            guard let value = comprehension.value else { break }
            let second = pushed(value)
            code.emit(.dictSet, a: result, b: first, c: second, at: place)
        default: code.emit(.yield, a: first, b: first, at: tree.range(comprehension.element))
        }
        pop(to: mark)
    }
}
