import DanaLanguage

/// Shows what is wrong with programs, as a person wants to see it, and counts it.
struct Report {
    let terminal: Terminal
    private(set) var errors = 0
    private(set) var warnings = 0
    private var files: Set<String> = []

    init(_ terminal: Terminal) {
        self.terminal = terminal
    }

    /// Shows one finding: where, what, the source line with a caret, and what to do.
    mutating func show(_ finding: Diagnostic, in source: SourceText) {
        let isError = finding.severity == .error
        count(isError, in: source.name)
        let style = isError ? Terminal.Style.red : .yellow
        let excerpt = Excerpt(finding.range, in: source)
        let word = terminal.styled(isError ? "error" : "warning", style, on: .error)
        var text = "\(terminal.styled(excerpt.place, .bold, on: .error)): \(word): \(finding.message)\n"
        text += excerpt.lines(terminal, style)
        for note in finding.notes {
            let excerpt = Excerpt(note.range, in: source)
            text += "\(excerpt.place): \(terminal.styled("note", .blue, on: .error)): \(note.message)\n"
            text += excerpt.lines(terminal, .blue)
        }
        if let hint = finding.hint { text += "\(terminal.styled("hint", .blue, on: .error)): \(hint)\n" }
        terminal.write(text + "\n", to: .error)
    }

    mutating func count(_ isError: Bool, in name: String) {
        if isError { errors += 1 } else { warnings += 1 }
        files.insert(name)
    }

    /// `2 errors and 1 warning in 1 file`; nothing when all is well.
    var summary: String? {
        let parts = [Report.counted(errors, "error"), Report.counted(warnings, "warning")].compactMap(\.self)
        guard !parts.isEmpty, let place = Report.counted(files.count, "file") else { return nil }
        return "\(parts.joined(separator: " and ")) in \(place)"
    }

    static func counted(_ number: Int, _ noun: String) -> String? {
        number == 0 ? nil : "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
