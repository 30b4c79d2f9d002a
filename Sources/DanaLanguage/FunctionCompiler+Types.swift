// The types that annotations name, and checking values against them.

extension FunctionCompiler {
    /// Whether an annotation says what can be checked here: not a type that is only defined further down, nor one in
    /// a string, nor one that everything is of.
    func isTypeKnown(_ node: NodeID) -> Bool {
        switch tree.kind(node) {
        case .annotation: return isTypeKnown(tree.child(node, 0))
        case .nullLiteral: return true
        case .name:
            if let word = typeWord(node) { return word.container != nil }
            return isTypeDefined(node) || isNamedInField(node)
        case .scopedName: return true
        case .chain:
            let base = tree.chain(node).base
            return isTypeKnown(base) || (tree.kind(base) == .name && typeWord(base)?.isUnion == true)
        case .pipe:
            for part in tree[tree.children(node)] where !isTypeKnown(part) { return false }
            return true
        default: return false
        }
    }

    /// Whether a type of this name is there already, unless the function around defines it further down.
    private func isTypeDefined(_ name: NodeID) -> Bool {
        let isOwn = scope.parent == nil || [.local, .cell].contains(resolution.binding(name).kind)
        return !isOwn || text.isTypeDefined(name, in: scope)
    }

    /// Whether a struct's field names the struct itself or a type that the module defines further down.
    private func isNamedInField(_ name: NodeID) -> Bool {
        guard let structName = openField?.structName else { return false }
        return !isTypeDefined(name) && (scope.kind == .module || tree.symbol(name) == structName)
    }

    /// Names in annotations that do not belong to the module, nor to the language.
    func hiddenNames(in annotations: [NodeID]) -> Set<String> {
        var hidden: Set<String> = []
        var pending = annotations
        while let node = pending.popLast() {
            if tree.kind(node) == .name {
                switch resolution.binding(node).kind {
                case .local, .cell, .free: hidden.insert(text.name(tree.symbol(node)))
                default: break
                }
            }
            pending += tree[tree.children(node)].filter { !$0.isNone }
        }
        return hidden
    }

    /// The word of annotations that a name is, unless the program gives it a meaning of its own.
    private func typeWord(_ name: NodeID) -> TypeWord? {
        guard resolution.binding(name).kind == .global else { return nil }
        return TypeWord(rawValue: text.name(tree.symbol(name)))
    }

    /// Loads the type that an annotation names, as `Heap.conforms` reads it.
    func typeExpression(_ node: NodeID, into target: Int) {
        let mark = top
        let place = tree.range(node)
        switch tree.kind(node) {
        case .annotation: typeExpression(tree.child(node, 0), into: target)
        case .pipe: union(of: Array(tree[tree.children(node)]), into: target, at: place)
        case .chain:
            let suffixes = tree.chain(node).suffixes
            let attributes = tree[suffixes].prefix { tree.kind($0) == .attribute }.count
            if attributes == suffixes.count {
                let value = chainOperand(node, through: attributes, until: 0)
                code.emit(.take, a: target, b: value, at: place)
            } else if attributes == 0, tree.kind(tree[suffixes, 0]) == .item {
                container(tree.chain(node).base, of: tree.child(tree[suffixes, 0], 0), into: target, at: place)
            } else {
                code.emit(.loadTrue, a: target, at: place)
            }
        case .name:
            if let word = typeWord(node) {
                loadContainer(word, into: target, at: place)
            } else if isNamedInField(node) {
                openField?.namesTypes = true
                load(.string(text.name(tree.symbol(node))), into: target, at: place)
            } else {
                expression(node, into: target)
            }
        case .nullLiteral, .scopedName: expression(node, into: target)
        default: code.emit(.loadTrue, a: target, at: place)
        }
        pop(to: mark)
    }

    /// The type, or what everything is of where that cannot be said here.
    private func pushType(_ node: NodeID) {
        let register = push()
        if isTypeKnown(node) {
            typeExpression(node, into: register)
        } else {
            code.emit(.loadTrue, a: register, at: tree.range(node))
        }
    }

    private func union(of parts: [NodeID], andNull: Bool = false, into target: Int, at place: SyntaxRange) {
        let first = top
        for part in parts { pushType(part) }
        if andNull { code.emit(.loadNull, a: push(), at: place) }
        code.emit(.makeTuple, a: target, b: first, c: parts.count + (andNull ? 1 : 0), at: place)
    }

    /// `list[int]`: the list of the container, the number of the types in the brackets, and those. The number is -1
    /// for a tuple of any length.
    private func container(_ base: NodeID, of index: NodeID, into target: Int, at place: SyntaxRange) {
        var types = tree.kind(index) == .tuple ? Array(tree[tree.children(index)]) : [index]
        if tree.kind(base) == .name, let word = typeWord(base), word.isUnion {
            union(of: types, andNull: word == .optional, into: target, at: place)
            return
        }
        let isOpen = types.count == 2 && tree.kind(types[1]) == .ellipsis
        if isOpen { types.removeLast() }
        let first = top
        pushType(base)
        code.emit(.loadInteger, a: push(), wide: isOpen ? -1 : types.count, at: place)
        for type in types { pushType(type) }
        code.emit(.makeList, a: target, b: first, c: types.count + 2, at: place)
    }

