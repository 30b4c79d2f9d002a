// Imports in all their forms.

extension Parser {
    mutating func importStatement() -> NodeID {
        let from = start
        let mark = scratch.count
        advance()
        repeat { scratch.append(importClause()) } while !isRecovering && take(.comma)
        return make(.importStatement, from: from, waitingFrom: mark)
    }

    private mutating func importClause() -> NodeID {
        let from = start
        if kind == .dot || kind == .ellipsis {
            complainOfToken("a relative import needs 'from'", hint: "write: from . import name")
            return errorNode()
        }
        let path = modulePath()
        if take(.as) {
            guard kind == .name else {
                complainOfToken("expected a name after 'as'")
                return errorNode()
            }
            let name = nameLeaf()
            return make(.importClause, from: from, path, name, detail: 1)
        }
        guard ModuleForm(rawValue: tree.nodes[Int(path.rawValue)].detail) == .any, let first = tree.children(path).first
        else { return make(.importClause, from: from, path, .none) }
        let name = tree.addLeaf(.name, rangeOf(first), first: tree.symbol(first).rawValue)
        return make(.importClause, from: from, path, name)
    }

    /// Each part of a module's name is a package to be found and run.
    private static let mostModuleParts = 64

    /// Leading dots, names with dots between them, and the ending `.na` or `.py`.
    private mutating func modulePath() -> NodeID {
        let from = start
        let mark = scratch.count
        var dots: Int32 = 0
        while kind == .dot || kind == .ellipsis {
            dots += kind == .dot ? 1 : 3
            advance()
        }
        if dots == 0 || kind == .name {
            repeat {
                guard kind == .name else {
                    complainOfToken("expected the name of a module")
                    break
                }
                guard scratch.count - mark < Parser.mostModuleParts else {
                    complainOfToken("the name of a module has at most \(Parser.mostModuleParts) parts")
                    break
                }
                scratch.append(nameLeaf())
            } while take(.dot)
        }
        var form = ModuleForm.any
        if scratch.count > mark + 1, let last = scratch.last {
            if tree.symbol(last) == .danaEnding { form = .dana }
            if tree.symbol(last) == .pythonEnding { form = .python }
        }
        if form != .any { scratch.removeLast() }
        return make(.modulePath, from: from, waitingFrom: mark, detail: form.rawValue, first: dots)
    }

    mutating func fromImport() -> NodeID {
        let from = start
        let mark = scratch.count
        advance()
        scratch.append(modulePath())
        if !take(.import) { complainOfToken("expected 'import'", hint: "write: from module import name") }
        if isRecovering { return make(.error, from: from, waitingFrom: mark) }
        if take(.star) { return make(.fromImport, from: from, waitingFrom: mark, detail: 1) }
        if kind == .leftParen, let bracket = open() {
            repeat { scratch.append(importItem()) } while !isRecovering && take(.comma) && kind != .rightParen
            close(.rightParen, bracket)
            leave(bracket)
        } else {
            repeat {
                scratch.append(importItem())
                if kind == .comma, nextKind == .newline {
                    complainOfToken("trailing comma not allowed without surrounding parentheses")
                }
            } while !isRecovering && take(.comma)
        }
        return make(.fromImport, from: from, waitingFrom: mark)
    }

    private mutating func importItem() -> NodeID {
        let from = start
        guard kind == .name else {
            complainOfToken("expected a name to import")
            return errorNode()
        }
        let symbol = symbol
        var name = leaf(.name, first: symbol.rawValue)
        if take(.as) {
            if kind == .name {
                name = nameLeaf()
            } else {
                complainOfToken("expected a name after 'as'")
            }
        }
        return make(.importItem, from: from, name, first: symbol.rawValue)
    }
}
