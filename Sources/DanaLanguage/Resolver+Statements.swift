// Statements: what they set, declare, import and leave.

extension Resolver {
    /// Visits the statements of a module or a block.
    mutating func visitStatements(_ block: NodeID) {
        let list = tree.children(block)
        var hasWarned = false
        for place in 0..<list.count {
            let statement = tree[list, place]
            if flow.isDead, !hasWarned {
                hasWarned = true
                report(.warning, "unreachable-code", "this is never reached", at: statement)
            }
            visitStatement(statement)
        }
    }

    mutating func visitStatement(_ node: NodeID) {
        switch tree.kind(node) {
        case .expressionStatement: visit(tree.child(node, 0))
        case .assignment: visitAssignment(node)
        case .ifStatement: visitIf(node)
        case .forStatement: visitFor(node)
        case .whileStatement: visitWhile(node)
        case .functionDefinition: visitFunction(node)
        case .returnStatement: visitReturn(node)
        default: visitOtherStatement(node)
        }
    }

    private mutating func visitOtherStatement(_ node: NodeID) {
        switch tree.kind(node) {
        case .typedAssignment: visitTypedAssignment(node)
        case .augmentedAssignment: visitAugmentedAssignment(node)
        case .tryStatement: visitTry(node)
        case .withStatement: visitWith(node)
        case .matchStatement: visitMatch(node)
        case .raiseStatement:
            visitChildren(node)
            flow.isDead = true
        case .breakStatement, .continueStatement: visitJump(node)
        case .deleteStatement: visitDelete(node)
        case .globalStatement, .nonlocalStatement: declare(node)
        case .importStatement, .fromImport: visitImport(node)
        case .exportStatement: visitExport(node)
        case .pipelineDefinition: visitPipelineFunction(node)
        case .structDefinition, .enumDefinition, .interfaceDefinition: visitType(node)
        case .block: visitStatements(node)
        case .passStatement: break
        default: visitChildren(node)
        }
    }

    // MARK: Assignments

    private mutating func visitAssignment(_ node: NodeID) {
        let list = tree.children(node)
        visit(tree[list, 0])
        for place in 1..<max(list.count, 1) { setTarget(tree[list, place], by: .assignment) }
    }

    private mutating func visitTypedAssignment(_ node: NodeID) {
        let parts = tree.typedAssignment(node)
        visitAnnotation(parts.annotation)
        if let value = parts.value {
            visit(value)
            setTarget(parts.target, by: .assignment)
        } else if tree.kind(parts.target) == .name {
            // A declaration makes the name one of this scope without giving it a value.
            let index = entry(tree.symbol(parts.target), in: scope, parts.target)
            entries[index].isBound = true
            uses.append(Use(node: parts.target, entry: Int32(truncatingIfNeeded: index), mayBeUnset: true))
        } else {
            visit(parts.target)
        }
    }

    private mutating func visitAugmentedAssignment(_ node: NodeID) {
        let parts = tree.augmentedAssignment(node)
        switch tree.kind(parts.target) {
        case .name, .scopedName:
            // The binding has to say whether the name may be unset when it is read.
            let scope = tree.kind(parts.target) == .name ? self.scope : functionScope
            if tree.kind(parts.target) == .name || tree.scope(parts.target) == .local {
                let index = entry(tree.symbol(parts.target), in: scope, parts.target)
                let wasSet = entries[index].isSet
                entries[index].isBound = true
                visit(parts.value)
                uses.append(
                    Use(node: parts.target, entry: Int32(truncatingIfNeeded: index), mayBeUnset: !wasSet))
                flow.set(index, &entries)
                return
            }
        default:
            visit(parts.target)
        }
        visit(parts.value)
    }

    /// Sets what stands as a target.
    mutating func setTarget(_ target: NodeID, by origin: Origin = .other) {
        switch tree.kind(target) {
        case .name:
            set(tree.symbol(target), target, by: origin)
        case .scopedName:
            if tree.scope(target) == .local { setLocal(target) }
        case .tuple, .list, .starred:
            for element in tree[tree.children(target)] { setTarget(element) }
        default:
            visit(target)
        }
    }

