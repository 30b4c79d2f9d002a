import Dana
import DanaLanguage
import Glibc

/// `dana run`: runs a program to its end.
struct RunCommand {
    let terminal: Terminal

    func perform(_ arguments: Arguments) throws(CommandError) -> ExitStatus {
        guard let file = arguments.rest.first else {
            throw CommandError(message: "no program to run", hint: "usage: \(Command.run.usage)")
        }
        let bytes = try FileBytes.named(file, limit: FileBytes.sourceLimit)
        let source = SourceText(bytes: bytes, name: file == "-" ? "standard input" : file)
        let limits = try limits(arguments)
        let timeout = try arguments.time("--timeout")
        let finder = try RunCommand.finder(
            program: file, path: arguments.values["--path"] ?? [], sizeLimit: FileBytes.sourceLimit)
        do {
            let run = try ProgramRun(
                finder: finder, limits: limits, timeout: timeout, isStrict: arguments.has("--strict"),
                arguments: Array(arguments.rest.dropFirst()), output: RunCommand.standardOutput)
            try run.run(source)
            return .success
        } catch {
            var report = Report(terminal)
            report.show(error)
            return .failure
        }
    }

    private func limits(_ arguments: Arguments) throws(CommandError) -> Limits {
        var limits = Limits()
        if let time = try arguments.time("--timeout") { limits.executionTime = time }
        if let size = try arguments.size("--memory") { limits.memory = size }
        return limits
    }

    /// Looks for modules in the program's folder first, then in the others.
    static func finder(program: String, path: [String], sizeLimit: Int) throws(CommandError) -> ModuleFinder {
        var folders: [SourceFolder] = []
        for name in [FilePath.folder(of: program)] + path {
            guard let folder = SourceFolder(name) else {
                throw CommandError(message: "there is no folder \(name) to look for modules in")
            }
            folders.append(folder)
        }
        return ModuleFinder(folders: folders, sizeLimit: sizeLimit)
    }

    /// Writes what a program prints.
    static let standardOutput: @Sendable ([UInt8]) -> Void = { bytes in
        Terminal.write(bytes, to: .output)
    }
}
