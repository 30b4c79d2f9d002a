import DanaData
import Foundation
import Testing

@testable import DanaLanguage

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

/// What an algorithm writes, checked against what its counter says of it.
func written(_ write: (inout [UInt8]) -> Void, counted count: (inout ByteCounter) -> Void) -> String {
    var bytes: [UInt8] = []
    write(&bytes)
    var counter = ByteCounter()
    count(&counter)
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(counter.bytes == bytes.count)
    #expect(counter.scalars == text.unicodeScalars.count || text.contains("\u{FFFD}"))
    return text
}

extension String {
    /// This text's bytes as a view for the time of a call.
    func withView<Result>(_ body: (ByteView) throws -> Result) rethrows -> Result {
        var copy = self
        return try copy.withUTF8 { try body(ByteView($0)) }
    }
}
