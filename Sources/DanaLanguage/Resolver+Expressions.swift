// Expressions: what they read, and the functions that comprehensions and pipes make.

extension Resolver {
    mutating func visit(_ node: NodeID) {
        switch tree.kind(node) {
        case .name: read(tree.symbol(node), node)
        case .chain: visitChain(node)
        case .integer, .string, .float, .bytes, .nullLiteral, .trueLiteral, .falseLiteral, .ellipsis, .attribute:
            break
        case .binary, .call, .item, .unary, .list, .tuple, .keywordArgument, .slice: visitChildren(node)
        default: visitRare(node)
        }
    }

    private mutating func visitRare(_ node: NodeID) {
        switch tree.kind(node) {
        case .scopedName: visitScopedName(node)
        case .and, .or, .comparison: visitShortCircuit(node)
        case .conditional: visitConditional(node)
        case .pipe: _ = visitPipe(node, readsOfFirstStage: { _ in 0 })
        case .placeholder: visitPlaceholder(node)
        case .stageItem: visitStageItem(node)
        case .lambda: visitLambda(node)
        case .listComprehension, .setComprehension, .dictionaryComprehension: visitComprehension(node)
        case .generatorExpression: visitGenerator(node)
        case .walrus: visitWalrus(node)
        case .yield, .yieldFrom: visitYield(node)
        case .namedStage: visit(tree.child(node, 0))
        case .annotation: visitAnnotation(node)
        default: visitChildren(node)
        }
    }

    mutating func visitChildren(_ node: NodeID) {
        let list = tree.children(node)
        for place in 0..<list.count {
            let child = tree[list, place]
            if !child.isNone { visit(child) }
        }
    }

    private mutating func visitChain(_ node: NodeID) {
        let list = tree.children(node)
        let base = tree[list, 0]
        visit(base)
        if tree.kind(base) == .name, LanguageWord.scope(tree.symbol(base)) != nil, list.count > 1,
            tree.kind(tree[list, 1]) == .attribute, let use = uses.last
        {
            scopeDots.append(Use(node: node, entry: use.entry, mayBeUnset: false))
        }
        for place in 1..<list.count {
            let suffix = tree[list, place]
            if tree.kind(suffix) != .attribute { visitChildren(suffix) }
        }
    }

    private mutating func visitScopedName(_ node: NodeID) {
        guard tree.scope(node) == .local else { return }
        let inner = scope
        scope = functionScope
        let index = entry(tree.symbol(node), in: scope, node)
        if scope != 0 { entries[index].isBound = true }
        read(tree.symbol(node), node)
        scope = inner
    }

    // MARK: What may not run

    /// Operands after the first, or after the second of a comparison, may not be evaluated.
    private mutating func visitShortCircuit(_ node: NodeID) {
        let list = tree.children(node)
        let sure = tree.kind(node) == .comparison ? 2 : 1
        for place in 0..<min(sure, list.count) { visit(tree[list, place]) }
        guard list.count > sure else { return }
        let mark = flow.begin()
        for place in sure..<list.count { visit(tree[list, place]) }
        flow.forget(mark, &entries)
    }

    private mutating func visitConditional(_ node: NodeID) {
        let arms = tree.arms(node)
        let start = flow.begin()
        for arm in 0..<arms.count {
            visit(tree.condition(of: arms, arm))
            let mark = flow.begin()
            visit(tree.outcome(of: arms, arm))
            flow.forget(mark, &entries)
        }
        if let otherwise = arms.otherwise { visit(otherwise) }
        if arms.count > 1 || arms.otherwise != nil { flow.forget(start, &entries) }
    }

    private mutating func visitWalrus(_ node: NodeID) {
        let parts = tree.walrus(node)
        if comprehensionIterables > 0 {
            report(
                .error, "syntax", "assignment expression cannot be used in a comprehension iterable expression",
                at: node)
        }
        visit(parts.value)
        let symbol = tree.symbol(parts.name)
        guard scopes[scope].isComprehension || isGenerator(scope) else {
            set(symbol, parts.name)
            return
        }
        refuseRebinding(symbol, parts.name)
        // The name belongs to the function around the comprehensions, and is reached from in here.
        let inner = scope
        while scopes[scope].isComprehension || isGenerator(scope) { scope = scopes[scope].parent }
        let index = entry(symbol, in: scope, parts.name)
        entries[index].isBound = true
        if scopes[inner].function == scopes[scope].function { flow.set(index, &entries) }
        scope = inner
        let use = entry(symbol, in: scope, parts.name)
        uses.append(Use(node: parts.name, entry: Int32(truncatingIfNeeded: use), mayBeUnset: false))
    }

    private func isGenerator(_ scope: Int) -> Bool {
        resolution.functions[scopes[scope].function].kind == .generatorExpression
    }

    private mutating func refuseRebinding(_ symbol: Symbol, _ node: NodeID) {
        var found = innermost[Int(symbol.rawValue)]
        while found >= 0 {
            let entry = entries[Int(found)]
            let owner = Int(entry.scope)
            guard scopes[owner].isComprehension || isGenerator(owner) else { return }
            if entry.isBound {
                report(
                    .error, "syntax",
                    "assignment expression cannot rebind comprehension iteration variable '\(tree.text(symbol))'",
                    at: node)
                return
            }
            found = entry.previous
        }
    }

