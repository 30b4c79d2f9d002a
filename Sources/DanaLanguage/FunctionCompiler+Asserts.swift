// `assert`, which says without a message what the values were.

extension FunctionCompiler {
    /// A piece of what a failed `assert` says.
    private enum Piece {
        case text(String)
        case value(Int)
        /// An argument of a call: types go by their names.
        case argument(Int)
    }

    /// Arguments of a call that are shown at most.
    private static let mostShownArguments = 8

    func assertStatement(_ node: NodeID) {
        let mark = top
        let test = tree.child(node, 0)
        let place = tree.range(isCompound(test) ? test : node)
        let passed = code.label()
        if tree.children(node).count > 1, let message = tree.optionalChild(node, 1) {
            condition(test, jumpTo: passed, when: true)
            code.emit(.assertFailed, a: pushed(message), at: place)
        } else if tree.kind(test) == .comparison, tree.operators(test).count == 1,
            let symbol = tree.operators(test).first
        {
            let (left, right) = comparisonJump(test, symbol, jumpTo: passed)
            let shown = shownOperand(right, of: test, symbol)
            code.emit(.testFailed, a: left, b: shown, x: FailedTest.comparison(symbol).packed, at: place)
        } else if isCompound(test) {
            let message = push()
            self.test(test, into: message, jumpTo: passed)
            code.emit(.assertFailed, a: message, at: place)
        } else {
            let value = operand(test)
            code.jump(.jumpIfTrue, a: value, to: passed, at: tree.range(test))
            code.emit(.testFailed, a: value, b: value, x: FailedTest.truth.packed, at: place)
        }
        code.mark(passed)
        pop(to: mark)
    }

    /// Whether a test has operands to show.
    private func isCompound(_ test: NodeID) -> Bool {
        switch tree.kind(test) {
        case .and, .or, .comparison: true
        case .unary: tree.operator(test) == .not
        default: shownCall(test) != nil
        }
    }

    /// Jumps when a test holds, and goes on behind with a text of what its operands were.
    private func test(_ node: NodeID, into message: Int, jumpTo passed: CodeBuilder.Label, isPart: Bool = false) {
        let mark = top
        let place = tree.range(node)
        switch tree.kind(node) {
        case .and:
            let failed = code.label()
            for operand in tree[tree.children(node)] {
                let next = code.label()
                test(operand, into: message, jumpTo: next)
                code.jump(to: failed, at: place)
                code.mark(next)
            }
            code.jump(to: passed, at: place)
            code.mark(failed)
        case .or where tree.children(node).count < FunctionCompiler.run / 2:
            let first = top
            for operand in tree[tree.children(node)] {
                if top > first { load(.string(" or "), into: push(), at: place) }
                test(operand, into: push(), jumpTo: passed, isPart: true)
            }
            code.emit(.joinStrings, a: message, b: first, c: top - first, at: place)
        case .comparison where tree.operators(node).count > 1: chainedTest(node, into: message, jumpTo: passed)
        case .unary where tree.operator(node) == .not:
            let (value, pieces) = described(tree.child(node, 0))
            code.jump(.jumpIfFalse, a: value, to: passed, at: place)
            let isCall = pieces.count > 1 && shownCall(tree.child(node, 0)) != nil
            write(isCall ? pieces : [.text("not ")] + pieces, into: message, at: place)
        default:
            let (value, pieces) = described(node)
            code.jump(.jumpIfTrue, a: value, to: passed, at: place)
            write(pieces.count > 1 || isPart ? pieces : [.text("the value is ")] + pieces, into: message, at: place)
        }
        pop(to: mark)
    }

    /// `a < b < c`: what is said is the comparison that does not hold.
    private func chainedTest(_ node: NodeID, into message: Int, jumpTo passed: CodeBuilder.Label) {
        let place = tree.range(node)
        let failed = code.label()
        var left = pushed(tree.child(node, 0))
        for (number, symbol) in tree.operators(node).enumerated() {
            let right = pushed(tree.child(node, number + 1))
            let next = code.label()
            let answer = push()
            compared(symbol, left, right, into: answer, at: place)
            code.jump(.jumpIfTrue, a: answer, to: next, at: place)
            write([.value(left), .text(" \(symbol.spelling) "), .value(right)], into: message, at: place)
            code.jump(to: failed, at: place)
            code.mark(next)
            left = right
        }
        code.jump(to: passed, at: place)
        code.mark(failed)
    }