    private func loadContainer(_ word: TypeWord, into target: Int, at place: SyntaxRange) {
        if let container = word.container {
            code.emit(.getGlobal, a: target, wide: code.global(named: container), at: place)
        } else {
            code.emit(.loadTrue, a: target, at: place)
        }
    }

    // MARK: Strict functions

    /// Checks the arguments of a function that asks for it. A receiver is always of the type that has the method.
    func checkParameters(_ list: [NodeID]) {
        guard checksOwnAnnotations else { return }
        let receiver = scope.kind == .function ? tree.functionDefinition(scope.node).receiver : nil
        for (index, node) in list.enumerated() where node != receiver {
            guard let annotation = tree.parameter(node).annotation, isTypeKnown(annotation) else { continue }
            let mark = top
            let place = tree.range(node)
            let type = push()
            switch tree.parameterKind(node) {
            case .variadic:
                spread("tuple", [annotation], count: -1, into: type)
            case .keywords:
                spread("dict", [nil, annotation], count: 2, into: type)
            default: typeExpression(annotation, into: type)
            }
            let name = code.name(tree.symbol(node), in: text)
            let argument = register(ofLocal: index)
            code.emit(
                .checkType, a: argument, b: type, c: name, x: Int(CheckedPlace.argument.rawValue), at: place)
            pop(to: mark)
        }
    }

    /// The type of `*args` or `**kwargs`, whose annotation is that of each item.
    private func spread(_ container: String, _ types: [NodeID?], count: Int, into target: Int) {
        guard let node = types.last, let node else { return }
        let place = tree.range(node)
        let first = top
        code.emit(.getGlobal, a: push(), wide: code.global(named: container), at: place)
        code.emit(.loadInteger, a: push(), wide: count, at: place)
        for type in types {
            if let type { pushType(type) } else { code.emit(.loadTrue, a: push(), at: place) }
        }
        code.emit(.makeList, a: target, b: first, c: types.count + 2, at: place)
    }

    /// The type of the result of a function that checks it, in the next temporary: before the value, so that whoever
    /// makes the value can be told.
    func pushResultType() -> Int? {
        guard checksOwnAnnotations, !scope.isGenerator, let returns = returnAnnotation, isTypeKnown(returns) else {
            return nil
        }
        let type = push()
        typeExpression(returns, into: type)
        return type
    }

    /// Checks what a function that asks for it is about to return.
    func checkResult(_ value: Int, is type: Int?, at place: SyntaxRange) {
        guard let type else { return }
        let name = code.name(tree.symbol(tree.child(scope.node, 0)), in: text)
        code.emit(.checkType, a: value, b: type, c: name, x: Int(CheckedPlace.result.rawValue), at: place)
    }

    /// Says of a value that it is what a function with a declared result is about to return, without a check.
    func tellResult(_ value: Int, at place: SyntaxRange) {
        guard !scope.isGenerator, returnAnnotation != nil else { return }
        let name = code.name(tree.symbol(tree.child(scope.node, 0)), in: text)
        code.emit(.checkType, a: value, b: value, c: name, x: Int(CheckedPlace.told.rawValue), at: place)
    }

    /// The same check for a function that is about to return without a value.
    func checkNull(at place: SyntaxRange) {
        let mark = top
        guard let type = pushResultType() else { return }
        let value = push()
        code.emit(.loadNull, a: value, at: place)
        checkResult(value, is: type, at: place)
        pop(to: mark)
    }

    var returnAnnotation: NodeID? {
        switch scope.kind {
        case .function: tree.functionDefinition(scope.node).returns
        case .pipelineFunction: tree.pipelineDefinition(scope.node).returns
        default: nil
        }
    }

    /// Whether the function is to check its arguments and its result: the whole program asks for it, or `@strict`.
    static func checksAnnotations(_ scope: FunctionScope, in text: ProgramText) -> Bool {
        switch scope.kind {
        case .function, .pipelineFunction: text.isStrict || strictDecorator(of: scope.node, in: text) != nil
        default: false
        }
    }

    /// The place of `@strict` among a function's decorators.
    static func strictDecorator(of node: NodeID, in text: ProgramText) -> Int? {
        let decorators =
            text.shared.kind(node) == .pipelineDefinition
            ? text.shared.pipelineDefinition(node).decorators : text.shared.functionDefinition(node).decorators
        for (place, decorator) in text.shared[decorators].enumerated()
        where text.shared.kind(decorator) == .name && text.resolution.binding(decorator).kind == .global {
            if text.name(text.shared.symbol(decorator)) == TypeWord.strict { return place }
        }
        return nil
    }
}
