/// A regular expression as read: nodes in one array, children by their indexes.
struct RegexTree {
    typealias NodeID = Int

    enum Node {
        case empty
        case literal(Unicode.Scalar, RegexFlags)
        case any(newlineToo: Bool)
        case set(RegexSet)
        case assertion(RegexAssertion)
        case group(Int, NodeID)
        case sequence([NodeID])
        case choice([NodeID])
        case repetition(NodeID, least: Int, most: Int?, isLazy: Bool)
    }

    private(set) var nodes: [Node] = []
    /// How many groups capture, the whole match not counted.
    var groupCount = 0
    /// The numbers of the groups that have names.
    var groupNames: [(name: String, number: Int)] = []

    mutating func add(_ node: Node) -> NodeID {
        nodes.append(node)
        return nodes.count - 1
    }

    /// Whether a node matches nothing at all too.
    func isNullable(_ id: NodeID) -> Bool {
        switch nodes[id] {
        case .empty, .assertion: true
        case .literal, .any, .set: false
        case .group(_, let child): isNullable(child)
        case .sequence(let children): children.allSatisfy(isNullable)
        case .choice(let children): children.contains(where: isNullable)
        case .repetition(let child, let least, _, _): least == 0 || isNullable(child)
        }
    }
}
