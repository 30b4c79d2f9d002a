/// One node of a `SyntaxTree`: its kind, its place in the text, where its children are and a small
/// payload whose meaning the kind decides.
public struct SyntaxNode: Sendable {
    public let kind: SyntaxKind
    /// The raw value of an operator, a scope, a form or a conversion.
    var detail: UInt8
    /// How many levels the node has beneath it; bounded by the nesting limit.
    let height: UInt8
    /// Whether the expression stands in parentheses of its own.
    var isParenthesized: Bool
    public let range: SyntaxRange
    let firstChild: Int32
    let childCount: Int32
    let first: Int32
    let second: Int32
}
