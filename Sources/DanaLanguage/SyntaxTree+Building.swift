extension SyntaxTree {
    /// Adds a node whose children are the links from a place on.
    mutating func add(
        _ kind: SyntaxKind, _ range: SyntaxRange, linksFrom place: Int, detail: UInt8 = 0, first: Int32 = 0,
        second: Int32 = 0
    ) -> NodeID {
        var height: UInt8 = 0
        for link in links[place...] where !link.isNone { height = max(height, nodes[Int(link.rawValue)].height) }
        let node = SyntaxNode(
            kind: kind, detail: detail, height: kind.isLevel ? height + 1 : height, isParenthesized: false,
            range: range, firstChild: Int32(truncatingIfNeeded: place),
            childCount: Int32(truncatingIfNeeded: links.count - place), first: first, second: second)
        nodes.append(node)
        return NodeID(rawValue: Int32(truncatingIfNeeded: nodes.count - 1))
    }

    /// Adds a node without children.
    @inline(__always)
    mutating func addLeaf(
        _ kind: SyntaxKind, _ range: SyntaxRange, detail: UInt8 = 0, first: Int32 = 0, second: Int32 = 0
    ) -> NodeID {
        nodes.append(
            SyntaxNode(
                kind: kind, detail: detail, height: 1, isParenthesized: false, range: range,
                firstChild: Int32(truncatingIfNeeded: links.count), childCount: 0, first: first, second: second))
        return NodeID(rawValue: Int32(truncatingIfNeeded: nodes.count - 1))
    }
}

extension SyntaxKind {
    /// Whether a node of the kind counts as a level of nesting. Those that only hold together the parts
    /// of another node do not.
    fileprivate var isLevel: Bool {
        switch self {
        case .block, .expressionStatement, .exceptClause, .withItem, .matchCase, .parameters, .parameter, .annotation,
            .interpolation, .formatSpecification, .forClause, .ifClause, .starred, .doubleStarred, .namedStage,
            .stageItem,
            .attribute, .item, .slice, .call, .keywordArgument, .keywordPattern:
            false
        default:
            true
        }
    }
}
