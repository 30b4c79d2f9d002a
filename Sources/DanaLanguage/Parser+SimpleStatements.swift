// Statements that have no block.

extension Parser {
    mutating func simpleStatement() -> NodeID {
        let from = start
        switch kind {
        case .return:
            advance()
            return make(.returnStatement, from: from, kind.beginsExpression ? expressionList() : .none)
        case .raise: return raiseStatement()
        case .assert: return assertStatement()
        case .del: return deleteStatement()
        case .pass: return leaf(.passStatement)
        case .break: return leaf(.breakStatement)
        case .continue: return leaf(.continueStatement)
        case .global: return nameList(.globalStatement)
        case .nonlocal: return nameList(.nonlocalStatement)
        case .import: return importStatement()
        case .from: return fromImport()
        case .if, .while, .for, .try, .with, .def, .class, .async, .at:
            complainOfToken("invalid syntax", hint: "'\(spelling(token.range))' begins a line of its own")
            return errorNode()
        default:
            return expressionStatement()
        }
    }

    private mutating func raiseStatement() -> NodeID {
        let from = start
        advance()
        guard kind.beginsExpression else { return make(.raiseStatement, from: from, .none, .none) }
        let exception = expression()
        if kind == .comma, !isRecovering {
            complainOfToken("invalid syntax", hint: "write: raise Kind(\"message\")")
        }
        return make(.raiseStatement, from: from, exception, take(.from) ? expression() : .none)
    }

    private mutating func assertStatement() -> NodeID {
        let from = start
        advance()
        let test = expression()
        return make(.assertStatement, from: from, test, take(.comma) ? expression() : .none)
    }

    private mutating func deleteStatement() -> NodeID {
        let from = start
        let mark = scratch.count
        advance()
        let target = expressionList()
        if kindOf(target) == .tuple, !tree.nodes[Int(target.rawValue)].isParenthesized {
            scratch.append(contentsOf: tree.children(target))
        } else {
            scratch.append(target)
        }
        for target in scratch[mark...] { checkTarget(target, .deletion) }
        return make(.deleteStatement, from: from, waitingFrom: mark)
    }

    private mutating func nameList(_ wanted: SyntaxKind) -> NodeID {
        let from = start
        let mark = scratch.count
        advance()
        readNames()
        return make(wanted, from: from, waitingFrom: mark)
    }

    /// Reads names with commas between them.
    mutating func readNames() {
        repeat {
            guard kind == .name else { return complainOfToken("expected a name") }
            scratch.append(nameLeaf())
        } while take(.comma)
    }

    // MARK: Assignments

    private mutating func expressionStatement() -> NodeID {
        let from = start
        let first = yieldOrExpressionList()
        if isRecovering { return first }
        switch kind {
        case .newline, .semicolon, .endOfFile:
            return make(.expressionStatement, from: from, first)
        case .assign:
            return assignment(first)
        case .colon:
            return typedAssignment(first)
        default:
            if let augmented = kind.augmentedOperator { return augmentedAssignment(first, augmented) }
            complainAfterExpression(first)
            return make(.expressionStatement, from: from, first)
        }
    }

    private mutating func assignment(_ first: NodeID) -> NodeID {
        let from = startOf(first)
        let mark = scratch.count
        scratch.append(.none)
        var value = first
        while kind == .assign, !isRecovering {
            checkTarget(value, .assignment)
            scratch.append(value)
            advance()
            value = yieldOrExpressionList()
        }
        scratch[mark] = value
        if kind.augmentedOperator != nil { complainOfToken() }
        return make(.assignment, from: from, waitingFrom: mark)
    }

    private mutating func augmentedAssignment(_ target: NodeID, _ augmented: SyntaxOperator) -> NodeID {
        checkTarget(target, .augmentedAssignment)
        advance()
        let value = yieldOrExpressionList()
        return make(
            .augmentedAssignment, from: startOf(target), target, value, detail: augmented.rawValue)
    }

    private mutating func typedAssignment(_ target: NodeID) -> NodeID {
        switch kindOf(target) {
        case .name, .scopedName: break
        case .chain where tree.isSettable(target): break
        case .tuple, .list:
            complain(
                "only single target (not \(kindOf(target) == .tuple ? "tuple" : "list")) can be annotated",
                at: rangeOf(target))
        default:
            complainOfColon(after: target)
        }
        advance()
        let mark = scratch.count
        scratch.append(target)
        scratch.append(annotation())
        scratch.append(take(.assign) ? yieldOrExpressionList() : .none)
        return make(.typedAssignment, from: startOf(target), waitingFrom: mark)
    }

    mutating func annotation() -> NodeID {
        let from = start
        let allowed = allowsStageNames
        allowsStageNames = false
        let type = expression()
        allowsStageNames = allowed
        return make(.annotation, from: from, type)
    }
}

extension SyntaxTreeBuilder {
    /// Whether a chain ends with an attribute or an item.
    func isSettable(_ chain: NodeID) -> Bool {
        children(chain).last.map { kind($0) != .call } ?? false
    }
}
