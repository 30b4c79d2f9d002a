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
        let names = try ProgramRun.names()
        for file in files {
            let source = SourceText(bytes: try FileBytes.named(file, limit: FileBytes.sourceLimit), name: file)
            for finding in Compiler.check(source, names: names) {
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
}
