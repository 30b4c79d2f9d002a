import DanaLanguage

/// Shows what is wrong with programs, as a person wants to see it, and counts it.
struct Report {
    let terminal: Terminal
    private(set) var errors = 0
    private(set) var warnings = 0
    private var files: Set<String> = []
    /// Texts as they were written, by name, where only parts of them ran: their lines are the ones to show.
    var originals: [String: SourceText] = [:]
    /// Whether findings are counted at the end of those of a text.
    private let countsFindings: Bool

    init(_ terminal: Terminal, countsFindings: Bool = true) {
        self.terminal = terminal
        self.countsFindings = countsFindings
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

    /// Shows why a program ended before its end.
    mutating func show(_ failure: ProgramRun.Failure) {
        switch failure {
        case .text(let findings, let source):
            for finding in findings { show(finding, in: source) }
            if countsFindings, let summary { terminal.write(summary + "\n", to: .error) }
        case .run(let error): show(error)
        case .imported(let findings, let source, let error):
            for finding in findings { show(finding, in: source) }
            show(error)
        }
    }

    /// Shows an error of a running program: what led to it first, then the calls, the last with its source line.
    mutating func show(_ error: ProgramError) {
        count(true, in: error.stack.last?.source ?? "")
        var text = ""
        for earlier in error.chain.reversed() {
            text += trace(earlier.stack) + ending(earlier.kind.name, earlier.message, earlier.notes)
            text += "\n\(Report.words(for: earlier.link))\n\n"
        }
        text += trace(error.stack) + ending(error.kind, error.message, error.notes)
        if let hint = error.hint { text += "\(terminal.styled("hint", .blue, on: .error)): \(hint)\n" }
        terminal.write(text, to: .error)
    }

    private static func words(for link: ChainedError.Link) -> String {
        switch link {
        case .cause: "The above exception was the direct cause of the following exception:"
        case .context: "During handling of the above exception, another exception occurred:"
        }
    }

    /// The line that says what an error is, and its notes.
    private func ending(_ kind: String, _ message: String, _ notes: [String]) -> String {
        let message = message.isEmpty ? "" : ": \(message)"
        return "\(terminal.styled(kind, .red, on: .error))\(message)\n" + notes.map { $0 + "\n" }.joined()
    }

    /// The calls that led to an error.
    private func trace(_ stack: [ErrorPlace]) -> String {
        var text = ""
        for (depth, place) in stack.enumerated() {
            let isLast = depth == stack.count - 1
            if !isLast, depth >= Report.shownCalls, depth < stack.count - Report.shownCalls {
                if depth == Report.shownCalls {
                    text += "  ... \(stack.count - 2 * Report.shownCalls) more calls\n"
                }
                continue
            }
            let excerpt = excerpt(of: place)
            let name = terminal.styled(excerpt.place, isLast ? .bold : .dim, on: .error)
            if isLast {
                text += "\(name): in \(place.function)\n\(excerpt.lines(terminal, .red))"
            } else {
                text += "  \(name): in \(place.function): \(excerpt.line.drop(while: \.isWhitespace))\n"
            }
        }
        return text
    }

    /// The place in the text as it was written.
    private func excerpt(of place: ErrorPlace) -> Excerpt {
        let line = originals[place.source]?.line(place.start.line) ?? place.line
        return Excerpt(name: place.source, start: place.start, end: place.end, line: line)
    }

    private static let shownCalls = 10

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
