// Tuples, lists, sets and dicts.

extension FunctionCompiler {
    /// What a display makes.
    enum Display {
        case tuple, list, set
    }

    mutating func tuple(_ node: NodeID, into target: Int) {
        let elements = tree.children(node)
        if let constants = text.constants(elements) {
            load(.tuple(constants), into: target, at: tree.range(node))
        } else {
            gather(Array(tree[elements]), .tuple, into: target, at: tree.range(node))
        }
    }

    mutating func list(_ node: NodeID, into target: Int) {
        let elements = tree.children(node)
        let place = tree.range(node)
        if elements.count > FunctionCompiler.run, let constants = text.constants(elements) {
            let result = scratch(for: target)
            let items = push()
            load(.tuple(constants), into: items, at: place)
            code.emit(.makeList, a: result, b: result, c: 0, at: place)
            code.emit(.listExtend, a: result, b: items, at: place)
            deliver(result, to: target, at: place)
        } else {
            gather(Array(tree[elements]), .list, into: target, at: place)
        }
    }

    mutating func set(_ node: NodeID, into target: Int) {
        gather(Array(tree[tree.children(node)]), .set, into: target, at: tree.range(node))
    }

    /// Compiles elements, starred ones among them, and puts them together. The first run of plain ones is made at
    /// once; what comes after is added one by one.
    mutating func gather(_ elements: [NodeID], _ display: Display, into target: Int, at place: SyntaxRange) {
        var run = 0
        while run < min(elements.count, FunctionCompiler.run), tree.kind(elements[run]) != .starred { run += 1 }
        let isWhole = run == elements.count
        let result = isWhole ? target : scratch(for: target)
        let first = top
        for element in elements[..<run] { pushed(element) }
        let make: Opcode =
            switch display {
            case .tuple: isWhole ? .makeTuple : .makeList
            case .list: .makeList
            case .set: .makeSet
            }
        code.emit(make, a: result, b: first, c: run, at: place)
        pop(to: first)
        guard !isWhole else { return }
        for element in elements[run...] {
            let isStarred = tree.kind(element) == .starred
            let item = pushed(isStarred ? tree.child(element, 0) : element)
            let add: Opcode =
                switch (display, isStarred) {
                case (.set, true): .setUpdate
                case (.set, false): .setAdd
                case (_, true): .listExtend
                case (_, false): .listAppend
                }
            code.emit(add, a: result, b: item, at: place)
            pop(to: first)
        }
        if display == .tuple { code.emit(.listToTuple, a: result, at: place) }
        deliver(result, to: target, at: place)
    }

    mutating func dictionary(_ node: NodeID, into target: Int) {
        let place = tree.range(node)
        let dictionary = tree.dictionary(node)
        var run = 0
        while run < min(dictionary.count, FunctionCompiler.run / 2), tree.key(of: dictionary, run) != nil { run += 1 }
        let isWhole = run == dictionary.count
        let result = isWhole ? target : scratch(for: target)
        let first = top
        for entry in 0..<run { _ = pair(entry, of: dictionary) }
        code.emit(.makeDict, a: result, b: first, c: run, at: place)
        pop(to: first)
        for entry in run..<dictionary.count {
            if let (key, value) = pair(entry, of: dictionary) {
                code.emit(.dictSet, a: result, b: key, c: value, at: place)
            } else {
                let mapping = pushed(tree.value(of: dictionary, entry))
                code.emit(.dictUpdate, a: result, b: mapping, at: place)
            }
            pop(to: first)
        }
        deliver(result, to: target, at: place)
    }

    /// Compiles an entry's key and value into the next temporaries; nil for `**value`.
    private mutating func pair(_ entry: Int, of dictionary: DictionarySyntax) -> (key: Int, value: Int)? {
        guard let keyNode = tree.key(of: dictionary, entry) else { return nil }
        let key = pushed(keyNode)
        let value = pushed(tree.value(of: dictionary, entry))
        return (key, value)
    }
}
