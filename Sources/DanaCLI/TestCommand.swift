import Dana
import DanaLanguage

/// `dana test`: runs the functions `test_*` of files, each in a fresh interpreter, and counts.
struct TestCommand {
    let terminal: Terminal
    /// Only tests whose name holds this.
    let word: String?
    let isStrict: Bool

    func perform(_ paths: [String]) throws(CommandError) -> ExitStatus {
        var report = Report(terminal)
        var (passed, failed) = (0, 0)
        for file in files(paths) {
            let bytes = try FileBytes.named(file, limit: FileBytes.sourceLimit)
            let source = SourceText(bytes: bytes, name: file)
            for test in TestCommand.tests(in: source) where word.map({ test.contains($0) }) ?? true {
                let finder = try RunCommand.finder(program: file, path: [], sizeLimit: FileBytes.sourceLimit)
                do {
                    try run(test, of: source, finder)
                    passed += 1
                } catch {
                    failed += 1
                    terminal.write("\(terminal.styled("failed", .red, on: .error)) \(file): \(test)\n", to: .error)
                    report.show(error)
                    terminal.write("\n", to: .error)
                }
            }
        }
        let counts = [passed > 0 || failed == 0 ? "\(passed) passed" : nil, failed > 0 ? "\(failed) failed" : nil]
        terminal.write(counts.compactMap(\.self).joined(separator: ", ") + "\n")
        return failed == 0 ? .success : .failure
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

    private func run(_ test: String, of source: SourceText, _ finder: ModuleFinder) throws(ProgramRun.Failure) {
        let run = try ProgramRun(finder: finder, isStrict: isStrict, output: RunCommand.standardOutput)
        try run.run(source)
        try run.run(SourceText("\(test)()\n", name: "dana test"))
    }
}
