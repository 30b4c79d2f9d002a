/// What a program's text may be at most.
public struct ParserLimits: Hashable, Sendable {
    /// Size of the text in bytes, not more than 256 MB.
    public var bytes: Int
    /// Levels of brackets, blocks and operands in each other, not more than 120.
    public var nesting: Int
    /// Errors and warnings that are told; the rest is left out.
    public var diagnostics: Int

    public init(bytes: Int = 16 << 20, nesting: Int = 100, diagnostics: Int = 50) {
        self.bytes = min(bytes, 256 << 20)
        self.nesting = min(nesting, 120)
        self.diagnostics = diagnostics
    }
}
