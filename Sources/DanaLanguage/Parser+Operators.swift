// Operators by precedence, pipes and signs.

extension Parser {
    /// Operands and operators that bind at least as tightly as the precedence. A run of operators of
    /// one precedence becomes one node.
    mutating func binary(_ minimum: Int) -> NodeID {
        let from = start
        var left = kind == .not ? negation(minimum) : unary()
        while !isRecovering {
            let precedence = kind.precedence
            if precedence == 0 {
                guard kind == .as, minimum <= Precedence.bar, allowsStageNames else { break }
                left = namedStage(left, isInPipe: false)
            } else {
                guard precedence >= minimum else { break }
                left = run(left, precedence, from: from)
            }
        }
        return left
    }

    private mutating func negation(_ minimum: Int) -> NodeID {
        if minimum > Precedence.not {
            complainOfToken(hint: "put parentheses around 'not ...'")
            return errorNode()
        }
        let from = start
        advance()
        let operand = operand(Precedence.not)
        return make(.unary, from: from, operand, detail: SyntaxOperator.not.rawValue)
    }

    /// An operand one level deeper.
    private mutating func operand(_ minimum: Int) -> NodeID {
        guard enter() else { return errorNode() }
        let node = binary(minimum)
        leave()
        return node
    }

    /// A run of operators of a precedence whose first operand is read and began, with its parentheses, at `from`.
    private mutating func run(_ left: NodeID, _ precedence: Int, from: UInt32) -> NodeID {
        if precedence == Precedence.bar { return pipe(left) }
        let mark = scratch.count
        let operatorMark = operatorScratch.count
        scratch.append(left)
        while kind.precedence == precedence, !isRecovering {
            if precedence >= Precedence.comparison { readOperator() }
            advance()
            scratch.append(operand(precedence + 1))
        }
        switch precedence {
        case Precedence.or: return make(.or, from: from, waitingFrom: mark)
        case Precedence.and: return make(.and, from: from, waitingFrom: mark)
        case Precedence.comparison:
            return makeRun(.comparison, from: from, waitingFrom: mark, operatorsFrom: operatorMark)
        default:
            return makeRun(.binary, from: from, waitingFrom: mark, operatorsFrom: operatorMark)
        }
    }

    /// The stages of a pipe whose first is read. A later stage takes the `$$` that stand in it.
    private mutating func pipe(_ left: NodeID) -> NodeID {
        let from = startOf(left)
        let mark = scratch.count
        let beginsOpen = (placeholders.last ?? 0) >= from && !placeholders.isEmpty
        var firstPlaced = 0
        scratch.append(left)
        while kind == .bar, !isRecovering {
            advance()
            let taken = placeholders.count
            var stage = operand(Precedence.bar + 1)
            if placeholders.count > taken {
                if kindOf(stage) == .list {
                    wrapItems(of: stage, holding: placeholders[taken...])
                } else if firstPlaced == 0 {
                    firstPlaced = scratch.count - mark
                }
                placeholders.removeSubrange(taken...)
            }
            if kind == .as, allowsStageNames, !isRecovering { stage = namedStage(stage, isInPipe: true) }
            scratch.append(stage)
        }
        return make(
            .pipe, from: from, waitingFrom: mark, detail: beginsOpen ? 1 : 0,
            first: Int32(truncatingIfNeeded: firstPlaced))
    }

    /// Marks the items of a list stage that hold `$$`.
    private mutating func wrapItems(of list: NodeID, holding places: ArraySlice<UInt32>) {
        var places = places
        for (place, item) in tree.children(list).enumerated() {
            let range = rangeOf(item)
            places = places.drop { $0 < range.start }
            if let first = places.first, first < range.end { tree.wrapChild(list, place, in: .stageItem) }
        }
    }

    /// Keeps the operator here for its node; of an operator of two words the parser then stands at the
    /// last.
    private mutating func readOperator() {
        switch kind {
        case .not:
            advance()
            operatorScratch.append(.notIn)
            if kind != .in { complainOfToken("expected 'in' after 'not'") }
        case .is:
            let isNegated = nextKind == .not
            if isNegated { advance() }
            operatorScratch.append(isNegated ? .isNot : .is)
        case .at:
            note(
                "matrix multiplication is not part of Dana", at: token.range, hint: "call a function that multiplies")
            operatorScratch.append(.multiply)
        default:
            operatorScratch.append(kind.binaryOperator ?? .add)
        }
    }

    /// `f as x`, whose stage is read. The first stage of a pipe needs another after it.
    private mutating func namedStage(_ stage: NodeID, isInPipe: Bool) -> NodeID {
        let from = startOf(stage)
        advance()
        guard kind == .name else {
            complainOfToken("expected a name after 'as'")
            return stage
        }
        let name = nameLeaf()
        if !isInPipe, kind != .bar {
            complain(
                "'as' names a stage of a pipe, and there is no pipe here", at: rangeOf(name),
                hint: "write: value as name | stage")
        }
        return make(.namedStage, from: from, stage, name)
    }

    private mutating func unary() -> NodeID {
        kind.sign == nil ? power() : signed()
    }

    private mutating func signed() -> NodeID {
        guard enter() else { return errorNode() }
        let from = start
        let sign = kind.sign ?? .minus
        advance()
        let operand = unary()
        leave()
        return make(.unary, from: from, operand, detail: sign.rawValue)
    }

    private mutating func power() -> NodeID {
        let base = postfix()
        return kind == .doubleStar ? powers(base) : base
    }

    private mutating func powers(_ base: NodeID) -> NodeID {
        let mark = scratch.count
        scratch.append(base)
        while kind == .doubleStar, !isRecovering {
            advance()
            scratch.append(kind.sign == nil ? postfix() : signed())
        }
        return make(.power, from: startOf(base), waitingFrom: mark)
    }
}
