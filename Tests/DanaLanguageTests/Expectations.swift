import DanaData
import Foundation
import Testing

/// What CPython answers: the cases that the scripts in `Tests/Expectations` wrote.
enum Expectations {
    /// The cases of a file. Each is an operation's arguments with the answer at the end.
    static func cases(_ name: String) throws -> [[TapeValue]] {
        let here = URL(filePath: #filePath).resolvingSymlinksInPath()
        let file = here.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Expectations/\(name).jsonl")
        let cases = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
            let tape = try JSONReader.read(String(line), limits: JSONReader.Limits(integerDigits: 100_000))
            return Array(try #require(tape.root.array))
        }
        try #require(!cases.isEmpty)
        return cases
    }
}
