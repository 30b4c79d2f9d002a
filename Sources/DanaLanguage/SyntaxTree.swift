import DanaData

/// A program as a tree in flat arrays: nodes, the children of nodes, names and the bytes of literals.
/// `SyntaxKind` says which children a node has; the `...Syntax` structs name them.
public struct SyntaxTree: Sendable {
    /// The arrays stand behind one reference, so that handing a tree around costs nothing.
    private final class Storage: Sendable {
        let contents: SyntaxTreeBuilder
        init(_ contents: SyntaxTreeBuilder) { self.contents = contents }
    }

    private let storage: Storage
    public let root: NodeID
    /// Whether the text could be read without errors. A tree with errors is whole but not a program.
    public let isValid: Bool

    init(_ contents: SyntaxTreeBuilder, root: NodeID, isValid: Bool) {
        storage = Storage(contents)
        self.root = root
        self.isValid = isValid
    }

    var nodes: [SyntaxNode] { storage.contents.nodes }
    var links: [NodeID] { storage.contents.links }
    public var symbols: SymbolTable { storage.contents.symbols }

    public var nodeCount: Int { storage.contents.nodes.count }

    public subscript(node: NodeID) -> SyntaxNode { storage.contents.nodes[Int(node.rawValue)] }

    public func kind(_ node: NodeID) -> SyntaxKind { self[node].kind }

    public func range(_ node: NodeID) -> SyntaxRange { self[node].range }

    // MARK: Children

    /// All children in order, absent ones too.
    public func children(_ node: NodeID) -> NodeList {
        let node = self[node]
        return NodeList(start: node.firstChild, count: Int(node.childCount))
    }

    /// The children from a place on.
    func children(_ node: NodeID, from place: Int) -> NodeList {
        let node = self[node]
        let count = Int(node.childCount)
        guard place < count else { return NodeList(start: node.firstChild, count: 0) }
        return NodeList(start: node.firstChild + Int32(truncatingIfNeeded: place), count: count - place)
    }

    /// The child at a place; `NodeID.none` when it is absent.
    public func child(_ node: NodeID, _ place: Int) -> NodeID {
        storage.contents.links[Int(self[node].firstChild) + place]
    }

    func optionalChild(_ node: NodeID, _ place: Int) -> NodeID? {
        child(node, place).ifPresent
    }

    public subscript(list: NodeList) -> ArraySlice<NodeID> {
        storage.contents.links[Int(list.start)..<(Int(list.start) + list.count)]
    }

    public subscript(list: NodeList, place: Int) -> NodeID { storage.contents.links[Int(list.start) + place] }

    // MARK: What nodes carry

    /// The name that a node carries (`name`, `scopedName`, `attribute`, `parameter`, ...).
    public func symbol(_ node: NodeID) -> Symbol { Symbol(rawValue: self[node].first) }

    public func text(_ symbol: Symbol) -> String { storage.contents.symbols.text(symbol) }

    /// The operator of a `unary` or an `augmentedAssignment`.
    public func `operator`(_ node: NodeID) -> SyntaxOperator {
        SyntaxOperator(rawValue: self[node].detail) ?? .add
    }

    /// The operators between the operands of a `binary` or a `comparison`, one fewer than operands.
    public func operators(_ node: NodeID) -> ArraySlice<SyntaxOperator> {
        let node = self[node]
        return storage.contents.operatorRuns[Int(node.first)..<(Int(node.first) + Int(node.childCount) - 1)]
    }

    /// The scope of a `scopedName`.
    public func scope(_ node: NodeID) -> VariableScope {
        VariableScope(rawValue: self[node].detail) ?? .local
    }

    public func integer(_ node: NodeID) -> IntegerLiteral {
        let node = self[node]
        guard node.detail == 0 else { return .big(storage.contents.bigIntegers[Int(node.first)]) }
        return .small(Int(truncatingIfNeeded: SyntaxTree.joined(node)))
    }

    public func float(_ node: NodeID) -> Double {
        Double(bitPattern: UInt64(bitPattern: SyntaxTree.joined(self[node])))
    }

    /// The bytes that a `string` (UTF-8) or a `bytes` literal stands for.
    public func text(_ node: NodeID) -> ArraySlice<UInt8> {
        let node = self[node]
        return storage.contents.literalBytes[Int(node.first)..<(Int(node.first) + Int(node.second))]
    }

    /// How a `parameter` takes its argument.
    public func parameterKind(_ node: NodeID) -> ParameterKind {
        ParameterKind(rawValue: self[node].detail) ?? .positionalOrKeyword
    }

    /// What is done with the value of an `interpolation` before it is formatted.
    public func conversion(_ node: NodeID) -> FormatConversion {
        FormatConversion(rawValue: self[node].detail) ?? .none
    }

    /// A function's, struct's, enum's or interface's documentation: the string that opens its block.
    public func documentation(ofBlock block: NodeID) -> NodeID? {
        let statements = children(block)
        guard !statements.isEmpty, kind(self[statements, 0]) == .expressionStatement else { return nil }
        let expression = child(self[statements, 0], 0)
        return kind(expression) == .string ? expression : nil
    }

    private static func joined(_ node: SyntaxNode) -> Int64 {
        Int64(node.second) << 32 | Int64(UInt32(bitPattern: node.first))
    }
}
