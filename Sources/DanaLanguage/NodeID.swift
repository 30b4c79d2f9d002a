/// A node of a `SyntaxTree`, as its place in the tree's array of nodes.
public struct NodeID: Hashable, Sendable {
    public let rawValue: Int32

    @inlinable
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Fills a place in a list of children where the program has nothing.
    @inlinable public static var none: NodeID { NodeID(rawValue: -1) }

    @inlinable public var isNone: Bool { rawValue < 0 }

    /// The node, or nil for `none`.
    @inlinable public var ifPresent: NodeID? { rawValue < 0 ? nil : self }
}

/// A run of children of one node.
public struct NodeList: Hashable, Sendable {
    let start: Int32
    public let count: Int

    public var isEmpty: Bool { count == 0 }
}
