/// Puts the lines of a formatted program together with the blank lines that belong between them: two
/// around definitions of the module, one around those in blocks, and elsewhere what was there, within
/// the same bounds.
enum BlankLines {
    static func joined(_ lines: [Formatter.Line]) -> String {
        var output = ""
        /// The levels of the definitions whose blocks are open.
        var definitions: [Int] = []
        for (place, line) in lines.enumerated() {
            let isNested = place > 0 && lines[place - 1].level < line.level
            var endsDefinition = false
            while let last = definitions.last, last >= line.level {
                definitions.removeLast()
                endsDefinition = endsDefinition || last == line.level
            }
            let most = line.level == 0 ? 2 : 1
            var blanks = min(line.blankLinesBefore, most)
            if place == 0 || isNested {
                blanks = 0
            } else if isAttached(lines, place) {
                blanks = min(blanks, 0)
            } else if endsDefinition || begins(lines, place) {
                blanks = most
            }
            output += String(repeating: "\n", count: blanks)
            output += Formatter.indentation(line.level) + line.text + "\n"
            if line.kind == .definition { definitions.append(line.level) }
        }
        return output
    }

    /// Whether a definition begins with the line: itself, a decorator, or comments right before.
    private static func begins(_ lines: [Formatter.Line], _ place: Int) -> Bool {
        var place = place
        while lines[place].kind == .comment, place + 1 < lines.count, lines[place + 1].blankLinesBefore == 0,
            lines[place + 1].level == lines[place].level
        {
            place += 1
        }
        return lines[place].kind == .definition || lines[place].kind == .decorator
    }

    /// Whether the line goes on with what the line before it began: a decorator or a comment.
    private static func isAttached(_ lines: [Formatter.Line], _ place: Int) -> Bool {
        let before = lines[place - 1]
        if before.kind == .decorator { return true }
        return before.kind == .comment && lines[place].blankLinesBefore == 0 && before.level == lines[place].level
    }
}
