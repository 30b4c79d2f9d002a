import DanaLanguage
import Glibc
import Synchronization

/// Answers the differential test: reads programs from standard input and says what came of each.
///
/// A program comes as `BYTES\n` and its text. The answer is `OUTPUT KIND MESSAGE LINE\n`, the numbers of bytes of the
/// three and the error's line, and then the three.
@main enum LanguageProbe {
    static func main() {
        var input = Input()
        while let count = input.number(), let text = input.take(count) {
            let outcome = run(SourceText(bytes: text, name: "program"))
            let parts = [outcome.output, Array(outcome.kind.utf8), Array(outcome.message.utf8)]
            write(Array("\(parts.map { String($0.count) }.joined(separator: " ")) \(outcome.line)\n".utf8))
            for part in parts { write(part) }
        }
    }

    private struct Outcome {
        var output: [UInt8] = []
        var kind = ""
        var message = ""
        var line = 0
    }

    private static func run(_ source: SourceText) -> Outcome {
        var outcome = Outcome()
        var limits = Limits()
        limits.ticks = 5_000_000
        limits.memory = 64 << 20
        do {
            let program = try Compiler.compile(source)
            let interpreter = try Interpreter(limits: limits, seed: 1)
            let sink = Sink()
            interpreter.writeOutput { bytes in sink.bytes.withLock { $0 += bytes } }
            try interpreter.start(program, module: "__main__")
            switch interpreter.run() {
            case .finished: break
            case .failed(let error):
                outcome.kind = error.kind
                outcome.message = error.message
                outcome.line = error.stack.last?.start.line ?? 0
            case .waiting, .sliceOver: outcome.kind = "Waiting"
            }
            outcome.output = sink.bytes.withLock(\.self)
        } catch let error as Compiler.Failure {
            outcome.kind = "SyntaxError"
            outcome.message = error.diagnostics.first { $0.severity == .error }?.message ?? ""
            outcome.line = error.diagnostics.first.map { source.place(at: Int($0.range.start)).line } ?? 0
        } catch {
            outcome.kind = "\(error)"
        }
        return outcome
    }

    /// What a program printed.
    private final class Sink: Sendable {
        let bytes = Mutex<[UInt8]>([])
    }

    /// Standard input, read in large pieces.
    private struct Input {
        private var bytes: ArraySlice<UInt8> = []

        /// The number on the next line; nothing at the end.
        mutating func number() -> Int? {
            while true {
                if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { bytes = bytes[(end + 1)...] }
                    return Int(String(decoding: bytes[..<end], as: UTF8.self))
                }
                guard fill() else { return nil }
            }
        }

        mutating func take(_ count: Int) -> [UInt8]? {
            while bytes.count < count {
                guard fill() else { return nil }
            }
            defer { bytes = bytes.dropFirst(count) }
            return Array(bytes.prefix(count))
        }

        private mutating func fill() -> Bool {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            guard count > 0 else { return false }
            bytes = (Array(bytes) + buffer[..<count])[...]
            return true
        }
    }

    private static func write(_ bytes: [UInt8]) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { exit(1) }
            written += count
        }
    }
}
