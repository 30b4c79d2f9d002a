/// What reading a program's text gives: a tree in any case, and what there is to say about the text.
public struct ParsedProgram: Sendable {
    public let tree: SyntaxTree
    /// In the order of their places.
    public let diagnostics: [Diagnostic]

    public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
