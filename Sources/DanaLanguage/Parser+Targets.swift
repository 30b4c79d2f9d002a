// What can be assigned to, deleted or looped over.

extension Parser {
    enum TargetUse {
        case assignment
        case augmentedAssignment
        case deletion
        case loop
        case with
    }

    /// The targets between `for` and `in`.
    mutating func loopTarget() -> NodeID {
        let from = start
        let allowed = allowsStageNames
        allowsStageNames = false
        defer { allowsStageNames = allowed }
        let first = targetElement()
        var target = first
        if kind == .comma {
            let mark = scratch.count
            scratch.append(first)
            while !isRecovering, take(.comma), kind != .in { scratch.append(targetElement()) }
            target = make(.tuple, from: from, waitingFrom: mark)
        }
        if !isRecovering { checkTarget(target, .loop) }
        return target
    }

    private mutating func targetElement() -> NodeID {
        guard kind == .star else { return binary(Precedence.bar) }
        let from = start
        advance()
        return make(.starred, from: from, binary(Precedence.bar))
    }

    /// Tells of anything in a target that cannot be one.
    mutating func checkTarget(_ target: NodeID, _ use: TargetUse) {
        guard !isRecovering else { return }
        if kindOf(target) == .starred {
            note("starred assignment target must be in a list or tuple", at: rangeOf(target))
            return
        }
        checkPart(target, use)
    }

    private mutating func checkPart(_ target: NodeID, _ use: TargetUse) {
        switch kindOf(target) {
        case .name, .scopedName, .error:
            return
        case .chain where tree.isSettable(target):
            return
        case .starred where use != .deletion && use != .augmentedAssignment:
            checkPart(tree.child(target, 0), use)
        case .tuple where use != .augmentedAssignment, .list where use != .augmentedAssignment:
            var stars = 0
            for element in tree.children(target) {
                if kindOf(element) == .starred { stars += 1 }
                if stars > 1 {
                    note("multiple starred expressions in assignment", at: rangeOf(element))
                    return
                }
                checkPart(element, use)
            }
        default:
            refuseTarget(target, use)
        }
    }

    private mutating func refuseTarget(_ target: NodeID, _ use: TargetUse) {
        let what = describe(target)
        let range = rangeOf(target)
        switch use {
        case .deletion:
            note("cannot delete \(what)", at: range)
        case .augmentedAssignment:
            note("'\(what)' is an illegal expression for augmented assignment", at: range)
        case .assignment where !["True", "False", "None", "ellipsis", "yield expression"].contains(what):
            note("cannot assign to \(what) here. Maybe you meant '==' instead of '='?", at: range)
        default:
            note("cannot assign to \(what)", at: range)
        }
    }

    /// What an expression is called in messages.
    mutating func describe(_ node: NodeID) -> String {
        switch kindOf(node) {
        case .name, .scopedName: return "name"
        case .trueLiteral: return "True"
        case .falseLiteral: return "False"
        case .nullLiteral: return "None"
        case .ellipsis: return "ellipsis"
        case .integer, .float, .string, .bytes: return "literal"
        case .formattedString: return "f-string expression"
        case .tuple: return "tuple"
        case .list: return "list"
        case .set: return "set display"
        case .dictionary: return "dict literal"
        case .listComprehension: return "list comprehension"
        case .setComprehension: return "set comprehension"
        case .dictionaryComprehension: return "dict comprehension"
        case .generatorExpression: return "generator expression"
        case .comparison: return "comparison"
        case .conditional: return "conditional expression"
        case .lambda: return "lambda"
        case .walrus: return "named expression"
        case .yield, .yieldFrom: return "yield expression"
        case .starred: return "starred"
        case .placeholder: return "$$"
        case .chain:
            switch tree.children(node).last.map(tree.kind) {
            case .call: return "function call"
            case .attribute: return "attribute"
            default: return "subscript"
            }
        default: return "expression"
        }
    }
}
