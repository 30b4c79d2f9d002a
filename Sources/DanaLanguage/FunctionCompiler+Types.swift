// The types that annotations name.

extension FunctionCompiler {
    /// Whether an annotation names a type that can be looked up here: not one that is only defined further down, nor
    /// one in a string.
    func isTypeKnown(_ node: NodeID) -> Bool {
        switch tree.kind(node) {
        case .annotation: return isTypeKnown(tree.child(node, 0))
        case .nullLiteral: return true
        case .name: return text.isTypeDefined(tree.symbol(node))
        case .scopedName: return true
        case .chain: return isTypeKnown(tree.chain(node).base)
        case .pipe:
            for part in tree[tree.children(node)] where !isTypeKnown(part) { return false }
            return true
        default: return false
        }
    }

    /// Loads the type that an annotation names. `list[int]` is `list`; `int | None` is a tuple of types.
    mutating func typeExpression(_ node: NodeID, into target: Int) {
        let mark = top
        let place = tree.range(node)
        switch tree.kind(node) {
        case .annotation: typeExpression(tree.child(node, 0), into: target)
        case .pipe:
            let parts = tree.children(node)
            let first = top
            for part in tree[parts] {
                let register = push()
                typeExpression(part, into: register)
            }
            code.emit(.makeTuple, a: target, b: first, c: parts.count, at: place)
        case .chain:
            let suffixes = tree.chain(node).suffixes
            let attributes = tree[suffixes].prefix { tree.kind($0) == .attribute }.count
            if attributes == 0 {
                typeExpression(tree.chain(node).base, into: target)
            } else {
                let value = chainOperand(node, through: attributes, until: 0)
                code.emit(.take, a: target, b: value, at: place)
            }
        default: expression(node, into: target)
        }
        pop(to: mark)
    }
}
