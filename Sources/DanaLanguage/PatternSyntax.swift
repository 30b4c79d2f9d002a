// The parts of patterns, by name.

public struct MappingPatternSyntax: Sendable {
    /// The capture of `**rest`.
    public let rest: NodeID?
    public let count: Int
    fileprivate let list: NodeList
}

public struct ClassPatternSyntax: Sendable {
    /// The name of a struct, an enum or a built-in type.
    public let type: NodeID
    /// Positional patterns, then keyword patterns.
    public let arguments: NodeList
}

public struct AsPatternSyntax: Sendable {
    public let pattern: NodeID
    public let capture: NodeID
}

extension SyntaxTree {
    public func mappingPattern(_ node: NodeID) -> MappingPatternSyntax {
        let list = children(node)
        return MappingPatternSyntax(rest: self[list, 0].ifPresent, count: (list.count - 1) / 2, list: list)
    }

    public func key(of mapping: MappingPatternSyntax, _ entry: Int) -> NodeID { self[mapping.list, entry * 2 + 1] }

    public func pattern(of mapping: MappingPatternSyntax, _ entry: Int) -> NodeID {
        self[mapping.list, entry * 2 + 2]
    }

    public func classPattern(_ node: NodeID) -> ClassPatternSyntax {
        ClassPatternSyntax(type: child(node, 0), arguments: children(node, from: 1))
    }

    public func asPattern(_ node: NodeID) -> AsPatternSyntax {
        AsPatternSyntax(pattern: child(node, 0), capture: child(node, 1))
    }
}
