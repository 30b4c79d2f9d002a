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

        public var source: SourceText { code.parts.source }

        /// The instructions as text, function by function.
        public var listing: String { Disassembler.listing(code) }
    }

    /// Reads, resolves and compiles a program. Without names that are known, no name counts as undefined. The functions
    /// of a strict program check their arguments and results against their annotations at every call.
    public static func compile(
        _ source: SourceText, names: ResolverNames? = nil, isStrict: Bool = false,
        limits: ParserLimits = ParserLimits()
    ) throws(Failure) -> Program {
        let (parsed, resolution, diagnostics) = read(source, names: names, isStrict: isStrict, limits: limits)
        guard parsed.tree.isValid, !diagnostics.contains(where: { $0.severity == .error }) else {
            throw Failure(diagnostics: diagnostics)
        }
        return Program(code: try compile(source, parsed.tree, resolution), warnings: diagnostics)
    }

    /// All there is to say about a text, in the order of the places.
    public static func check(
        _ source: SourceText, names: ResolverNames? = nil, limits: ParserLimits = ParserLimits()
    ) -> [Diagnostic] {
        read(source, names: names, isStrict: false, limits: limits).diagnostics
    }

    /// Reads and resolves a text. Where it makes no sense in places, names may seem unknown or unread that are not, so
    /// that then only errors are told of what the resolver finds.
    private static func read(
        _ source: SourceText, names: ResolverNames?, isStrict: Bool, limits: ParserLimits
    ) -> (parsed: ParsedProgram, resolution: Resolution, diagnostics: [Diagnostic]) {
        let parsed = Parser.parse(source, limits: limits)
        let resolution = Resolver.resolve(parsed.tree, names: names, isStrict: isStrict, limits: limits)
        let isWhole = !parsed.hasErrors && parsed.tree.isValid
        let found = resolution.diagnostics.filter { isWhole || $0.severity == .error }
        if parsed.diagnostics.isEmpty && found.isEmpty { return (parsed, resolution, []) }
        let all = (parsed.diagnostics + found).sorted { $0.range.start < $1.range.start }
        return (parsed, resolution, Array(all.prefix(limits.diagnostics)))
    }

    /// Compiles a program that has been read and resolved without errors.
    static func compile(
        _ source: SourceText, _ tree: SyntaxTree, _ resolution: Resolution
    ) throws(Failure) -> Code {
        let text = ProgramText(source, tree, resolution)
        text.compile()
        guard let code = text.codes.first, let code, text.failure == nil else {
            throw Failure(diagnostics: text.failure.map { [$0] } ?? [])
        }
        return code
    }
}
