import DanaLanguage

/// A finding as one line of JSON, for editors and other tools.
enum FindingJSON {
    static func line(_ finding: Diagnostic, in source: SourceText) -> String {
        let start = source.place(at: Int(finding.range.start))
        let end = source.place(at: Int(finding.range.end))
        var members = [
            ("file", quoted(source.name)),
            ("line", "\(start.line)"),
            ("column", "\(start.column)"),
            ("endLine", "\(end.line)"),
            ("endColumn", "\(end.column)"),
            ("severity", quoted(finding.severity == .error ? "error" : "warning")),
            ("code", quoted(finding.code)),
            ("message", quoted(finding.message)),
        ]
        if let hint = finding.hint { members.append(("hint", quoted(hint))) }
        return "{\(members.map { "\(quoted($0)): \($1)" }.joined(separator: ", "))}\n"
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
