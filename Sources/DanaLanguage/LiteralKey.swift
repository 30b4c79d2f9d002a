/// What a literal is as a key of a mapping: two are the same key where their values are equal.
enum LiteralKey: Hashable {
    case null
    case integer(IntegerLiteral, isNegative: Bool)
    case float(Double)
    case text([UInt8])
    case bytes([UInt8])

    /// Nil for what is no literal of one value.
    init?(_ literal: NodeID, in tree: SyntaxTree) {
        switch tree.kind(literal) {
        case .nullLiteral: self = .null
        case .trueLiteral: self = .integer(.small(1), isNegative: false)
        case .falseLiteral: self = .integer(.small(0), isNegative: false)
        case .integer: self = .integer(tree.integer(literal), isNegative: false)
        case .float: self.init(tree.float(literal))
        case .string: self = .text(Array(tree.text(literal)))
        case .bytes: self = .bytes(Array(tree.text(literal)))
        case .unary:
            switch LiteralKey(tree.child(literal, 0), in: tree) {
            case .integer(let value, _): self = .integer(value, isNegative: value != .small(0))
            case .float(let value): self = .float(-value)
            default: return nil
            }
        default: return nil
        }
    }

    /// A float that is an integer is that integer.
    private init(_ float: Double) {
        self = Int(exactly: float).map { .integer(.small($0), isNegative: false) } ?? .float(float)
    }
}
