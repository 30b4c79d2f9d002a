import DanaLanguage

/// `dana check`: tells errors and warnings of files without running them.
struct CheckCommand {
    let terminal: Terminal
    let asJSON: Bool

    func perform(_ files: [String]) throws(CommandError) -> ExitStatus {
        guard !files.isEmpty else {
            throw CommandError(message: "no file to check", hint: "usage: \(Command.check.usage)")
        }
        var report = Report(terminal)
        for file in files {
            let source = SourceText(bytes: try FileBytes.named(file, limit: FileBytes.sourceLimit), name: file)
            for finding in CheckCommand.findings(in: source) {
                if asJSON {
                    terminal.write(FindingJSON.line(finding, in: source))
                    report.count(finding.severity == .error, in: file)
                } else {
                    report.show(finding, in: source)
                }
            }
        }
        if !asJSON, let summary = report.summary { terminal.write(summary + "\n", to: .error) }
        return report.errors == 0 ? .success : .failure
    }

    /// All there is to say about a text, in the order of the places.
    static func findings(in source: SourceText) -> [Diagnostic] {
        let parsed = Parser.parse(source)
        guard !parsed.hasErrors else { return parsed.diagnostics }
        let resolution = Resolver.resolve(parsed.tree, names: nil)
        return (parsed.diagnostics + resolution.diagnostics).sorted { $0.range.start < $1.range.start }
    }
}
