import DanaLanguage

/// A place in a program's text as a person wants to see it: the file with line and column, the source line, a caret.
struct Excerpt {
    let name: String
    let start: SourcePlace
    let end: SourcePlace
    let line: String

    init(name: String, start: SourcePlace, end: SourcePlace, line: String) {
        self.name = name
        self.start = start
        self.end = end
        self.line = line
    }

    init(_ range: SyntaxRange, in source: SourceText) {
        let start = source.place(at: Int(range.start))
        self.init(
            name: source.name, start: start, end: source.place(at: Int(range.end)), line: source.line(start.line))
    }

    var place: String { "\(name):\(start.line):\(start.column)" }

    /// The source line under its number, and the carets under what is meant; a tab in the line stays one below it.
    func lines(_ terminal: Terminal, _ style: Terminal.Style) -> String {
        let number = String(start.line)
        let margin = String(repeating: " ", count: number.count)
        let scalars = Array(line.unicodeScalars)
        let first = max(0, start.column - 1)
        let last = end.line == start.line ? max(end.column - 1, first + 1) : max(scalars.count, first + 1)
        let before = scalars.prefix(first).map { $0 == "\t" ? "\t" : String(repeating: " ", count: Excerpt.width($0)) }
        let under = scalars.dropFirst(first).prefix(last - first)
        let count = max(1, under.reduce(0) { $0 + Excerpt.width($1) })
        let carets = terminal.styled(String(repeating: "^", count: count), style, on: .error)
        let bar = terminal.styled("|", .blue, on: .error)
        return
            "\(terminal.styled(number, .blue, on: .error)) \(bar) \(line)\n\(margin) \(bar) \(before.joined())\(carets)\n"
    }

    /// How many columns a terminal gives a character: two for those of East Asia and pictures, none for marks.
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
