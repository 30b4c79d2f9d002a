import DanaLanguage
import Glibc
import Synchronization

/// Runs the language for the benchmark: `run REPETITIONS FILE...`, `compile REPETITIONS FILE`, `fresh REPETITIONS`.
/// All figures are CPU time of the thread.
@main enum LanguagePeer {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 2, let repetitions = Int(arguments[1]), repetitions > 0 else {
            print("usage: language-peer run|compile|fresh REPETITIONS [FILE ...]")
            exit(2)
        }
        switch arguments[0] {
        case "run": for file in arguments[2...] { try run(file, repetitions) }
        case "compile": try compile(arguments[2], repetitions)
        case "fresh": try fresh(repetitions)
        default: exit(2)
        }
    }

    /// Prints the value of a file's `main()` and the least milliseconds it took.
    private static func run(_ file: String, _ repetitions: Int) throws {
        let interpreter = try Interpreter(clock: wallClock)
        let printed = Output()
        interpreter.writeOutput { bytes in printed.text.withLock { $0 = String(decoding: bytes, as: UTF8.self) } }
        try finish(interpreter, text(of: file))
        let call = try Compiler.compile(SourceText("_value = main()\n", name: "call"))
        var best = UInt64.max
        for _ in 0..<repetitions {
            let start = time(CLOCK_THREAD_CPUTIME_ID)
            try finish(interpreter, call)
            best = min(best, time(CLOCK_THREAD_CPUTIME_ID) - start)
        }
        try finish(interpreter, Compiler.compile(SourceText("print(_value)\n", name: "show")))
        let value = printed.text.withLock { $0 }.filter { !$0.isWhitespace }
        print(value, Double(best) / 1e6)
    }

    private static func compile(_ file: String, _ repetitions: Int) throws {
        let source = try source(of: file)
        var best = UInt64.max
        for _ in 0..<repetitions {
            let start = time(CLOCK_THREAD_CPUTIME_ID)
            _ = try Compiler.compile(source)
            best = min(best, time(CLOCK_THREAD_CPUTIME_ID) - start)
        }
        print(Double(best) / 1e6)
    }

    /// Prints the microseconds in which an interpreter is made and has answered.
    private static func fresh(_ repetitions: Int) throws {
        let source = SourceText("1 + 2\n", name: "m")
        try finish(Interpreter(), Compiler.compile(source))
        let start = time(CLOCK_THREAD_CPUTIME_ID)
        for _ in 0..<repetitions { try finish(Interpreter(clock: wallClock), Compiler.compile(source)) }
        print(Double(time(CLOCK_THREAD_CPUTIME_ID) - start) / 1e3 / Double(repetitions))
    }

    private static func finish(_ interpreter: Interpreter, _ program: Compiler.Program) throws {
        try interpreter.start(program, module: "__main__")
        if case .failed(let error) = interpreter.run() { throw error }
    }

    private static func text(of file: String) throws -> Compiler.Program { try Compiler.compile(source(of: file)) }

    private static func source(of file: String) throws -> SourceText {
        guard let stream = fopen(file, "r") else { throw Unreadable(file: file) }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { bytes += buffer[..<count] }
        return SourceText(bytes: bytes, name: file)
    }

    private struct Unreadable: Error {
        let file: String
    }

    private final class Output: Sendable {
        let text = Mutex("")
    }

    private static let wallClock = Clock { time(CLOCK_MONOTONIC) }

    private static func time(_ clock: clockid_t) -> UInt64 {
        var now = timespec()
        clock_gettime(clock, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}
