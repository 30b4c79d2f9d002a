// Assignments of every form, and `del`.

extension FunctionCompiler {
    func assignment(_ node: NodeID) {
        let parts = tree.assignment(node)
        let mark = top
        if parts.targets.count == 1 {
            let target = tree[parts.targets, 0]
            if let register = plainVariable(target) {
                expression(parts.value, into: register)
            } else if !parallelAssignment(target, parts.value) {
                let range = tree.range(target)
                let mayStay = tree.kind(target) == .chain && !text.hasWalrus(from: range.start, to: range.end)
                assign(target, from: mayStay ? operand(parts.value) : pushed(parts.value))
            }
        } else {
            let value = pushed(parts.value)
            for place in 0..<parts.targets.count {
                let target = tree[parts.targets, place]
                let isLast = place == parts.targets.count - 1
                let copy = isLast ? value : push()
                if !isLast { code.emit(.move, a: copy, b: value, at: tree.range(target)) }
                assign(target, from: copy)
                pop(to: value + 1)
            }
        }
        pop(to: mark)
    }

    /// `a, b = b, a`: as many values as targets, without a tuple between. Whether it was that.
    private func parallelAssignment(_ target: NodeID, _ value: NodeID) -> Bool {
        guard isSequence(target), tree.kind(value) == .tuple || tree.kind(value) == .list else { return false }
        let targets = tree.children(target)
        let values = tree.children(value)
        guard targets.count == values.count, targets.count <= FunctionCompiler.run else { return false }
        for place in 0..<targets.count {
            if tree.kind(tree[targets, place]) == .starred || tree.kind(tree[values, place]) == .starred {
                return false
            }
        }
        let first = top
        for value in tree[values] { pushed(value) }
        for place in 0..<targets.count { assign(tree[targets, place], from: first + place) }
        return true
    }

    private func isSequence(_ target: NodeID) -> Bool {
        tree.kind(target) == .tuple || tree.kind(target) == .list
    }

    /// Gives a target the value of a register. A temporary gives its value away.
    func assign(_ target: NodeID, from register: Int) {
        let mark = top
        switch tree.kind(target) {
        case .tuple, .list: unpack(tree.children(target), from: register, at: tree.range(target))
        case .chain: assignToChain(target, from: register)
        case .starred: assign(tree.child(target, 0), from: register)
        default: store(target, from: register)
        }
        pop(to: mark)
    }

    private func unpack(_ targets: NodeList, from register: Int, at place: SyntaxRange) {
        let star = tree[targets].firstIndex { tree.kind($0) == .starred }.map { $0 - tree[targets].startIndex }
        var source = register
        if !isTemporary(register) {
            source = push()
            code.emit(.move, a: source, b: register, at: place)
        }
        if star == nil, let first = adjoiningVariables(targets) {
            code.emit(.unpack, a: first, b: targets.count, c: source, at: place)
            return
        }
        let first = top
        for _ in 0..<targets.count { _ = push() }
        if let star {
            let after = targets.count - star - 1
            code.emit(.unpackStar, a: first, b: star, c: source, x: after, at: place)
        } else {
            code.emit(.unpack, a: first, b: targets.count, c: source, at: place)
        }
        for place in 0..<targets.count { assign(tree[targets, place], from: first + place) }
    }

    /// The register of the first of targets that are variables in registers beside each other, in order.
    private func adjoiningVariables(_ targets: NodeList) -> Int? {
        guard !targets.isEmpty, let first = plainVariable(tree[targets, 0]) else { return nil }
        for place in 1..<targets.count where plainVariable(tree[targets, place]) != first + place { return nil }
        return first
    }

    /// Sets the attribute or the item that a chain ends with.
    private func assignToChain(_ target: NodeID, from register: Int) {
        let suffixes = tree.chain(target).suffixes
        let last = tree[suffixes, suffixes.count - 1]
        let place = tree.range(target)
        let object = chainOperand(target, through: suffixes.count - 1, until: place.end)
        if tree.kind(last) == .attribute {
            let site = code.site(tree.symbol(last), in: text)
            code.emit(.setAttribute, a: object, b: register, c: site, at: place)
        } else {
            let index = indexOperand(tree.child(last, 0))
            code.emit(.setItem, a: object, b: index, c: register, at: place)
        }
    }

