// Imports and exports.

extension FunctionCompiler {
    func importStatement(_ node: NodeID) {
        for clause in tree[tree.children(node)] { importClause(tree.importClause(clause), at: clause) }
    }

    private func importClause(_ clause: ImportClauseSyntax, at node: NodeID) {
        let mark = top
        let place = tree.range(clause.path)
        let module = push()
        if let name = clause.name, !clause.hasAlias, tree.modulePath(clause.path).parts.count > 1 {
            // `import a.b.c` imports each of `a`, `a.b` and `a.b.c`, and binds the first.
            let count = tree.modulePath(clause.path).parts.count
            importModule(clause.path, parts: 1, into: module)
            let inner = push()
            for parts in 2...count { importModule(clause.path, parts: parts, into: inner) }
            store(name, from: module)
        } else {
            importWhole(clause.path, into: module)
            if let name = clause.name {
                store(name, from: module)
            } else {
                code.emit(.importAll, a: module, x: 1, at: place)
            }
        }
        pop(to: mark)
    }

    /// Imports the module that a path names, after the packages that hold it.
    private func importWhole(_ path: NodeID, into target: Int) {
        let parts = tree.modulePath(path)
        if parts.form != .python {
            for count in 1..<max(parts.parts.count, 1) { importModule(path, parts: count, into: target) }
        }
        importModule(path, parts: .max, into: target)
    }

    /// Imports the module that the first parts of a path name.
    private func importModule(_ path: NodeID, parts count: Int, into target: Int) {
        let parts = tree.modulePath(path)
        let names = tree[parts.parts].prefix(count).map { text.name(tree.symbol($0)) }
        let isWhole = names.count == parts.parts.count
        let form: ImportForm =
            switch parts.form {
            case .any: .any
            case .dana: .dana
            case .python: .python
            }
        let description = Code.ImportDescription(
            name: names.joined(separator: "."), form: isWhole ? form : .any, level: parts.leadingDots)
        code.emit(.importModule, a: target, wide: code.add(description), at: tree.range(path))
    }

    func fromImport(_ node: NodeID) {
        let parts = tree.fromImport(node)
        let mark = top
        let module = push()
        importWhole(parts.path, into: module)
        if parts.isStar {
            code.emit(.importAll, a: module, at: tree.range(node))
        } else {
            for item in tree[parts.items] {
                let value = push()
                let name = code.name(tree.symbol(item), in: text)
                code.emit(.importName, a: value, b: module, c: name, at: tree.range(item))
                store(tree.importItemName(item), from: value)
                pop(to: value)
            }
        }
        pop(to: mark)
    }

    func exportStatement(_ node: NodeID) {
        for child in tree[tree.children(node)] {
            if tree.kind(child) == .name {
                export(child)
            } else {
                statement(child)
                exportTargets(of: child)
            }
        }
    }

    /// Exports what a definition or an assignment sets.
    private func exportTargets(of node: NodeID) {
        switch tree.kind(node) {
        case .assignment:
            for target in tree[tree.assignment(node).targets] { export(target) }
        case .typedAssignment: export(tree.typedAssignment(node).target)
        default: export(tree.child(node, 0))
        }
    }

    private func export(_ target: NodeID) {
        switch tree.kind(target) {
        case .name: code.emit(.exportName, a: 0, wide: code.name(tree.symbol(target), in: text), at: tree.range(target))
        case .tuple, .list:
            for element in tree[tree.children(target)] { export(element) }
        case .starred: export(tree.child(target, 0))
        default: break
        }
    }
}
