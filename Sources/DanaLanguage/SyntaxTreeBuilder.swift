import DanaData

/// The arrays of a tree while it is being made.
struct SyntaxTreeBuilder: Sendable {
    private(set) var nodes: [SyntaxNode] = []
    private(set) var links: [NodeID] = []
    var operatorRuns: [SyntaxOperator] = []
    /// What literals stand for, one after the other: UTF-8 of strings, the bytes of bytes literals.
    var literalBytes: [UInt8] = []
    var bigIntegers: [BigInteger] = []
    var symbols: SymbolTable

    init(symbols: SymbolTable, expecting tokens: Int) {
        self.symbols = symbols
        nodes.reserveCapacity(tokens)
        links.reserveCapacity(tokens)
    }

    func kind(_ node: NodeID) -> SyntaxKind { nodes[Int(node.rawValue)].kind }

    func symbol(_ node: NodeID) -> Symbol { Symbol(rawValue: nodes[Int(node.rawValue)].first) }

    func children(_ node: NodeID) -> ArraySlice<NodeID> {
        let node = nodes[Int(node.rawValue)]
        return links[Int(node.firstChild)..<Int(node.firstChild + node.childCount)]
    }

    func child(_ node: NodeID, _ place: Int) -> NodeID { links[Int(nodes[Int(node.rawValue)].firstChild) + place] }

    // MARK: Adding

    /// Adds a child for the node that is added next.
    mutating func addLink(_ child: NodeID) { links.append(child) }

    mutating func addLinks(_ children: ArraySlice<NodeID>) {
        for child in children { links.append(child) }
    }

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
    mutating func addLeaf(
        _ kind: SyntaxKind, _ range: SyntaxRange, detail: UInt8 = 0, first: Int32 = 0, second: Int32 = 0
    ) -> NodeID {
        nodes.append(
            SyntaxNode(
                kind: kind, detail: detail, height: 1, isParenthesized: false, range: range,
                firstChild: Int32(truncatingIfNeeded: links.count), childCount: 0, first: first, second: second))
        return NodeID(rawValue: Int32(truncatingIfNeeded: nodes.count - 1))
    }

    // MARK: Afterthoughts

    mutating func markParenthesized(_ node: NodeID) { nodes[Int(node.rawValue)].isParenthesized = true }

    mutating func markPositionalOnly(_ parameter: NodeID) {
        nodes[Int(parameter.rawValue)].detail = ParameterKind.positionalOnly.rawValue
    }

    /// Puts a node of another kind around a child of a node.
    mutating func wrapChild(_ node: NodeID, _ place: Int, in kind: SyntaxKind) {
        let link = Int(nodes[Int(node.rawValue)].firstChild) + place
        let child = links[link]
        links.append(child)
        links[link] = add(kind, nodes[Int(child.rawValue)].range, linksFrom: links.count - 1)
    }
}

extension Array {
    /// Drops the last elements, of which there are few, until so many are left.
    mutating func cut(to count: Int) {
        while self.count > count { removeLast() }
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
