import DanaLanguage

/// `dana repl`: reads lines, runs them in one module and shows the values of expressions.
struct ReplCommand {
    let terminal: Terminal

    /// What the inputs' names begin with; each has its own, so that errors show the lines of the right one.
    private static let name = "<input"

    func perform() throws(CommandError) -> ExitStatus {
        let finder = try RunCommand.finder(program: "input", path: [], sizeLimit: FileBytes.sourceLimit)
        var report = Report(terminal)
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
                try run.run(ReplCommand.showing(source))
            } catch {
                report.show(error)
            }
            words.formUnion(ReplCommand.names(in: source))
            editor.offer(Array(words))
        }
        return .success
    }

    /// The text, changed so that it shows the value of an expression that stands alone, which then is `_` unless it is
    /// null; its lines stay.
    static func showing(_ source: SourceText) -> SourceText {
        let parsed = Parser.parse(source)
        let statements = parsed.tree.children(parsed.tree.root)
        guard !parsed.hasErrors, statements.count == 1,
            parsed.tree.kind(parsed.tree[statements, 0]) == .expressionStatement
        else { return source }
        let range = parsed.tree.range(parsed.tree[statements, 0])
        var bytes = source.bytes
        bytes.insert(contentsOf: Array(")) is null or print(repr(_ := _value))\n".utf8), at: Int(range.end))
        bytes.insert(contentsOf: Array("(_value := (".utf8), at: Int(range.start))
        return SourceText(bytes: bytes, name: source.name)
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
