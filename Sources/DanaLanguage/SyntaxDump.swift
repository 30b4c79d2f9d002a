/// A tree as text, each node in parentheses with its kind, what it carries and its children; `_` for
/// an absent child. Names, numbers and strings stand for themselves.
public struct SyntaxDump {
    private let tree: SyntaxTree
    private var output = ""

    /// The whole tree, a statement of the module on each line.
    public static func text(of tree: SyntaxTree) -> String {
        tree[tree.children(tree.root)].map { text(of: $0, in: tree) }.joined(separator: "\n")
    }

    public static func text(of node: NodeID, in tree: SyntaxTree) -> String {
        var dump = SyntaxDump(tree: tree)
        dump.write(node)
        return dump.output
    }

    private init(tree: SyntaxTree) {
        self.tree = tree
    }

    private mutating func write(_ node: NodeID) {
        guard !node.isNone else {
            output += "_"
            return
        }
        if let leaf = leaf(node) {
            output += leaf
            return
        }
        output += "("
        output += head(node)
        for child in tree[tree.children(node)] {
            output += " "
            write(child)
        }
        output += ")"
    }

    /// The text of a node that stands for itself.
    private func leaf(_ node: NodeID) -> String? {
        switch tree.kind(node) {
        case .name: tree.text(tree.symbol(node))
        case .scopedName: "\(tree.scope(node).word):\(tree.text(tree.symbol(node)))"
        case .placeholder: "$$"
        case .nullLiteral: "null"
        case .trueLiteral: "true"
        case .falseLiteral: "false"
        case .ellipsis: "..."
        case .integer:
            switch tree.integer(node) {
            case .small(let value): String(value)
            case .big(let value): value.description
            }
        case .float: tree.float(node).description
        case .string: "\"\(tree.text(node).map(SyntaxDump.escaped).joined())\""
        case .bytes: "b\"\(tree.text(node).map(SyntaxDump.escaped).joined())\""
        default: nil
        }
    }

    private static func escaped(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "\n"): "\\n"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
        case 0x20..<0x7F: String(UnicodeScalar(byte))
        default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }

    private func head(_ node: NodeID) -> String {
        let kind = tree.kind(node)
        let name = "\(kind)"
        switch kind {
        case .unary: return tree.operator(node).spelling
        case .augmentedAssignment: return tree.operator(node).spelling + "="
        case .binary, .comparison: return tree.operators(node).map(\.spelling).joined(separator: ",")
        case .attribute, .keywordArgument, .field, .enumMember, .methodSignature, .capturePattern, .keywordPattern,
            .importItem:
            return "\(name) \(tree.text(tree.symbol(node)))"
        case .parameter:
            let kind = tree.parameterKind(node)
            return (kind == .positionalOrKeyword ? name : "\(kind)") + " \(tree.text(tree.symbol(node)))"
        case .interpolation:
            let conversion = tree.conversion(node)
            return conversion == .none ? name : "\(name) \(conversion)"
        case .modulePath:
            let path = tree.modulePath(node)
            return "\(name) \(String(repeating: ".", count: path.leadingDots))\(path.form)"
        case .fromImport: return tree.fromImport(node).isStar ? "\(name) *" : name
        default: return name
        }
    }
}
