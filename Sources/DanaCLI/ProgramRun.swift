import Dana
import DanaLanguage
import Glibc

/// One program at work: its interpreter, and the answers to what it imports.
final class ProgramRun {
    let interpreter: Interpreter
    private var finder: ModuleFinder
    /// The texts that have been run, by name, for the lines of errors.
    private(set) var sources: [String: SourceText] = [:]

    /// Why a program ended before its end.
    enum Failure: Error {
        /// Its text, or that of a module, makes no sense.
        case text([Diagnostic], SourceText)
        case run(ProgramError)
    }

    static let mainModule = "__main__"

    init(
        finder: ModuleFinder, limits: Limits = Limits(), output: @escaping @Sendable ([UInt8]) -> Void
    ) throws(Failure) {
        self.finder = finder
        do {
            interpreter = try Interpreter(limits: limits, clock: ProgramRun.clock)
        } catch {
            throw .run(error)
        }
        interpreter.writeOutput(to: output)
    }

    /// Runs a text to its end in the main module, which keeps its variables for the next.
    func run(_ source: SourceText) throws(Failure) {
        let program = try compile(source)
        do {
            try interpreter.start(program, module: ProgramRun.mainModule)
        } catch {
            throw .run(error)
        }
        while true {
            switch interpreter.run() {
            case .finished: return
            case .failed(let error): throw .run(error)
            case .sliceOver: continue
            case .waiting(let calls): for call in calls { answer(call) }
            }
        }
    }

    private func compile(_ source: SourceText) throws(Failure) -> Compiler.Program {
        sources[source.name] = source
        do {
            return try Compiler.compile(source)
        } catch {
            throw .text(error.diagnostics, source)
        }
    }

    private func answer(_ call: HostCall) {
        switch call.request {
        case .function(_, let name):
            interpreter.fail(call.identifier, .nameError, "this command offers no function '\(name)'")
        case .operation:
            interpreter.fail(call.identifier, .typeError, "this command gives programs no objects")
        case .module(let name, let form, let level, let importer):
            do {
                let found = try finder.find(name, form: form, level: level, importer: importer)
                guard case .dana(let source) = found.content else {
                    let message = "'\(found.name)' is a module of Python, which this command does not run"
                    return interpreter.fail(call.identifier, .importError, message)
                }
                let program = try Compiler.compile(source)
                sources[source.name] = source
                interpreter.answer(call.identifier, with: program, module: found.name)
            } catch let failure as ModuleFinder.Failure {
                interpreter.fail(call.identifier, failure.kind, failure.message)
            } catch let failure as Compiler.Failure {
                let first = failure.diagnostics.first
                interpreter.fail(
                    call.identifier, .syntaxError, "module '\(name)': \(first?.message ?? "invalid syntax")")
            } catch {
                interpreter.fail(call.identifier, .importError, "module '\(name)' can not be read")
            }
        }
    }

    /// Nanoseconds since the machine started.
    private static let clock = Clock {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
