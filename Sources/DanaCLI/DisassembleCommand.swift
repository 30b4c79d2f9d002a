import DanaLanguage

/// `dana disasm`: shows a program's compiled form.
struct DisassembleCommand {
    let terminal: Terminal

    func perform(_ files: [String]) throws(CommandError) -> ExitStatus {
        guard !files.isEmpty else {
            throw CommandError(message: "no program to show", hint: "usage: \(Command.disasm.usage)")
        }
        for file in files {
            let source = SourceText(bytes: try FileBytes.named(file, limit: FileBytes.sourceLimit), name: file)
            do {
                terminal.write(try Compiler.compile(source).listing)
            } catch {
                var report = Report(terminal)
                report.show(.text(error.diagnostics, source))
                return .failure
            }
        }
        return .success
    }
}
