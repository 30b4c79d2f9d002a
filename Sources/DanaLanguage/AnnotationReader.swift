/// Reads the type that an annotation's text names, as the module knows its names when it is asked.
struct AnnotationReader {
    private let machine: Machine
    private let module: ModuleObject
    /// Names that mean something in the function around, which is not there to ask.
    private let hidden: Set<String>
    /// The struct in which the annotation stands, which may name itself.
    private let structure: StructTypeObject?

    /// How often an annotation may stand in quotes within quotes.
    private static let mostQuotes = 4

    init(_ machine: Machine, module: ModuleObject, hidden: Set<String>, within structure: StructTypeObject? = nil) {
        self.machine = machine
        self.module = module
        self.hidden = hidden
        self.structure = structure
    }

    /// Nil when the text names nothing that is there.
    func read(_ text: String, _ types: inout DeclaredTypes) throws(DeclaredTypes.Fault) -> DeclaredType? {
        try read(text, &types, depth: 0, quotes: 0)
    }

    private func read(
        _ text: String, _ types: inout DeclaredTypes, depth: Int, quotes: Int
    ) throws(DeclaredTypes.Fault) -> DeclaredType? {
        let parsed = Parser.parse(SourceText("_: (\(text)\n)", name: "<annotation>"))
        guard quotes <= AnnotationReader.mostQuotes, parsed.tree.isValid, !parsed.hasErrors else { return nil }
        let statements = parsed.tree.children(parsed.tree.root)
        guard statements.count == 1, parsed.tree.kind(parsed.tree[statements, 0]) == .typedAssignment else {
            return nil
        }
        let annotation = parsed.tree.typedAssignment(parsed.tree[statements, 0]).annotation
        return try read(annotation, in: parsed.tree, &types, depth: depth, quotes: quotes)
    }

    private func read(
        _ node: NodeID, in tree: SyntaxTree, _ types: inout DeclaredTypes, depth: Int, quotes: Int
    ) throws(DeclaredTypes.Fault) -> DeclaredType? {
        try types.visit(depth)
        switch tree.kind(node) {
        case .annotation: return try read(tree.child(node, 0), in: tree, &types, depth: depth, quotes: quotes)
        case .nullLiteral: return .null
        case .string:
            let text = String(decoding: tree.text(node), as: UTF8.self)
            return try read(text, &types, depth: depth + 1, quotes: quotes + 1)
        case .name: return try named(tree.text(tree.symbol(node)), &types, depth: depth)
        case .pipe:
            let parts = Array(tree[tree.children(node)])
            return try union(parts, in: tree, &types, depth: depth, quotes: quotes)
        case .chain: return try chain(node, in: tree, &types, depth: depth, quotes: quotes)
        default: return nil
        }
    }

    private func union(
        _ parts: [NodeID], orNull: Bool = false, in tree: SyntaxTree, _ types: inout DeclaredTypes, depth: Int,
        quotes: Int
    ) throws(DeclaredTypes.Fault) -> DeclaredType? {
        var read: [DeclaredType] = []
        for part in parts {
            guard let type = try self.read(part, in: tree, &types, depth: depth + 1, quotes: quotes) else { return nil }
            read.append(type)
        }
        if orNull { read.append(.null) }
        return .union(read)
    }

    // MARK: Names

    private func named(_ name: String, _ types: inout DeclaredTypes, depth: Int) throws(DeclaredTypes.Fault)
        -> DeclaredType?
    {
        if let structure, machine.text(structure.at.pointee.name) == name { return .structure(structure) }
        guard !hidden.contains(name) else { return nil }
        if let value = value(named: name, in: module) { return try types.read(value, depth: depth) }
        if let word = TypeWord(rawValue: name) { return AnnotationReader.meaning(of: word) }
        guard let value = coreValue(name) else { return nil }
        return try types.read(value, depth: depth)
    }

