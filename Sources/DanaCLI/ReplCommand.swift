import DanaLanguage

/// `dana repl`: reads lines, runs them in one module and shows the values of expressions.
struct ReplCommand {
    let terminal: Terminal

    /// What the inputs' names begin with; each has its own, so that errors show the lines of the right one.
    private static let name = "<input"

    func perform() throws(CommandError) -> ExitStatus {
        let finder = try RunCommand.finder(program: "input", path: [], sizeLimit: FileBytes.sourceLimit)
        var report = Report(terminal, countsFindings: false)
        let run: ProgramRun
        do {
            run = try ProgramRun(finder: finder, output: RunCommand.standardOutput)
        } catch {
            report.show(error)
            return .broken
        }
        let history = Terminal.variable("HOME").map { "\($0)/.dana_history" }
        let editor = LineEditor(historyFile: history)
        var words = ReplCommand.commonWords
        editor.offer(Array(words))
        var input = ReplInput()
        var count = 0
        while let line = editor.read(prompt: input.isEmpty ? "dana> " : "  ... ") {
            guard input.add(line) else { continue }
            let text = input.text
            input.clear()
            guard text.contains(where: { !$0.isWhitespace }) else { continue }
            editor.remember(String(text.dropLast()))
            count += 1
            let source = SourceText(text, name: "\(ReplCommand.name) \(count)>")
            report.originals[source.name] = source
            do {
                for part in ReplCommand.parts(of: source) {
                    try run.run(part)
                    if let value = try run.takeValue(as: "_") { RunCommand.standardOutput(Array((value + "\n").utf8)) }
                }
            } catch {
                report.show(error)
            }
            words.formUnion(ReplCommand.names(in: source))
            editor.offer(Array(words))
        }
        return .success
    }

    /// The statements of a line, to be run one after the other, each at the column where it was typed; a text that is
    /// more than a line or makes no sense as it is.
    static func parts(of source: SourceText) -> [SourceText] {
        let tree = Parser.parse(source).tree
        let statements = tree[tree.children(tree.root)]
        let isLine = !source.bytes.dropLast().contains(UInt8(ascii: "\n"))
        guard isLine, statements.count > 1, !Compiler.check(source).contains(where: { $0.severity == .error }) else {
            return [source]
        }
        return statements.map { statement in
            let range = tree.range(statement)
            let columns = source.bytes[..<Int(range.start)].count { $0 & 0xC0 != 0x80 }
            let margin = columns < 2 ? "" : "0;" + String(repeating: " ", count: columns - 2)
            return SourceText(
                bytes: Array(margin.utf8) + source.bytes[Int(range.start)..<Int(range.end)] + [UInt8(ascii: "\n")],
                name: source.name)
        }
    }

    /// The names that a text speaks of.
    private static func names(in source: SourceText) -> [String] {
        let tree = Parser.parse(source).tree
        return (0..<tree.nodeCount).compactMap { index in
            let node = NodeID(rawValue: Int32(index))
            return tree.kind(node) == .name ? tree.text(tree.symbol(node)) : nil
        }
    }

    private static let commonWords: Set<String> = [
        "and", "assert", "break", "continue", "elif", "else", "except", "false", "finally", "for", "from", "func", "if",
        "import", "in", "is", "lambda", "match", "not", "null", "or", "pass", "raise", "return", "struct", "true",
        "try",
        "while", "with", "yield", "abs", "all", "any", "dict", "enumerate", "float", "int", "isinstance", "len", "list",
        "map", "max", "min", "parallel", "print", "private:", "public:", "range", "repr", "reversed", "round", "set",
        "sorted", "str", "sum", "tuple", "type", "zip",
    ]
}
