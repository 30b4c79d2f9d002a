import DanaLanguage
import Glibc
import Synchronization

/// Runs the language for the benchmark: `run REPETITIONS FILE...`, `compile REPETITIONS FILE`, `fresh REPETITIONS`,
/// `save REPETITIONS`, `restore REPETITIONS`, `overrun MILLISECONDS FILE...`. All figures are CPU time of the thread.
@main enum LanguagePeer {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count >= 2, let repetitions = Int(arguments[1]), repetitions > 0 else {
            print("usage: language-peer run|compile|fresh|save|restore|overrun NUMBER [FILE ...]")
            exit(2)
        }
        switch arguments[0] {
        case "run": for file in arguments[2...] { try run(file, repetitions) }
        case "compile": try compile(arguments[2], repetitions)
        case "fresh": try fresh(repetitions)
        case "save": try save(repetitions)
        case "restore": try restore(repetitions)
        case "overrun": for file in arguments[2...] { try overrun(file, milliseconds: repetitions) }
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
        let best = try best(of: repetitions) { try finish(interpreter, call) }
        try finish(interpreter, Compiler.compile(SourceText("print(_value)\n", name: "show")))
        let value = printed.text.withLock { $0 }.filter { !$0.isWhitespace }
        print(value, best)
    }

    private static func compile(_ file: String, _ repetitions: Int) throws {
        let source = try source(of: file)
        print(try best(of: repetitions) { _ = try Compiler.compile(source) })
    }

    /// Prints the microseconds in which an interpreter is made and has answered.
    private static func fresh(_ repetitions: Int) throws {
        let source = SourceText("1 + 2\n", name: "m")
        try finish(Interpreter(), Compiler.compile(source))
        let start = time(CLOCK_THREAD_CPUTIME_ID)
        for _ in 0..<repetitions { try finish(Interpreter(clock: wallClock), Compiler.compile(source)) }
        print(Double(time(CLOCK_THREAD_CPUTIME_ID) - start) / 1e3 / Double(repetitions))
    }

    /// Prints the milliseconds in which a paused program is saved.
    private static func save(_ repetitions: Int) throws {
        let interpreter = try paused()
        print(try best(of: repetitions) { _ = try interpreter.save(key: key) })
    }

    /// Prints the milliseconds in which a saved program is made ready to go on.
    private static func restore(_ repetitions: Int) throws {
        let saved = try paused().save(key: key)
        print(try best(of: repetitions) { _ = try Interpreter.restore(saved, key: key, clock: wallClock) })
    }

    /// A program that waits for its host and holds a megabyte of values: records of numbers, texts and lists.
    private static func paused() throws -> Interpreter {
        let interpreter = try Interpreter(clock: wallClock)
        let empty = interpreter.bytesInUse
        try interpreter.register(hostFunction: "wait")
        try interpreter.start(Compiler.compile(SourceText(records, name: "records")), module: "__main__")
        while case .waiting(let calls) = interpreter.run(), let call = calls.first {
            if interpreter.bytesInUse - empty >= 1 << 20 { return interpreter }
            interpreter.fail(call.identifier, .runtimeError, "more")
        }
        throw Unfit(reason: "the program ends")
    }

    private static let records = """
        records = []
        while true:
            for number in range(20):
                name = f"customer {len(records)}"
                tags = ["new", name.upper(), number]
                records.append({"number": number, "name": name, "score": number / 7, "tags": tags})
            try:
                wait()
            except RuntimeError:
                pass

        """

    private static let key = SealKey.random()

    /// Prints how many milliseconds a program runs on when its time is over, and when it is cancelled then. Its time
    /// begins when it calls `ready()`.
    private static func overrun(_ file: String, milliseconds: Int) throws {
        let program = try text(of: file)
        let allowed = UInt64(milliseconds) * 1_000_000
        var overruns: [Double] = []
        for isCancelled in [false, true] {
            let cancellation = Cancellation()
            let watch = Stopwatch(allowed: isCancelled ? allowed : .max) { cancellation.cancel(reason: "late") }
            var limits = Limits()
            limits.memory = 2 << 30
            limits.executionTime = isCancelled ? 1_000 * allowed : allowed
            let interpreter = try Interpreter(
                limits: limits, clock: Clock { watch.now() }, cancellation: cancellation)
            try interpreter.register(hostFunction: "ready")
            try interpreter.start(program, module: "__main__")
            guard case .waiting(let calls) = interpreter.run(), let call = calls.first else {
                throw Unfit(reason: "\(file) is not ready")
            }
            interpreter.fail(call.identifier, .runtimeError, "go on")
            watch.start()
            guard case .failed = interpreter.run() else { throw Unfit(reason: "\(file) ends by itself") }
            // The interpreter ends after the run that is measured.
            withExtendedLifetime(interpreter) { overruns.append(Double(watch.now() - allowed) / 1e6) }
        }
        print(overruns[0], overruns[1])
    }

    /// A clock of the thread's CPU time that stands until it is started, and does something once when so many
    /// nanoseconds are over; from then on it counts as if that had been in time.
    private final class Stopwatch: Sendable {
        private struct State {
            var began: UInt64?
            var isOver = false
        }

        private let state = Mutex(State())
        private let allowed: UInt64
        private let deed: @Sendable () -> Void

        init(allowed: UInt64, deed: @escaping @Sendable () -> Void) {
            self.allowed = allowed
            self.deed = deed
        }

        func start() { state.withLock { $0.began = time(CLOCK_THREAD_CPUTIME_ID) } }

        func now() -> UInt64 {
            let (reading, isOver) = state.withLock { state in
                guard let began = state.began else { return (UInt64(0), false) }
                let reading = time(CLOCK_THREAD_CPUTIME_ID) - began
                guard reading >= allowed, !state.isOver else { return (reading, false) }
                state.isOver = true
                state.began = began + (reading - allowed)
                return (allowed, true)
            }
            if isOver { deed() }
            return reading
        }
    }

    /// The least milliseconds that a deed takes.
    private static func best(of repetitions: Int, _ deed: () throws -> Void) rethrows -> Double {
        var best = UInt64.max
        for _ in 0..<repetitions {
            let start = time(CLOCK_THREAD_CPUTIME_ID)
            try deed()
            best = min(best, time(CLOCK_THREAD_CPUTIME_ID) - start)
        }
        return Double(best) / 1e6
    }

    private static func finish(_ interpreter: Interpreter, _ program: Compiler.Program) throws {
        try interpreter.start(program, module: "__main__")
        if case .failed(let error) = interpreter.run() { throw error }
    }

    private static func text(of file: String) throws -> Compiler.Program { try Compiler.compile(source(of: file)) }

    private static func source(of file: String) throws -> SourceText {
        guard let stream = fopen(file, "r") else { throw Unfit(reason: "\(file) cannot be read") }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, stream), count > 0 { bytes += buffer[..<count] }
        return SourceText(bytes: bytes, name: file)
    }

    private struct Unfit: Error {
        let reason: String
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