    /// Sets `local:x`, which is a name of the function even in a comprehension.
    private mutating func setLocal(_ node: NodeID) {
        let inner = scope
        scope = functionScope
        set(tree.symbol(node), node)
        scope = inner
    }

    private mutating func visitDelete(_ node: NodeID) {
        for target in tree[tree.children(node)] { delete(target) }
    }

    private mutating func delete(_ target: NodeID) {
        switch tree.kind(target) {
        case .name:
            let index = entry(tree.symbol(target), in: scope, target)
            uses.append(
                Use(node: target, entry: Int32(truncatingIfNeeded: index), mayBeUnset: !entries[index].isSet))
            entries[index].isBound = true
            entries[index].isDeleted = true
        case .tuple, .list:
            for element in tree[tree.children(target)] { delete(element) }
        default:
            visit(target)
        }
    }

    // MARK: Declarations

    private mutating func declare(_ node: NodeID) {
        let isGlobal = tree.kind(node) == .globalStatement
        if scope == 0 {
            if !isGlobal { report(.error, "syntax", "nonlocal declaration not allowed at module level", at: node) }
            return
        }
        for name in tree[tree.children(node)] where tree.kind(name) == .name {
            let symbol = tree.symbol(name)
            let word = isGlobal ? "global" : "nonlocal"
            let isKnown =
                innermost[Int(symbol.rawValue)] >= 0
                && entries[Int(innermost[Int(symbol.rawValue)])].scope == Int32(truncatingIfNeeded: scope)
            let index = entry(symbol, in: scope, name)
            if isKnown, !entries[index].isGlobal, !entries[index].isNonlocal {
                let text = tree.text(symbol)
                let problem =
                    entries[index].isParameter
                    ? "name '\(text)' is parameter and \(word)"
                    : entries[index].isBound
                        ? "name '\(text)' is assigned to before \(word) declaration"
                        : "name '\(text)' is used prior to \(word) declaration"
                report(.error, "syntax", problem, at: name, hint: "put the declaration first in the function")
            } else if isGlobal ? entries[index].isNonlocal : entries[index].isGlobal {
                report(.error, "syntax", "name '\(tree.text(symbol))' is nonlocal and global", at: name)
            }
            entries[index].isGlobal = isGlobal
            entries[index].isNonlocal = !isGlobal
            uses.append(Use(node: name, entry: Int32(truncatingIfNeeded: index), mayBeUnset: true))
        }
    }

    private mutating func visitImport(_ node: NodeID) {
        if tree.kind(node) == .fromImport {
            let parts = tree.fromImport(node)
            if parts.isStar {
                importsUnknownNames = true
                if scope != 0 { report(.error, "syntax", "import * only allowed at module level", at: node) }
            }
            for item in tree[parts.items] where tree.kind(item) == .importItem {
                let name = tree.importItemName(item)
                set(tree.symbol(name), name, by: .import)
            }
            return
        }
        for clause in tree[tree.children(node)] where tree.kind(clause) == .importClause {
            if let name = tree.importClause(clause).name {
                set(tree.symbol(name), name, by: .import)
            } else {
                importsUnknownNames = true
            }
        }
    }

    private mutating func visitExport(_ node: NodeID) {
        if functionScope != 0 {
            report(.error, "syntax", "'export' is allowed only at module level", at: node)
        }
        for child in tree[tree.children(node)] {
            if tree.kind(child) == .name { read(tree.symbol(child), child) } else { visitStatement(child) }
        }
    }

    // MARK: Jumps

    private mutating func visitReturn(_ node: NodeID) {
        visitChildren(node)
        let kind = resolution.functions[scopes[functionScope].function].kind
        if kind != .function { report(.error, "syntax", "'return' outside function", at: node) }
        flow.isDead = true
    }

    private mutating func visitJump(_ node: NodeID) {
        let isBreak = tree.kind(node) == .breakStatement
        if let last = loops.indices.last, loops[last].function == scopes[scope].function {
            if isBreak, !flow.isDead { loops[last].hasBreak = true }
        } else {
            report(
                .error, "syntax", isBreak ? "'break' outside loop" : "'continue' not properly in loop", at: node)
        }
        flow.isDead = true
    }
}
