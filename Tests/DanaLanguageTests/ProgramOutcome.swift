import DanaLanguage
import Foundation
import Synchronization
import TestPrograms

/// What a program under test did: the lines it printed, and the errors and warnings with their places.
struct ProgramOutcome {
    private(set) var output: [String] = []
    private(set) var errors: [TestProgram.Finding] = []
    private(set) var warnings: [TestProgram.Finding] = []

    private final class Sink: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    init(of program: TestProgram) {
        let source = SourceText(program.text, name: "program")
        let sink = Sink()
        do {
            let limits = try program.limits()
            let interpreter = try Interpreter(limits: limits, clock: Self.clock, seed: 1)
            let compiled = try Compiler.compile(
                source, names: interpreter.names, limits: ParserLimits(bytes: limits.sourceSize))
            warnings = compiled.warnings.map { Self.finding($0, in: source, prefix: "") }
            interpreter.writeOutput { bytes in sink.bytes.withLock { $0 += bytes } }
            try interpreter.start(compiled, module: "__main__")
            try Self.finish(interpreter)
        } catch let failure as Compiler.Failure {
            errors = failure.diagnostics.filter { $0.severity == .error }.map {
                Self.finding($0, in: source, prefix: "SyntaxError: ")
            }
        } catch let error as ProgramError {
            let place = error.stack.last?.start
            let text = error.message.isEmpty ? error.kind : "\(error.kind): \(error.message)"
            errors = [TestProgram.Finding(line: place?.line ?? 0, column: place?.column, text: text)]
        } catch {
            errors = [TestProgram.Finding(line: 0, column: nil, text: "\(error)")]
        }
        var text = String(decoding: sink.bytes.withLock(\.self), as: UTF8.self)
        if text.hasSuffix("\n") { text.removeLast() }
        output = text.isEmpty && sink.bytes.withLock(\.isEmpty) ? [] : text.components(separatedBy: "\n")
    }

    /// Runs to the end; there is no host that answers.
    private static func finish(_ interpreter: Interpreter) throws {
        while true {
            switch interpreter.run() {
            case .finished: return
            case .failed(let error): throw error
            case .sliceOver: continue
            case .waiting(let calls):
                for call in calls {
                    interpreter.fail(call.identifier, .moduleNotFoundError, "the test has no modules and no functions")
                }
            }
        }
    }

    private static func finding(_ diagnostic: Diagnostic, in source: SourceText, prefix: String) -> TestProgram.Finding
    {
        let place = source.place(at: Int(diagnostic.range.start))
        return TestProgram.Finding(line: place.line, column: place.column, text: prefix + diagnostic.message)
    }

    /// The time that this thread has worked, so that what else the machine does costs a program nothing.
    private static let clock = Clock {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
