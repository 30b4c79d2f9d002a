/// Turns a program's text into what the machine runs.
public enum Compiler {
    /// A program's text that cannot be compiled, and why.
    public struct Failure: Error {
        public let diagnostics: [Diagnostic]
    }

    /// A compiled program and what there is to say about its text.
    public struct Program: Sendable {
        let code: Code
        public let warnings: [Diagnostic]

        /// The instructions as text, function by function.
        public var listing: String { Disassembler.listing(code) }
    }

    /// Reads, resolves and compiles a program. Without names that are known, no name counts as undefined.
    public static func compile(
        _ source: SourceText, names: ResolverNames? = nil, limits: ParserLimits = ParserLimits()
    ) throws(Failure) -> Program {
        let parsed = Parser.parse(source, limits: limits)
        guard !parsed.hasErrors, parsed.tree.isValid else { throw Failure(diagnostics: parsed.diagnostics) }
        let resolution = Resolver.resolve(parsed.tree, names: names, limits: limits)
        let diagnostics = (parsed.diagnostics + resolution.diagnostics).sorted { $0.range.start < $1.range.start }
        guard !diagnostics.contains(where: { $0.severity == .error }) else { throw Failure(diagnostics: diagnostics) }
        return Program(code: try compile(source, parsed.tree, resolution), warnings: diagnostics)
    }

    /// Compiles a program that has been read and resolved without errors.
    static func compile(_ source: SourceText, _ tree: SyntaxTree, _ resolution: Resolution) throws(Failure) -> Code {
        let text = ProgramText(source, tree, resolution)
        let code = FunctionCompiler.compile(0, in: text)
        if let failure = text.failure { throw Failure(diagnostics: [failure]) }
        guard let code else { throw Failure(diagnostics: []) }
        return code
    }
}