    /// `x: int = 5`
    func typedAssignment(_ node: NodeID) {
        let parts = tree.typedAssignment(node)
        guard let valueNode = parts.value else { return }
        let mark = top
        // The type before the value, so that whoever makes the value can be told.
        var type: Int?
        if isTypeKnown(parts.annotation) {
            let register = push()
            typeExpression(parts.annotation, into: register)
            type = register
        }
        let value = pushed(valueNode)
        if let type {
            let name = targetName(parts.target)
            code.emit(.checkType, a: value, b: type, c: name, at: tree.range(valueNode))
        }
        assign(parts.target, from: value)
        pop(to: mark)
    }

    /// The name that errors call a target.
    private func targetName(_ target: NodeID) -> Int {
        guard tree.kind(target) == .chain else { return code.name(tree.symbol(target), in: text) }
        let suffixes = tree.chain(target).suffixes
        let last = tree[suffixes, suffixes.count - 1]
        if tree.kind(last) == .attribute { return code.name(tree.symbol(last), in: text) }
        return code.name(spelled: text.text(of: tree.range(target)))
    }

    // MARK: Augmented

    func augmentedAssignment(_ node: NodeID) {
        let parts = tree.augmentedAssignment(node)
        let mark = top
        let place = tree.range(node)
        if tree.kind(parts.target) == .chain {
            augmentedChain(parts, at: place)
        } else if !text.hasWalrus(from: place.start, to: place.end), let register = variableRegister(parts.target) {
            arithmetic(parts.operator, register, parts.value, into: register, isAugmented: true, at: place)
        } else {
            let value = pushed(parts.target)
            arithmetic(parts.operator, value, parts.value, into: value, isAugmented: true, at: place)
            pop(to: value + 1)
            store(parts.target, from: value)
        }
        pop(to: mark)
    }

    private func augmentedChain(_ parts: AugmentedAssignmentSyntax, at place: SyntaxRange) {
        let suffixes = tree.chain(parts.target).suffixes
        let last = tree[suffixes, suffixes.count - 1]
        let range = tree.range(parts.target)
        let object = chainOperand(parts.target, through: suffixes.count - 1, until: place.end)
        if tree.kind(last) == .attribute {
            let value = push()
            let getSite = code.site(tree.symbol(last), in: text)
            code.emit(.getAttribute, a: value, b: object, c: getSite, at: range)
            arithmetic(parts.operator, value, parts.value, into: value, isAugmented: true, at: place)
            let setSite = code.site(tree.symbol(last), in: text)
            code.emit(.setAttribute, a: object, b: value, c: setSite, at: range)
        } else {
            let index = indexOperand(tree.child(last, 0), until: place.end)
            let value = push()
            code.emit(.getItem, a: value, b: object, c: index, at: range)
            arithmetic(parts.operator, value, parts.value, into: value, isAugmented: true, at: place)
            code.emit(.setItem, a: object, b: index, c: value, at: range)
        }
    }

    // MARK: Delete

    func deleteStatement(_ node: NodeID) {
        for target in tree[tree.children(node)] { delete(target: target) }
    }

    private func delete(target: NodeID) {
        let mark = top
        switch tree.kind(target) {
        case .tuple, .list:
            for element in tree[tree.children(target)] { delete(target: element) }
        case .chain:
            let suffixes = tree.chain(target).suffixes
            let last = tree[suffixes, suffixes.count - 1]
            let place = tree.range(target)
            let object = chainOperand(target, through: suffixes.count - 1, until: place.end)
            if tree.kind(last) == .attribute {
                let site = code.site(tree.symbol(last), in: text)
                code.emit(.deleteAttribute, a: object, c: site, at: place)
            } else {
                let index = indexOperand(tree.child(last, 0))
                code.emit(.deleteItem, a: object, b: index, at: place)
            }
        default: delete(target)
        }
        pop(to: mark)
    }
}
