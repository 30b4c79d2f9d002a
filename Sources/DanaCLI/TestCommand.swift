import Dana
import DanaLanguage

/// `dana test`: runs the functions `test_*` of files, each in a fresh interpreter, and counts.
struct TestCommand {
    let terminal: Terminal
    /// Only tests whose name holds this.
    let word: String?
    let isStrict: Bool

    func perform(_ paths: [String]) throws(CommandError) -> ExitStatus {
        var (passed, failed) = (0, 0)
        for file in files(paths) {
            let bytes = try FileBytes.named(file, limit: FileBytes.sourceLimit)
            let source = SourceText(bytes: bytes, name: file)
            let tests: [String]
            do {
                _ = try Compiler.compile(source, isStrict: isStrict)
                tests = TestCommand.tests(in: source)
            } catch {
                failed += 1
                show(.text(error.diagnostics, source), in: file)
                continue
            }
            for test in tests where word.map({ test.contains($0) }) ?? true {
                let finder = try RunCommand.finder(program: file, path: [], sizeLimit: FileBytes.sourceLimit)
                do {
                    try run(test, of: source, finder)
                    passed += 1
                } catch {
                    failed += 1
                    show(error, in: "\(file): \(test)")
                }
            }
        }
        let counts = [passed > 0 || failed == 0 ? "\(passed) passed" : nil, failed > 0 ? "\(failed) failed" : nil]
        terminal.write(counts.compactMap(\.self).joined(separator: ", ") + "\n")
        return failed == 0 ? .success : .failure
    }

    private func show(_ failure: ProgramRun.Failure, in place: String) {
        var report = Report(terminal)
        terminal.write("\(terminal.styled("failed", .red, on: .error)) \(place)\n", to: .error)
        report.show(failure)
        terminal.write("\n", to: .error)
    }

    /// The files named, and those beneath the folders named; without any, those beneath this folder.
    private func files(_ paths: [String]) -> [String] {
        (paths.isEmpty ? [""] : paths).flatMap {
            $0.isEmpty || FilePath.isFolder($0) ? FilePath.files(beneath: $0, ending: ".na") : [$0]
        }
    }

    /// The names of a file's test functions, in order.
    static func tests(in source: SourceText) -> [String] {
        let tree = Parser.parse(source).tree
        return tree[tree.children(tree.root)].compactMap { statement in
            guard tree.kind(statement) == .functionDefinition else { return nil }
            let definition = tree.functionDefinition(statement)
            guard definition.receiver == nil else { return nil }
            let name = tree.text(tree.symbol(definition.name))
            return name.hasPrefix("test_") ? name : nil
        }
    }

    /// What is wrong with a test whose call would run nothing of it.
    private func generatorFailure(_ test: String, of source: SourceText, _ interpreter: Interpreter) -> ProgramError? {
        guard let module = interpreter.module(ProgramRun.mainModule),
            let function = try? interpreter.variable(test, ofModule: module),
            let signature = interpreter.signature(of: function), signature.isGenerator
        else { return nil }
        let line = source.line(signature.line)
        let place = ErrorPlace(
            source: source.name, function: test, start: SourcePlace(line: signature.line, column: 1),
            end: SourcePlace(line: signature.line, column: line.unicodeScalars.count + 1), line: line)
        return ProgramError(
            cause: .raised(.typeError), message: "\(test)() holds 'yield', so that calling it runs nothing of it",
            stack: [place], hint: "take the 'yield' away, or call the generator from a test")
    }

    private func run(_ test: String, of source: SourceText, _ finder: ModuleFinder) throws(ProgramRun.Failure) {
        let run = try ProgramRun(finder: finder, isStrict: isStrict, output: RunCommand.standardOutput)
        try run.run(source)
        if let failure = generatorFailure(test, of: source, run.interpreter) { throw .run(failure) }
        try run.run(SourceText("\(test)()\n", name: "dana test"))
    }
}
