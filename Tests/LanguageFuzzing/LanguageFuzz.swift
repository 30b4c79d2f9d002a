import DanaLanguage

/// What a fuzzer does with its bytes. Whatever they are, the language answers: nothing traps, hangs or passes a limit.
public enum LanguageFuzz: String, CaseIterable, Sendable {
    /// The bytes are a program's text.
    case bytes
    /// The bytes choose tokens.
    case tokens
    /// The bytes choose statements and expressions that mostly make sense.
    case grammar

    /// The program that bytes stand for.
    public func text(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var choices = FuzzBytes(bytes)
        return switch self {
        case .bytes: choices.rest()
        case .tokens: FuzzTokens.text(&choices)
        case .grammar: FuzzGrammar.program(choices)
        }
    }

    public func run(_ bytes: some Sequence<UInt8>) {
        let source = SourceText(bytes: text(bytes), name: "fuzz")
        let program = Parser.parse(source)
        for finding in program.diagnostics {
            let start = Int(finding.range.start)
            let end = Int(finding.range.end)
            precondition(start <= end && end <= source.bytes.count, "a finding lies outside the text")
            precondition(source.place(at: start).line >= 1)
        }
        if let program = try? Compiler.compile(source) { LanguageFuzz.run(program) }
    }

    /// Runs a program under small limits; a host that refuses everything answers it.
    private static func run(_ program: Compiler.Program) {
        var limits = Limits()
        limits.ticks = 20_000
        limits.memory = 4 << 20
        limits.depth = 50
        limits.hostCalls = 10
        guard let interpreter = try? Interpreter(limits: limits, seed: 1) else { return }
        guard (try? interpreter.start(program, module: "fuzz")) != nil else { return }
        while true {
            switch interpreter.run(slice: 5_000) {
            case .finished, .failed: return
            case .sliceOver: continue
            case .waiting(let calls):
                for call in calls { interpreter.fail(call.identifier, .runtimeError, "refused") }
            }
        }
    }
}
