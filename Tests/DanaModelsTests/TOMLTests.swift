import Testing
import ValueGenerator

@testable import DanaModels

/// TOML that is read, and TOML that is refused.
@Suite struct TOMLTests {
    @Test(arguments: [
        ("a = 1", ["a": TOMLValue.integer(1)]),
        ("a = -1_000\r\nb = 0xff # comment\n", ["a": .integer(-1000), "b": .integer(255)]),
        ("a = 1.5\nb = -2e3\nc = inf", ["a": .float(1.5), "b": .float(-2000), "c": .float(.infinity)]),
        ("a = true\nb = false", ["a": .boolean(true), "b": .boolean(false)]),
        (#"a = "x\n\u00e9\"y""#, ["a": .text("x\n\u{e9}\"y")]),
        (#"a = 'c:\x' # y"#, ["a": .text(#"c:\x"#)]),
        ("a = \"\"\"\nx\\\n   y\"\"\"\"", ["a": .text("xy\"")]),
        ("a = '''\n'x'\n'''", ["a": .text("'x'\n")]),
        ("a = [1, 'b', # c\n [2],\n]", ["a": .array([.integer(1), .text("b"), .array([.integer(2)])])]),
        ("a = {b = 1, c.d = 'x'}", ["a": .table(["b": .integer(1), "c": .table(["d": .text("x")])])]),
        ("a = {}\nb = []", ["a": .table([:]), "b": .array([])]),
        ("[a.b]\nc = 1\n[a]\nd = 2", ["a": .table(["b": .table(["c": .integer(1)]), "d": .integer(2)])]),
        ("a.\"b c\".1 = 2", ["a": .table(["b c": .table(["1": .integer(2)])])]),
        (
            "[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2",
            ["a": .array([.table(["b": .integer(1)]), .table(["c": .table(["d": .integer(2)])])])]
        ),
        ("\n# only a comment\n", [:]),
    ])
    func documentsAreRead(text: String, expected: [String: TOMLValue]) throws {
        #expect(try TOMLReader.read(text) == expected)
    }

    @Test(arguments: [
        ("a", 1), ("a =", 1), ("a = x", 1), ("\na = 1 b = 2", 2), ("a = 1\na = 2", 2), ("[a]\n[a]", 2),
        ("a = 1\n[a]", 2),
        ("a = [1 2]", 1), ("a = \"x", 1), ("a = \"x\ny\"", 1), (#"a = "\q""#, 1), (#"a = "\ud800""#, 1), ("a = 01", 1),
        ("a = 1__0", 1), ("a = 2024-01-01", 1), ("[a", 1), ("[[a]", 1), ("= 1", 1), ("a = {b = 1", 1),
        ("a = {b = 1,}", 1),
        ("a = 1\na.b = 2", 2), ("a = {b = 1}\na.c = 2", 2), ("[[a]]\n[a]", 2), ("a = 99999999999999999999", 1),
        ("a = 0x-1", 1), ("a = --1", 1),
    ])
    func otherTextsAreRefused(text: String, line: Int) {
        let error = #expect(throws: TOMLError.self) { try TOMLReader.read(text) }
        #expect(error?.line == line)
    }

    @Test func depthIsBounded() {
        #expect(throws: TOMLError.self) { try TOMLReader.read("a = " + String(repeating: "[", count: 100_000)) }
        #expect(throws: TOMLError.self) { try TOMLReader.read("a" + String(repeating: ".a", count: 1000) + " = 1") }
    }

    @Test(arguments: 0..<300) func noTextStopsTheReader(seed: UInt64) {
        var random = Generator(seed: seed)
        let words = [
            "a", ".", "=", "[", "]", "[[", "]]", "{", "}", "\"", "'", "\"\"\"", "'''", "\\", "\n", " ", "#", "1", "_",
            "-", "0x", "e", ",", "true", "\u{e9}", "\r",
        ]
        let text = (0..<60).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }.joined()
        _ = try? TOMLReader.read(text)
    }
}
