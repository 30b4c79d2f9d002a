// `match` and its patterns.

extension FunctionCompiler {
    /// The captures of a pattern and the registers of what they get. Variables are set only when all of it matches.
    private typealias Captures = [(node: NodeID, register: Int)]

    mutating func matchStatement(_ node: NodeID) {
        let parts = tree.matchStatement(node)
        let mark = top
        // A capture may set the subject's own variable before a guard fails.
        let hasGuards = tree[parts.cases].contains { tree.matchCase($0).guardCondition != nil }
        let subject = hasGuards ? pushed(parts.subject) : operand(parts.subject, until: tree.range(node).end)
        let base = top
        let end = code.label()
        for place in 0..<parts.cases.count {
            matchCase(tree[parts.cases, place], subject, end: end)
            pop(to: base)
        }
        code.mark(end)
        pop(to: mark)
    }

    private mutating func matchCase(_ node: NodeID, _ subject: Int, end: CodeBuilder.Label) {
        let parts = tree.matchCase(node)
        let next = code.label()
        var captures: Captures = []
        pattern(parts.pattern, subject, fail: next, &captures)
        for capture in captures {
            let place = tree.range(capture.node)
            let copy = push()
            code.emit(.move, a: copy, b: capture.register, at: place)
            store(capture.node, from: copy)
            pop(to: copy)
        }
        if let guardCondition = parts.guardCondition { condition(guardCondition, jumpTo: next, when: false) }
        block(parts.body)
        code.jump(to: end, at: tree.range(parts.pattern))
        code.mark(next)
    }

    /// Jumps to a label unless the value in a register matches. Registers of captures stay taken.
    private mutating func pattern(
        _ node: NodeID, _ value: Int, fail: CodeBuilder.Label, _ captures: inout Captures
    ) {
        switch tree.kind(node) {
        case .literalPattern: literalPattern(tree.child(node, 0), value, fail: fail)
        case .valuePattern: equalPattern(tree.child(node, 0), value, fail: fail)
        case .capturePattern: captures.append((node, value))
        case .orPattern: orPattern(node, value, fail: fail, &captures)
        case .sequencePattern: sequencePattern(node, value, fail: fail, &captures)
        case .mappingPattern: mappingPattern(node, value, fail: fail, &captures)
        case .classPattern: classPattern(node, value, fail: fail, &captures)
        case .asPattern:
            let parts = tree.asPattern(node)
            pattern(parts.pattern, value, fail: fail, &captures)
            pattern(parts.capture, value, fail: fail, &captures)
        case .starPattern: pattern(tree.child(node, 0), value, fail: fail, &captures)
        default: break
        }
    }

    private mutating func literalPattern(_ literal: NodeID, _ value: Int, fail: CodeBuilder.Label) {
        let place = tree.range(literal)
        switch tree.kind(literal) {
        case .nullLiteral, .trueLiteral, .falseLiteral:
            let mark = top
            let constant = pushed(literal)
            code.emit(.identical, a: constant, b: value, c: constant, at: place)
            code.jump(.jumpIfFalse, a: constant, to: fail, at: place)
            pop(to: mark)
        default: equalPattern(literal, value, fail: fail)
        }
    }

    private mutating func equalPattern(_ node: NodeID, _ value: Int, fail: CodeBuilder.Label) {
        let mark = top
        let place = tree.range(node)
        if let integer = text.shortInteger(node) {
            code.jump(.jumpIfNotEqualInteger, a: value, b: integer, to: fail, at: place)
        } else {
            let other = operand(node)
            code.jump(.jumpIfNotEqual, a: value, b: other, to: fail, at: place)
        }
        pop(to: mark)
    }

    /// Alternatives capture the same names; each brings its captures to the registers of the first one's.
    private mutating func orPattern(
        _ node: NodeID, _ value: Int, fail: CodeBuilder.Label, _ captures: inout Captures
    ) {
        let alternatives = tree.children(node)
        let place = tree.range(node)
        let matched = code.label()
        var shared: Captures = []
        for index in 0..<alternatives.count {
            let next = code.label()
            var own: Captures = []
            if index > 0 {
                let mark = top
                pattern(tree[alternatives, index], value, fail: next, &own)
                for capture in own {
                    let symbol = tree.symbol(capture.node)
                    guard let target = shared.first(where: { tree.symbol($0.node) == symbol }) else { continue }
                    code.emit(.move, a: target.register, b: capture.register, at: place)
                }
                pop(to: mark)
            } else {
                let first = tree[alternatives, index]
                let names = captureCount(first)
                let registers = (0..<names).map { _ in push() }
                let mark = top
                pattern(first, value, fail: next, &own)
                for (capture, register) in zip(own, registers) {
                    code.emit(.move, a: register, b: capture.register, at: place)
                    shared.append((capture.node, register))
                }
                pop(to: mark)
            }
            code.jump(to: matched, at: place)
            code.mark(next)
        }
        code.jump(to: fail, at: place)
        code.mark(matched)
        captures.append(contentsOf: shared)
    }

