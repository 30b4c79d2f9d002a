import DanaData
import DanaLanguage
import Glibc

/// The program `dana`: takes the command from the command line and ends with its status.
@main struct DanaCommand {
    let terminal = Terminal()

    static func main() {
        let status = DanaCommand().perform(Array(CommandLine.arguments.dropFirst()))
        exit(status.rawValue)
    }

    func perform(_ arguments: [String]) -> ExitStatus {
        do {
            return try dispatch(arguments)
        } catch {
            let hint = error.hint.map { "\n\(terminal.styled("hint", .blue, on: .error)): \($0)" } ?? ""
            terminal.write("\(terminal.styled("error", .red, on: .error)): \(error.message)\(hint)\n", to: .error)
            return error.status
        }
    }

    private func dispatch(_ arguments: [String]) throws(CommandError) -> ExitStatus {
        guard let word = arguments.first else {
            terminal.write(Command.overview, to: .error)
            return .usage
        }
        if ["--help", "-h", "help"].contains(word) {
            terminal.write(Command.overview)
            return .success
        }
        if word == "--version" {
            terminal.write("dana \(DanaVersion.text)\n")
            return .success
        }
        guard let command = Command(rawValue: word) else { throw unknown(word) }
        let rest = try Arguments(arguments.dropFirst(), for: command, stopsAtFile: command == .run)
        if rest.wantsHelp {
            terminal.write(command.help)
            return .success
        }
        switch command {
        case .run:
            return try RunCommand(terminal: terminal).perform(rest)
        case .check:
            return try CheckCommand(terminal: terminal, asJSON: rest.has("--json")).perform(rest.rest)
        case .fmt:
            let command = FormatCommand(
                terminal: terminal, checks: rest.has("--check"), showsDifference: rest.has("--diff"))
            return try command.perform(rest.rest)
        case .test:
            let command = TestCommand(
                terminal: terminal, word: rest.value("-k"), isStrict: rest.has("--strict"))
            return try command.perform(rest.rest)
        case .disasm:
            return try DisassembleCommand(terminal: terminal).perform(rest.rest)
        case .repl:
            return try ReplCommand(terminal: terminal).perform()
        }
    }

    private func unknown(_ word: String) -> CommandError {
        if word.hasSuffix(".na") {
            return CommandError(message: "\(word) is no command", hint: "dana run \(word) runs the program")
        }
        let near = Spelling.nearest(to: word, among: Command.allCases.map(\.rawValue))
        return CommandError(
            message: "\(word) is no command of dana",
            hint: near.map { "did you mean dana \($0)?" } ?? "dana --help lists the commands")
    }
}
