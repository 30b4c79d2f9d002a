/// The commands of `dana`, and how each is used.
enum Command: String, CaseIterable {
    case run
    case check
    case fmt
    case test
    case disasm
    case repl

    var summary: String {
        switch self {
        case .run: "run a program"
        case .check: "tell errors and warnings without running"
        case .fmt: "lay out source text the one way"
        case .test: "run the functions `test_*` of `.na` files"
        case .disasm: "show a program's compiled form"
        case .repl: "read and run lines as they are typed"
        }
    }

    var usage: String {
        switch self {
        case .run: "dana run [OPTION ...] FILE [ARGUMENT ...]"
        case .check: "dana check [--json] FILE ..."
        case .fmt: "dana fmt [--check] [--diff] FILE ... (- is standard input)"
        case .test: "dana test [-k WORD] [--strict] [FILE or FOLDER ...]"
        case .disasm: "dana disasm FILE"
        case .repl: "dana repl"
        }
    }

    /// The options that the command takes.
    var options: [Option] {
        switch self {
        case .run:
            [
                Option("--path", argument: "FOLDER", "also look for modules in this folder; may be given again"),
                Option("--timeout", argument: "TIME", "end the program after so long, such as 30s"),
                Option("--strict", "check arguments and results against their annotations at every call"),
                Option("--memory", argument: "SIZE", "end the program when it holds more, such as 100MB"),
            ]
        case .check: [Option("--json", "one line of JSON for each finding")]
        case .fmt:
            [
                Option("--check", "change nothing; fail when a file is laid out otherwise"),
                Option("--diff", "change nothing; show what would change"),
            ]
        case .test:
            [
                Option("-k", argument: "WORD", "only tests whose name holds the word"),
                Option("--strict", "check arguments and results against their annotations at every call"),
            ]
        case .disasm, .repl: []
        }
    }

    static var overview: String {
        let width = allCases.map(\.rawValue.count).max() ?? 0
        let lines = allCases.map { command in
            "  \(command.rawValue)\(String(repeating: " ", count: width - command.rawValue.count))  \(command.summary)"
        }
        return """
            Dana, a small language for agents.

            usage: dana COMMAND [ARGUMENT ...]

            \(lines.joined(separator: "\n"))

            dana COMMAND --help tells more; dana --version tells the version.

            """
    }

    /// What there is to know besides the options.
    private var remark: String? {
        self == .run ? "The program reads its ARGUMENTs as system:args, a list of texts." : nil
    }

    var help: String {
        var text = "\(summary)\n\nusage: \(usage)\n"
        if let remark { text += "\n\(remark)\n" }
        if !options.isEmpty {
            let width = options.map(\.shown.count).max() ?? 0
            text += "\n"
            for option in options {
                let gap = String(repeating: " ", count: width - option.shown.count)
                text += "  \(option.shown)\(gap)  \(option.summary)\n"
            }
        }
        return text
    }
}
