// Statements, one after the other.

extension FunctionCompiler {
    func block(_ node: NodeID) {
        for statement in tree[tree.children(node)] { self.statement(statement) }
    }

    func statement(_ node: NodeID) {
        code.statement = tree.range(node)
        switch tree.kind(node) {
        case .expressionStatement: expressionStatement(node)
        case .assignment: assignment(node)
        case .typedAssignment: typedAssignment(node)
        case .augmentedAssignment: augmentedAssignment(node)
        case .deleteStatement: deleteStatement(node)
        case .returnStatement: returnStatement(node)
        case .raiseStatement: raiseStatement(node)
        case .assertStatement: assertStatement(node)
        case .breakStatement: breakStatement(node)
        case .continueStatement: continueStatement(node)
        case .exportStatement: exportStatement(node)
        case .importStatement: importStatement(node)
        case .fromImport: fromImport(node)
        case .ifStatement: ifStatement(node)
        case .whileStatement: whileStatement(node)
        case .forStatement: forStatement(node)
        case .tryStatement: tryStatement(node)
        case .withStatement: withStatement(node)
        case .matchStatement: matchStatement(node)
        case .functionDefinition, .pipelineDefinition: functionDefinition(node)
        case .structDefinition: structDefinition(node)
        case .enumDefinition: enumDefinition(node)
        case .interfaceDefinition: interfaceDefinition(node)
        case .block: block(node)
        default: break
        }
    }

    private func expressionStatement(_ node: NodeID) {
        let expression = tree.child(node, 0)
        guard text.constant(expression) == nil else { return }
        let mark = top
        _ = operand(expression)
        pop(to: mark)
    }

    private func ifStatement(_ node: NodeID) {
        let arms = tree.arms(node)
        let end = code.label()
        for arm in 0..<arms.count {
            let next = code.label()
            let outcome = tree.outcome(of: arms, arm)
            let isLast = arm == arms.count - 1 && arms.otherwise == nil
            condition(tree.condition(of: arms, arm), jumpTo: next, when: false)
            block(outcome)
            if !isLast { code.jump(to: end, at: tree.range(outcome)) }
            code.mark(next)
        }
        if let otherwise = arms.otherwise { block(otherwise) }
        code.mark(end)
    }
}
