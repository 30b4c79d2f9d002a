import Synchronization

@testable import DanaLanguage

/// Runs small programs with everything that Dana comes with.
enum DanaAnswer {
    /// The `repr` of an expression's value, or the kind and message of its error.
    static func of(_ expression: String, importing module: String? = nil, limits: Limits = Limits()) throws -> String {
        let start = module.map { "import \($0)\n" } ?? ""
        return try output(of: start + "print(repr(\(expression)), end='')", limits: limits)
    }

    /// What a program prints, and behind it the kind and message of the error it ends with.
    static func output(
        of program: String, limits: Limits = Limits(), time: ProgramTime = .machine
    ) throws -> String {
        let code = try Compiler.compile(SourceText(program, name: "test.na")).code
        let interpreter = try Interpreter(catalogue: .standard, limits: limits, seed: 11)
        interpreter.machine.capabilities = ["random", "clock"]
        interpreter.showTime(time)
        let output = Output()
        interpreter.writeOutput { output.append($0) }
        try interpreter.start(code, module: "main")
        switch interpreter.run() {
        case .finished: return output.text
        case .failed(let error):
            if case .limit(let limit) = error.cause { return output.text + "limit: \(limit)" }
            return output.text + (error.message.isEmpty ? error.kind : "\(error.kind): \(error.message)")
        case .waiting: return output.text + "waits for the host"
        case .sliceOver: return output.text + "slice over"
        }
    }

    private final class Output: Sendable {
        private let bytes = Mutex<[UInt8]>([])

        func append(_ more: [UInt8]) { bytes.withLock { $0 += more } }

        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    }
}