    /// A comparison's answer; a membership test may use up what it looks through, so that gets a copy.
    private func compared(_ symbol: SyntaxOperator, _ left: Int, _ right: Int, into answer: Int, at place: SyntaxRange)
    {
        var operand = right
        if symbol == .in || symbol == .notIn {
            operand = push()
            code.emit(.move, a: operand, b: right, at: place)
        }
        code.emit(symbol.opcode, a: answer, b: left, c: operand, at: place)
    }

    /// Evaluates an expression, keeping what is to be said of it.
    private func described(_ node: NodeID) -> (value: Int, pieces: [Piece]) {
        let place = tree.range(node)
        if tree.kind(node) == .comparison, tree.operators(node).count == 1, let symbol = tree.operators(node).first {
            let (left, right) = (pushed(tree.child(node, 0)), pushed(tree.child(node, 1)))
            let answer = push()
            compared(symbol, left, right, into: answer, at: place)
            return (answer, [.value(left), .text(" \(symbol.spelling) "), .value(right)])
        }
        guard let call = shownCall(node) else {
            let value = pushed(node)
            return (value, [.value(value)])
        }
        return describedCall(node, call)
    }

    /// The call that an expression is, if its arguments can be shown.
    private func shownCall(_ node: NodeID) -> NodeID? {
        guard tree.kind(node) == .chain else { return nil }
        let suffixes = tree.chain(node).suffixes
        let last = tree[suffixes, suffixes.count - 1]
        guard tree.kind(last) == .call, tree.children(last).count <= FunctionCompiler.mostShownArguments,
            !isSpread(tree.children(last))
        else { return nil }
        return suffixes.count > 1 || tree.kind(tree.chain(node).base) == .name ? last : nil
    }

    private func describedCall(_ node: NodeID, _ call: NodeID) -> (value: Int, pieces: [Piece]) {
        let place = tree.range(node)
        let (base, suffixes) = (tree.chain(node).base, tree.chain(node).suffixes)
        let count = suffixes.count
        let method = count > 1 && tree.kind(tree[suffixes, count - 2]) == .attribute ? tree[suffixes, count - 2] : nil
        let whole = method == nil ? count - 1 : count - 2
        let function = push()
        if whole == 0 { expression(base, into: function) } else { chainPart(node, through: whole, into: function) }
        var pieces: [Piece]
        if let method {
            code.emit(.requireAttribute, a: function, c: code.site(tree.symbol(method), in: text), at: place)
            pieces = [.argument(function), .text(".\(text.name(tree.symbol(method)))(")]
        } else {
            let end = count > 1 ? tree.range(ofChain: node, through: count - 2).end : tree.range(base).end
            pieces = [.text(text.text(of: SyntaxRange(start: place.start, end: end)) + "(")]
        }
        let first = top
        let keywords = pushArguments(tree.children(call))
        let positional = tree.children(call).count - keywords.count
        for number in 0..<(top - first) {
            let name = number < positional ? "" : "\(keywords[number - positional])="
            pieces += [.text((number > 0 ? ", " : "") + name), .argument(first + number)]
        }
        let arguments = first..<top
        let window = push()
        code.emit(.move, a: window, b: function, at: place)
        for argument in arguments { code.emit(.move, a: push(), b: argument, at: place) }
        if let method {
            let site = code.site(tree.symbol(method), keywords: keywords, in: text)
            let opcode: Opcode = keywords.isEmpty ? .callMethod : .callMethodKeywords
            code.emit(opcode, a: window, b: arguments.count, c: site, at: place)
        } else {
            emitCall(window, arguments.count, keywords, at: place)
        }
        pop(to: window + 1)
        return (window, pieces + [.text(") is "), .value(window)])
    }

    private func write(_ pieces: [Piece], into message: Int, at place: SyntaxRange) {
        let first = top
        for piece in pieces {
            switch piece {
            case .text(let words): load(.string(words), into: push(), at: place)
            case .value(let register): code.emit(.shown, a: push(), b: register, at: place)
            case .argument(let register): code.emit(.shown, a: push(), b: register, x: 1, at: place)
            }
        }
        code.emit(.joinStrings, a: message, b: first, c: top - first, at: place)
        pop(to: first)
    }

    /// The right side of a membership test as it was written, where what was looked through is its items alone.
    private func shownOperand(_ right: Int, of test: NodeID, _ symbol: SyntaxOperator) -> Int {
        let node = tree.child(test, 1)
        guard symbol == .in || symbol == .notIn, tree.kind(node) == .list, text.constants(tree.children(node)) != nil
        else { return right }
        return pushed(node)
    }
}