    private mutating func visitYield(_ node: NodeID) {
        visitChildren(node)
        let function = scopes[scope].function
        if scopes[scope].isComprehension || isGenerator(scope) {
            report(.error, "syntax", "'yield' inside a comprehension", at: node)
        } else {
            switch resolution.functions[function].kind {
            case .function, .lambda: resolution.functions[function].isGenerator = true
            case .pipeTail, .stageItem: report(.error, "syntax", "'yield' inside a stage of a pipe", at: node)
            default: report(.error, "syntax", "'yield' outside function", at: node)
            }
        }
    }

    // MARK: Comprehensions

    private mutating func visitComprehension(_ node: NodeID) {
        let parts = tree.comprehension(node)
        visitIterable(of: tree[parts.clauses, 0])
        let mark = flow.begin()
        openComprehension(node)
        visitClauses(parts)
        flow.forget(mark, &entries)
        closeScope()
    }

    private mutating func visitGenerator(_ node: NodeID) {
        let parts = tree.comprehension(node)
        visitIterable(of: tree[parts.clauses, 0])
        visitBody(.generatorExpression, node) { resolver in
            let function = resolver.scopes[resolver.scope].function
            _ = resolver.addRegister(.none, function)
            resolver.resolution.functions[function].parameterCount = 1
            resolver.resolution.functions[function].isGenerator = true
            resolver.visitClauses(parts)
        }
    }

    private mutating func visitIterable(of clause: NodeID) {
        comprehensionIterables += 1
        visit(tree.forClause(clause).iterable)
        comprehensionIterables -= 1
    }

    private mutating func visitClauses(_ parts: ComprehensionSyntax) {
        for place in 0..<parts.clauses.count {
            let clause = tree[parts.clauses, place]
            if tree.kind(clause) == .forClause {
                let loop = tree.forClause(clause)
                if place > 0 { visitIterable(of: clause) }
                setTarget(loop.target)
            } else {
                visitChildren(clause)
            }
        }
        visit(parts.element)
        if let value = parts.value { visit(value) }
    }

    // MARK: Pipes

    private mutating func visitPlaceholder(_ node: NodeID) {
        guard openStages > 0 else {
            report(
                .error, "syntax", "'$$' is the value that flows through a pipe, and there is no pipe here", at: node,
                hint: "write: value | f($$, 2)")
            return
        }
        read(.placeholder, node)
    }

    /// Visits the stages of a pipe. Gives what is counted when the first stage has been visited.
    mutating func visitPipe(_ node: NodeID, readsOfFirstStage count: (Resolver) -> Int32) -> Int32 {
        let pipeline = tree.pipeline(node)
        let stages = pipeline.stages
        var tail = pipeline.firstPlaced ?? stages.count
        for place in 0..<min(tail, stages.count) where tree.kind(tree[stages, place]) == .namedStage {
            tail = place + 1
            break
        }
        if pipeline.beginsOpen, openStages == 0 { tail = 0 }
        for place in 0..<min(tail, 1) { visit(tree[stages, place]) }
        let reads = count(self)
        for place in 1..<max(tail, 1) { visit(tree[stages, place]) }
        // A name for the last stage's value has nobody to read it, but it is a name all the same.
        if tail < stages.count || tree.kind(tree[stages, stages.count - 1]) == .namedStage {
            visitTail(node, stages, from: tail)
        }
        return reads
    }

    private mutating func visitTail(_ node: NodeID, _ stages: NodeList, from first: Int) {
        openStages += 1
        visitBody(.pipeTail, node) { resolver in
            let function = resolver.scopes[resolver.scope].function
            resolver.resolution.functions[function].firstStage = first
            resolver.addParameter(.placeholder, node)
            if first > 0 { resolver.nameStage(resolver.tree[stages, first - 1]) }
            for place in first..<stages.count {
                let stage = resolver.tree[stages, place]
                let before = resolver.stageReads()
                resolver.visit(stage)
                if resolver.stageReads() > before { resolver.resolution.placedStages.insert(stage) }
                resolver.nameStage(stage)
            }
        }
        openStages -= 1
    }

    private mutating func nameStage(_ stage: NodeID) {
        guard tree.kind(stage) == .namedStage else { return }
        let name = tree.namedStage(stage).name
        set(tree.symbol(name), name)
    }

    /// How often the value and the names of the pipe tail that is open have been read.
    private func stageReads() -> Int32 {
        var reads: Int32 = 0
        var place = scopes[scope].firstEntry
        while place >= 0 {
            if entries[Int(place)].isBound { reads += entries[Int(place)].reads }
            place = entries[Int(place)].next
        }
        return reads
    }

    private mutating func visitStageItem(_ node: NodeID) {
        openStages += 1
        visitBody(.stageItem, node) { resolver in
            resolver.addParameter(.placeholder, node)
            resolver.visit(resolver.tree.child(node, 0))
        }
        openStages -= 1
    }
}
