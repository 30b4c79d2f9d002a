import DanaLanguage

/// `dana fmt`: lays out files, or only tells what would change.
struct FormatCommand {
    let terminal: Terminal
    let checks: Bool
    let showsDifference: Bool

    func perform(_ files: [String]) throws(CommandError) -> ExitStatus {
        guard !files.isEmpty else {
            throw CommandError(message: "no file to lay out", hint: "usage: \(Command.fmt.usage)")
        }
        var report = Report(terminal)
        var changed = 0
        for file in files {
            let bytes = try FileBytes.named(file, limit: FileBytes.sourceLimit)
            let source = SourceText(bytes: bytes, name: file == "-" ? "standard input" : file)
            guard let formatted = Formatter.format(source) else {
                for finding in Parser.parse(source).diagnostics where finding.severity == .error {
                    report.show(finding, in: source)
                }
                continue
            }
            let isChanged = Array(formatted.utf8) != bytes
            if isChanged { changed += 1 }
            if showsDifference {
                let old = String(decoding: bytes, as: UTF8.self)
                terminal.write(LineDiff(from: old, to: formatted).unified(name: source.name))
            } else if checks {
                if isChanged { terminal.write("\(source.name) is laid out otherwise\n", to: .error) }
            } else if file == "-" {
                terminal.write(formatted)
            } else if isChanged {
                try FileBytes.replace(file, with: formatted)
            }
        }
        if let summary = report.summary { terminal.write(summary + "\n", to: .error) }
        return report.errors > 0 || ((checks || showsDifference) && changed > 0) ? .failure : .success
    }
}