    private func value(named name: String, in module: ModuleObject) -> Value? {
        guard let name = try? machine.heap.name(name), let slot = try? machine.heap.existingSlot(name, of: module),
            !slot.pointee.value.isUndefined
        else { return nil }
        return slot.pointee.value
    }

    private func coreValue(_ name: String) -> Value? {
        guard let name = try? machine.heap.name(name), let slot = try? machine.coreSlot(name) else { return nil }
        let value = slot.pointee.value.isUndefined ? slot.pointee.fallback : slot.pointee.value
        return value.isUndefined ? nil : value
    }

    private static func meaning(of word: TypeWord) -> DeclaredType? {
        switch word {
        case .any, .anyType, .object: .anything
        case .list, .iterable, .sequence: .list(.anything)
        case .tuple: .row(.anything)
        case .dict, .mapping: .dict(key: .anything, value: .anything)
        case .set: .set(.anything, isFrozen: false)
        case .frozenSet: .set(.anything, isFrozen: true)
        case .callable, .callableType, .iterator, .generator: .other(.true, name: word.rawValue)
        case .optional, .union: nil
        }
    }

    // MARK: Chains

    /// `module.Type`, `list[int]`
    private func chain(
        _ node: NodeID, in tree: SyntaxTree, _ types: inout DeclaredTypes, depth: Int, quotes: Int
    ) throws(DeclaredTypes.Fault) -> DeclaredType? {
        let parts = tree.chain(node)
        guard tree.kind(parts.base) == .name else { return nil }
        let base = tree.text(tree.symbol(parts.base))
        let suffixes = Array(tree[parts.suffixes])
        if let first = suffixes.first, suffixes.count == 1, tree.kind(first) == .item {
            return try container(base, tree.child(first, 0), in: tree, &types, depth: depth, quotes: quotes)
        }
        guard !hidden.contains(base), var found = value(named: base, in: module) else { return nil }
        for suffix in suffixes {
            guard tree.kind(suffix) == .attribute, let module = ModuleObject(found),
                let next = value(named: tree.text(tree.symbol(suffix)), in: module)
            else { return nil }
            found = next
        }
        return try types.read(found, depth: depth)
    }

    private func container(
        _ base: String, _ index: NodeID, in tree: SyntaxTree, _ types: inout DeclaredTypes, depth: Int, quotes: Int
    ) throws(DeclaredTypes.Fault) -> DeclaredType? {
        var nodes = tree.kind(index) == .tuple ? Array(tree[tree.children(index)]) : [index]
        let isOwn = value(named: base, in: module) != nil || hidden.contains(base)
        let word = isOwn ? nil : TypeWord(rawValue: base)
        if let word, word.isUnion {
            return try union(nodes, orNull: word == .optional, in: tree, &types, depth: depth, quotes: quotes)
        }
        let isOpen = nodes.count == 2 && tree.kind(nodes[1]) == .ellipsis
        if isOpen { nodes.removeLast() }
        if word != nil, word?.container == nil {
            // The items of a sequence or a mapping of any kind; what is in the brackets of a function is not looked at.
            guard let meaning = word.flatMap(AnnotationReader.meaning) else { return nil }
            if case .other = meaning { return meaning }
            if case .anything = meaning { return meaning }
        }
        var read: [DeclaredType] = []
        for node in nodes {
            guard let type = try self.read(node, in: tree, &types, depth: depth + 1, quotes: quotes) else { return nil }
            read.append(type)
        }
        switch word {
        case .iterable, .sequence: return .list(read.first ?? .anything)
        case .mapping: return .dict(key: read.first ?? .anything, value: read.count > 1 ? read[1] : .anything)
        default: break
        }
        guard !hidden.contains(base) else { return nil }
        guard let type = value(named: base, in: module) ?? coreValue(word?.container ?? base) else { return nil }
        return DeclaredTypes.container(type, read, isOpen: isOpen)
    }
}
