import Dana
import DanaLanguage
import DanaSystem
import Glibc

/// One program at work: its interpreter, and the answers to what it imports.
final class ProgramRun {
    let interpreter: Interpreter
    private var finder: ModuleFinder

    /// Why a program ended before its end.
    enum Failure: Error {
        /// Its text, or that of a module, makes no sense.
        case text([Diagnostic], SourceText)
        case run(ProgramError)
        /// The same for the text of a module, whose findings an import that failed stands for.
        case imported([Diagnostic], SourceText, ProgramError)
    }

    static let mainModule = "__main__"

    /// What the command line lets programs do, and answers for them.
    private static let capabilities = ["clock", "random"]
    private static let functions = ["log"]

    private let isStrict: Bool
    private let deadline: UInt64?
    private let cancellation = Cancellation()
    private var waits = Waits()
    /// What is wrong with the texts of modules, by the message that their imports fail with.
    private var brokenModules: [String: (findings: [Diagnostic], source: SourceText)] = [:]

    /// The arguments are the program's own. A program that runs longer than the timeout, in nanoseconds and waiting included, is ended.
    init(
        finder: ModuleFinder, limits: Limits = Limits(), timeout: UInt64? = nil, isStrict: Bool = false,
        arguments: [String] = [], output: @escaping @Sendable ([UInt8]) -> Void
    ) throws(Failure) {
        self.finder = finder
        self.isStrict = isStrict
        deadline = timeout.map { ProgramRun.moment(after: $0) }
        // Who runs a program at the command line sees what it prints, and can end it.
        var limits = limits
        limits.output = .max
        do {
            interpreter = try Interpreter(
                limits: limits, clock: Clock { MonotonicTime.now }, cancellation: cancellation)
            for function in ProgramRun.functions { try interpreter.register(hostFunction: function) }
        } catch {
            throw .run(error)
        }
        do {
            try give(arguments)
        } catch {
            throw .run(error)
        }
        for capability in ProgramRun.capabilities { interpreter.grant(capability: capability) }
        interpreter.writeOutput(to: output)
    }

    /// Gives the program what stands behind its name on the command line, as `system:args`.
    private func give(_ arguments: [String]) throws(ProgramError) {
        var items: [Value] = []
        for argument in arguments { items.append(try interpreter.string(argument)) }
        let list = try interpreter.list(count: items.count) { place in
            place.update(from: items, count: items.count)
            return items.count
        }
        try interpreter.setVariable("args", of: .system, to: list)
    }

    /// The names that every program finds here without setting them.
    static func names() throws(CommandError) -> ResolverNames {
        do {
            let interpreter = try Interpreter()
            for function in functions { try interpreter.register(hostFunction: function) }
            return interpreter.names
        } catch {
            throw CommandError(message: error.message, status: .broken)
        }
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
            case .failed(let error): throw failure(error)
            case .sliceOver: continue
            case .waiting(let calls): answer(calls)
            }
        }
    }

    /// The text of what the last text that ran came to, which the main module then has under a name; nil for null.
    func takeValue(as name: String) throws(Failure) -> String? {
        let value = interpreter.takeResult()
        if case .null = value.view { return nil }
        guard let module = interpreter.module(ProgramRun.mainModule) else { return nil }
        do {
            try interpreter.define(name, as: value, inModule: module)
            return try interpreter.text(of: value)
        } catch {
            throw .run(error)
        }
    }

    private func failure(_ error: ProgramError) -> Failure {
        guard case .raised(.syntaxError) = error.cause, let module = brokenModules[error.message] else {
            return .run(error)
        }
        return .imported(module.findings, module.source, error)
    }

    private func compile(_ source: SourceText) throws(Failure) -> Compiler.Program {
        do {
            return try Compiler.compile(source, isStrict: isStrict)
        } catch {
            throw .text(error.diagnostics, source)
        }
    }

    /// Answers what can be answered at once; when all calls wait for a moment, waits for the first.
    private func answer(_ calls: HostCalls) {
        waits.keep(only: Set(calls.map(\.identifier)))
        var isAnswered = false
        for call in calls {
            if case .function(_, "time.sleep") = call.request, case .float(let seconds)? = call.arguments.first?.view,
                let time = UInt64(exactly: (seconds * 1e9).rounded(.down))
            {
                waits.add(call.identifier, until: ProgramRun.moment(after: time))
            } else {
                answer(call)
                isAnswered = true
            }
        }
        guard !isAnswered, let next = waits.next else { return }
        let moment = min(next, deadline ?? .max)
        ProgramRun.sleep(until: moment)
        if moment == deadline { cancellation.cancel(reason: "it ran longer than --timeout allows") }
        for call in waits.take(at: moment) { interpreter.answer(call, with: Interpreter.null) }
    }

    private func log(_ call: HostCall) {
        do throws(LogMessage.Fault) {
            let message = try LogMessage(call) { [interpreter] value throws(ProgramError) in
                try interpreter.text(of: value, isRepr: false)
            }
            Terminal.write(Array(message.line.utf8), to: .error)
            interpreter.answer(call.identifier, with: Interpreter.null)
        } catch {
            interpreter.fail(call.identifier, error.kind, error.message)
        }
    }

    private func answer(_ call: HostCall) {
        switch call.request {
        case .function(_, "log"): log(call)
        case .function(_, let name):
            interpreter.fail(call.identifier, .nameError, "this command offers no function '\(name)'")
        case .operation:
            interpreter.fail(call.identifier, .typeError, "this command gives programs no objects")
        case .module(let name, let form, let level, let importer):
            let found: ModuleFinder.Found
            do throws(ModuleFinder.Failure) {
                found = try finder.find(name, form: form, level: level, importer: importer)
            } catch {
                return interpreter.fail(call.identifier, error.kind, error.message)
            }
            guard case .dana(let source) = found.content else {
                let message = "'\(found.name)' is a module of Python, which this command does not run"
                return interpreter.fail(call.identifier, .importError, message)
            }
            do throws(Compiler.Failure) {
                let program = try Compiler.compile(source, isStrict: isStrict)
                interpreter.answer(call.identifier, with: program, module: found.name)
            } catch {
                refuse(call, name, source, error.diagnostics)
            }
        }
    }

    /// Fails an import of a text that makes no sense.
    private func refuse(_ call: HostCall, _ name: String, _ source: SourceText, _ findings: [Diagnostic]) {
        let errors = findings.filter { $0.severity == .error }
        let first = errors.first.map { error in
            "\(error.message) (\(source.name):\(source.place(at: Int(error.range.start)).line))"
        }
        let message = "module '\(name)': \(first ?? "invalid syntax")"
        brokenModules[message] = (errors, source)
        interpreter.fail(call.identifier, .syntaxError, message)
    }

    /// The reading of the clock after a time; its last one where that is further away.
    private static func moment(after nanoseconds: UInt64) -> UInt64 {
        let (moment, isBeyond) = MonotonicTime.now.addingReportingOverflow(nanoseconds)
        return isBeyond ? .max : moment
    }

    /// Sleeps until `now` reads a moment.
    private static func sleep(until moment: UInt64) {
        var time = timespec(tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
    }
}
