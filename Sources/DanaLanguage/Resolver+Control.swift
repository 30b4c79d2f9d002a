// Statements with several ways through them, and what is set after each.

extension Resolver {
    mutating func visitIf(_ node: NodeID) {
        let arms = tree.arms(node)
        var ways = Flow.Arms()
        for arm in 0..<arms.count {
            visit(tree.condition(of: arms, arm))
            let mark = flow.begin()
            visitStatements(tree.outcome(of: arms, arm))
            flow.end(mark, &ways, &entries)
        }
        let mark = flow.begin()
        if let otherwise = arms.otherwise { visitStatements(otherwise) }
        flow.end(mark, &ways, &entries)
        flow.join(ways, &entries)
    }

    mutating func visitWhile(_ node: NodeID) {
        let parts = tree.whileStatement(node)
        visit(parts.condition)
        let hasBreak = visitLoopBody { $0.visitStatements(parts.body) }
        visitLoopElse(parts.otherwise)
        if tree.kind(parts.condition) == .trueLiteral, !hasBreak { flow.isDead = true }
    }

    mutating func visitFor(_ node: NodeID) {
        let parts = tree.forStatement(node)
        visit(parts.iterable)
        _ = visitLoopBody {
            $0.setTarget(parts.target)
            $0.visitStatements(parts.body)
        }
        visitLoopElse(parts.otherwise)
    }

    /// Visits what a loop repeats; says whether it is left by `break`.
    private mutating func visitLoopBody(_ visit: (inout Resolver) -> Void) -> Bool {
        let mark = flow.begin()
        loops.append(Loop(function: scopes[scope].function))
        visit(&self)
        flow.forget(mark, &entries)
        return loops.removeLast().hasBreak
    }

    private mutating func visitLoopElse(_ otherwise: NodeID?) {
        guard let otherwise else { return }
        let mark = flow.begin()
        visitStatements(otherwise)
        flow.forget(mark, &entries)
    }

    mutating func visitTry(_ node: NodeID) {
        let parts = tree.tryStatement(node)
        var ways = Flow.Arms()
        let start = flow.begin()
        let mark = flow.begin()
        visitStatements(parts.body)
        if let otherwise = parts.otherwise { visitStatements(otherwise) }
        flow.end(mark, &ways, &entries)
        for clause in tree[parts.clauses] where tree.kind(clause) == .exceptClause {
            let mark = flow.begin()
            visitExcept(tree.exceptClause(clause))
            flow.end(mark, &ways, &entries)
        }
        if let finally = parts.finally {
            // Whatever way led here, only what was set before the try is sure.
            flow.forget(start, &entries)
            visitStatements(finally)
            if flow.isDead { return }
        }
        flow.join(ways, &entries)
    }

    private mutating func visitExcept(_ clause: ExceptClauseSyntax) {
        if let kinds = clause.kinds { visit(kinds) }
        if let name = clause.name {
            set(tree.symbol(name), name)
            // The name is gone when the clause ends.
            entries[entry(tree.symbol(name), in: scope, name)].isDeleted = true
        }
        visitStatements(clause.body)
    }

    mutating func visitWith(_ node: NodeID) {
        let parts = tree.withStatement(node)
        for item in tree[parts.items] where tree.kind(item) == .withItem {
            let item = tree.withItem(item)
            visit(item.context)
            if let target = item.target { setTarget(target) }
        }
        // What a with statement holds may swallow an error halfway.
        let mark = flow.begin()
        visitStatements(parts.body)
        flow.forget(mark, &entries)
    }

    // MARK: match

    mutating func visitMatch(_ node: NodeID) {
        let parts = tree.matchStatement(node)
        visit(parts.subject)
        var ways = Flow.Arms()
        var coversAll = false
        for place in 0..<parts.cases.count {
            let node = tree[parts.cases, place]
            guard tree.kind(node) == .matchCase else { continue }
            let arm = tree.matchCase(node)
            let mark = flow.begin()
            var captured: Set<Symbol> = []
            visitPattern(arm.pattern, &captured)
            if let condition = arm.guardCondition {
                visit(condition)
            } else if let all = coveringPattern(arm.pattern) {
                coversAll = true
                if place < parts.cases.count - 1 { reportUnreachable(after: all) }
            }
            visitStatements(arm.body)
            flow.end(mark, &ways, &entries)
        }
        if !coversAll {
            let mark = flow.begin()
            flow.end(mark, &ways, &entries)
        }
        flow.join(ways, &entries)
    }

    private mutating func reportUnreachable(after pattern: NodeID) {
        let what =
            tree.kind(pattern) == .wildcardPattern
            ? "wildcard" : "name capture '\(tree.text(tree.symbol(pattern)))'"
        report(
            .error, "syntax", "\(what) makes remaining patterns unreachable", at: pattern,
            hint: tree.kind(pattern) == .capturePattern ? "a value is matched by its dotted name or with a guard" : nil)
    }

    /// The wildcard or the capture that makes a pattern match everything.
    private func coveringPattern(_ pattern: NodeID) -> NodeID? {
        switch tree.kind(pattern) {
        case .wildcardPattern, .capturePattern: pattern
        case .asPattern: coveringPattern(tree.child(pattern, 0))
        case .orPattern: coveringPattern(tree.child(pattern, Int(tree[pattern].childCount) - 1))
        default: nil
        }
    }

    private mutating func visitPattern(_ pattern: NodeID, _ captured: inout Set<Symbol>) {
        switch tree.kind(pattern) {
        case .capturePattern:
            let symbol = tree.symbol(pattern)
            if !captured.insert(symbol).inserted {
                report(
                    .error, "syntax", "multiple assignments to name '\(tree.text(symbol))' in pattern", at: pattern)
            }
            set(symbol, pattern)
        case .valuePattern, .literalPattern:
            visit(tree.child(pattern, 0))
        case .orPattern:
            visitAlternatives(pattern, &captured)
        case .classPattern:
            visit(tree.child(pattern, 0))
            for argument in tree[tree.classPattern(pattern).arguments] { visitPattern(argument, &captured) }
        case .mappingPattern:
            refuseRepeatedKeys(of: tree.mappingPattern(pattern))
            for child in tree[tree.children(pattern)] where !child.isNone { visitPattern(child, &captured) }
        default:
            for child in tree[tree.children(pattern)] where !child.isNone { visitPattern(child, &captured) }
        }
    }

    private mutating func refuseRepeatedKeys(of mapping: MappingPatternSyntax) {
        guard mapping.count > 1 else { return }
        var keys: Set<LiteralKey> = []
        for entry in 0..<mapping.count {
            let key = tree.key(of: mapping, entry)
            guard tree.kind(key) == .literalPattern, let literal = LiteralKey(tree.child(key, 0), in: tree),
                !keys.insert(literal).inserted
            else { continue }
            report(.error, "syntax", "mapping pattern checks duplicate key", at: key)
        }
    }

    private mutating func visitAlternatives(_ pattern: NodeID, _ captured: inout Set<Symbol>) {
        var names: Set<Symbol>?
        let list = tree.children(pattern)
        for place in 0..<list.count {
            let alternative = tree[list, place]
            var own: Set<Symbol> = []
            visitPattern(alternative, &own)
            if place < list.count - 1, let all = coveringPattern(alternative) { reportUnreachable(after: all) }
            if let names, names != own {
                report(.error, "syntax", "alternative patterns bind different names", at: alternative)
            }
            names = names ?? own
        }
        captured.formUnion(names ?? [])
    }
}
