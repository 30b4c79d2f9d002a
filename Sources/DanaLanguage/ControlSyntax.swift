// The parts of compound statements and of assignments, by name.

/// `a = b = value`
public struct AssignmentSyntax: Sendable {
    public let value: NodeID
    public let targets: NodeList
}

/// `target: annotation = value`
public struct TypedAssignmentSyntax: Sendable {
    public let target: NodeID
    public let annotation: NodeID
    public let value: NodeID?
}

/// `target += value`
public struct AugmentedAssignmentSyntax: Sendable {
    public let target: NodeID
    public let `operator`: SyntaxOperator
    public let value: NodeID
}

/// The arms of an `if` statement or of a conditional expression: conditions and what belongs to them,
/// then what is left when none holds.
public struct ArmsSyntax: Sendable {
    public let count: Int
    public let otherwise: NodeID?
    fileprivate let list: NodeList
}

public struct WhileSyntax: Sendable {
    public let condition: NodeID
    public let body: NodeID
    public let otherwise: NodeID?
}

public struct ForSyntax: Sendable {
    public let target: NodeID
    public let iterable: NodeID
    public let body: NodeID
    public let otherwise: NodeID?
}

public struct TrySyntax: Sendable {
    public let body: NodeID
    public let otherwise: NodeID?
    public let finally: NodeID?
    public let clauses: NodeList
}

public struct ExceptClauseSyntax: Sendable {
    /// One kind or a tuple of kinds; nil catches everything.
    public let kinds: NodeID?
    public let name: NodeID?
    public let body: NodeID
}

public struct WithSyntax: Sendable {
    public let body: NodeID
    public let items: NodeList
}

public struct WithItemSyntax: Sendable {
    public let context: NodeID
    public let target: NodeID?
}

public struct MatchSyntax: Sendable {
    public let subject: NodeID
    public let cases: NodeList
}

public struct MatchCaseSyntax: Sendable {
    public let pattern: NodeID
    public let guardCondition: NodeID?
    public let body: NodeID
}

extension SyntaxTree {
    public func assignment(_ node: NodeID) -> AssignmentSyntax {
        AssignmentSyntax(value: child(node, 0), targets: children(node, from: 1))
    }

    public func typedAssignment(_ node: NodeID) -> TypedAssignmentSyntax {
        TypedAssignmentSyntax(target: child(node, 0), annotation: child(node, 1), value: optionalChild(node, 2))
    }

    public func augmentedAssignment(_ node: NodeID) -> AugmentedAssignmentSyntax {
        AugmentedAssignmentSyntax(target: child(node, 0), operator: self.operator(node), value: child(node, 1))
    }

    /// The arms of an `ifStatement` or a `conditional`.
    public func arms(_ node: NodeID) -> ArmsSyntax {
        let list = children(node)
        return ArmsSyntax(
            count: list.count / 2, otherwise: list.count % 2 == 1 ? self[list, list.count - 1] : nil, list: list)
    }

    public func condition(of arms: ArmsSyntax, _ arm: Int) -> NodeID { self[arms.list, arm * 2] }

    /// The block of an `if` statement's arm, the value of a conditional expression's.
    public func outcome(of arms: ArmsSyntax, _ arm: Int) -> NodeID { self[arms.list, arm * 2 + 1] }

    public func whileStatement(_ node: NodeID) -> WhileSyntax {
        WhileSyntax(condition: child(node, 0), body: child(node, 1), otherwise: optionalChild(node, 2))
    }

    public func forStatement(_ node: NodeID) -> ForSyntax {
        ForSyntax(
            target: child(node, 0), iterable: child(node, 1), body: child(node, 2), otherwise: optionalChild(node, 3))
    }

    public func tryStatement(_ node: NodeID) -> TrySyntax {
        TrySyntax(
            body: child(node, 0), otherwise: optionalChild(node, 1), finally: optionalChild(node, 2),
            clauses: children(node, from: 3))
    }

    public func exceptClause(_ node: NodeID) -> ExceptClauseSyntax {
        ExceptClauseSyntax(kinds: optionalChild(node, 0), name: optionalChild(node, 1), body: child(node, 2))
    }

    public func withStatement(_ node: NodeID) -> WithSyntax {
        WithSyntax(body: child(node, 0), items: children(node, from: 1))
    }

    public func withItem(_ node: NodeID) -> WithItemSyntax {
        WithItemSyntax(context: child(node, 0), target: optionalChild(node, 1))
    }

    public func matchStatement(_ node: NodeID) -> MatchSyntax {
        MatchSyntax(subject: child(node, 0), cases: children(node, from: 1))
    }

    public func matchCase(_ node: NodeID) -> MatchCaseSyntax {
        MatchCaseSyntax(pattern: child(node, 0), guardCondition: optionalChild(node, 1), body: child(node, 2))
    }
}
