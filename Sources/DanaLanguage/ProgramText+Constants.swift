import DanaData

// Values known when the program is compiled.

extension ProgramText {
    /// How high a constant expression may be, so that asking again at each level costs little.
    private static var greatestHeight: UInt8 { 5 }
    private static var greatestTuple: Int { 1 << 16 }

    /// The value of an expression that is a literal, or made of numbers' literals by arithmetic that cannot fail and
    /// stays small.
    func constant(_ node: NodeID) -> Code.Constant? {
        switch tree.kind(node) {
        case .nullLiteral: return .null
        case .trueLiteral: return .bool(true)
        case .falseLiteral: return .bool(false)
        case .integer:
            switch tree.integer(node) {
            case .small(let value): return .integer(value)
            case .big(let value): return .bigInteger(value)
            }
        case .float: return .float(tree.float(node))
        case .string: return .string(String(decoding: tree.text(node), as: UTF8.self))
        case .bytes: return .bytes(Array(tree.text(node)))
        case .unary: return negated(node)
        case .binary: return computed(node)
        case .power: return raised(node)
        case .tuple: return tuple(node)
        default: return nil
        }
    }

    /// The value of an integer literal with its sign when 16 bits hold it.
    func shortInteger(_ node: NodeID) -> Int? {
        guard tree.kind(node) == .integer || tree.kind(node) == .unary, case .integer(let value)? = constant(node)
        else { return nil }
        return Int16(exactly: value).map(Int.init)
    }

    /// The constants that all elements of a display are.
    func constants(_ elements: NodeList) -> [Code.Constant]? {
        guard elements.count <= ProgramText.greatestTuple else { return nil }
        var values: [Code.Constant] = []
        for element in tree[elements] {
            guard let value = constant(element) else { return nil }
            values.append(value)
        }
        return values
    }

    private func tuple(_ node: NodeID) -> Code.Constant? {
        guard tree[node].height <= ProgramText.greatestHeight else { return nil }
        return constants(tree.children(node)).map { .tuple($0) }
    }

    private func negated(_ node: NodeID) -> Code.Constant? {
        guard tree[node].height <= ProgramText.greatestHeight, let value = constant(tree.child(node, 0)) else {
            return nil
        }
        switch (tree.operator(node), value) {
        case (.minus, .integer(let value)):
            let (result, overflow) = (0).subtractingReportingOverflow(value)
            return overflow ? nil : .integer(result)
        case (.minus, .float(let value)): return .float(-value)
        case (.invert, .integer(let value)): return .integer(~value)
        default: return nil
        }
    }

    private func computed(_ node: NodeID) -> Code.Constant? {
        guard tree[node].height <= ProgramText.greatestHeight, var value = constant(tree.child(node, 0)) else {
            return nil
        }
        for (place, symbol) in tree.operators(node).enumerated() {
            guard let right = constant(tree.child(node, place + 1)) else { return nil }
            switch (value, right) {
            case (.integer(let left), .integer(let right)):
                guard let result = ProgramText.compute(left, symbol, right) else { return nil }
                value = .integer(result)
            case (.float(let left), .float(let right)):
                guard let result = ProgramText.compute(left, symbol, right) else { return nil }
                value = .float(result)
            default: return nil
            }
        }
        return value
    }

    private func raised(_ node: NodeID) -> Code.Constant? {
        let operands = tree.children(node)
        guard operands.count == 2, tree[node].height <= ProgramText.greatestHeight,
            case .integer(let base)? = constant(tree[operands, 0]),
            case .integer(let exponent)? = constant(tree[operands, 1]), 0...63 ~= exponent
        else { return nil }
        var result = 1
        for _ in 0..<exponent {
            let (product, overflow) = result.multipliedReportingOverflow(by: base)
            guard !overflow else { return nil }
            result = product
        }
        return .integer(result)
    }

    private static func compute(_ left: Int, _ symbol: SyntaxOperator, _ right: Int) -> Int? {
        switch symbol {
        case .add: return exact(left.addingReportingOverflow(right))
        case .subtract: return exact(left.subtractingReportingOverflow(right))
        case .multiply: return exact(left.multipliedReportingOverflow(by: right))
        case .leftShift where 0...62 ~= right:
            let result = left << right
            return result >> right == left ? result : nil
        case .bitAnd: return left & right
        case .bitOr: return left | right
        case .bitXor: return left ^ right
        default: return nil
        }
    }

    private static func compute(_ left: Double, _ symbol: SyntaxOperator, _ right: Double) -> Double? {
        switch symbol {
        case .add: left + right
        case .subtract: left - right
        case .multiply: left * right
        case .divide where right != 0: left / right
        default: nil
        }
    }

    private static func exact(_ result: (partialValue: Int, overflow: Bool)) -> Int? {
        result.overflow ? nil : result.partialValue
    }
}