    /// How many captures a pattern makes.
    private func captureCount(_ node: NodeID) -> Int {
        switch tree.kind(node) {
        case .capturePattern: return 1
        case .orPattern: return captureCount(tree.child(node, 0))
        case .valuePattern, .literalPattern, .wildcardPattern: return 0
        default:
            var count = 0
            for child in tree[tree.children(node)] where !child.isNone { count += captureCount(child) }
            return count
        }
    }

    private mutating func sequencePattern(
        _ node: NodeID, _ value: Int, fail: CodeBuilder.Label, _ captures: inout Captures
    ) {
        let elements = tree.children(node)
        let place = tree.range(node)
        let star = tree[elements].firstIndex { tree.kind($0) == .starPattern }.map { $0 - tree[elements].startIndex }
        let answer = push()
        code.emit(
            .matchSequence, a: answer, b: value, c: star == nil ? elements.count : elements.count - 1,
            x: star == nil ? 0 : 1, at: place)
        code.jump(.jumpIfFalse, a: answer, to: fail, at: place)
        guard tree[elements].contains(where: { !isWildcard($0) }) else { return }
        let first = top
        for _ in 0..<elements.count { _ = push() }
        code.emit(.move, a: answer, b: value, at: place)
        if let star {
            code.emit(.unpackStar, a: first, b: star, c: answer, x: elements.count - star - 1, at: place)
        } else {
            code.emit(.unpack, a: first, b: elements.count, c: answer, at: place)
        }
        for index in 0..<elements.count {
            pattern(tree[elements, index], first + index, fail: fail, &captures)
        }
    }

    private func isWildcard(_ node: NodeID) -> Bool {
        switch tree.kind(node) {
        case .wildcardPattern: true
        case .starPattern: isWildcard(tree.child(node, 0))
        default: false
        }
    }

    private mutating func mappingPattern(
        _ node: NodeID, _ value: Int, fail: CodeBuilder.Label, _ captures: inout Captures
    ) {
        let parts = tree.mappingPattern(node)
        let place = tree.range(node)
        let answer = push()
        code.emit(.matchMapping, a: answer, b: value, at: place)
        code.jump(.jumpIfFalse, a: answer, to: fail, at: place)
        guard parts.count > 0 || parts.rest != nil else { return }
        let keys = top
        for entry in 0..<parts.count { pushed(keyNode(tree.key(of: parts, entry))) }
        code.emit(.makeTuple, a: answer, b: keys, c: parts.count, at: place)
        pop(to: keys)
        let values = push()
        if parts.count > 0 {
            code.emit(.matchKeys, a: values, b: value, c: answer, at: place)
            code.jump(.jumpIfNull, a: values, to: fail, at: place)
            let first = top
            for _ in 0..<parts.count { _ = push() }
            code.emit(.unpack, a: first, b: parts.count, c: values, at: place)
            for entry in 0..<parts.count {
                pattern(tree.pattern(of: parts, entry), first + entry, fail: fail, &captures)
            }
        }
        if let rest = parts.rest {
            code.emit(.matchRest, a: values, b: value, c: answer, at: place)
            pattern(rest, values, fail: fail, &captures)
        }
    }

    /// The expression of a mapping pattern's key.
    private func keyNode(_ key: NodeID) -> NodeID {
        switch tree.kind(key) {
        case .literalPattern, .valuePattern: tree.child(key, 0)
        default: key
        }
    }

    private mutating func classPattern(
        _ node: NodeID, _ value: Int, fail: CodeBuilder.Label, _ captures: inout Captures
    ) {
        let parts = tree.classPattern(node)
        let place = tree.range(node)
        let type = push()
        let answer = push()
        expression(parts.type, into: type)
        code.emit(.matchType, a: answer, b: value, c: type, at: place)
        code.jump(.jumpIfFalse, a: answer, to: fail, at: place)
        let positional = tree[parts.arguments].prefix { tree.kind($0) != .keywordPattern }.count
        let first = top
        for _ in 0..<parts.arguments.count { _ = push() }
        if positional > 0 {
            code.emit(.move, a: answer, b: type, at: place)
            code.emit(.matchPositional, a: answer, b: value, c: positional, at: place)
            code.jump(.jumpIfNull, a: answer, to: fail, at: place)
            code.emit(.unpack, a: first, b: positional, c: answer, at: place)
        }
        for index in positional..<parts.arguments.count {
            let argument = tree[parts.arguments, index]
            let site = code.site(tree.symbol(argument), in: text)
            code.emit(.matchAttribute, a: first + index, b: value, c: site, at: tree.range(argument))
            code.jump(.jumpIfUndefined, a: first + index, to: fail, at: place)
        }
        for index in 0..<parts.arguments.count {
            let argument = tree[parts.arguments, index]
            let inner = tree.kind(argument) == .keywordPattern ? tree.child(argument, 0) : argument
            pattern(inner, first + index, fail: fail, &captures)
        }
    }
}
