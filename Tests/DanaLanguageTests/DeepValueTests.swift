import Testing

@testable import DanaLanguage

/// Values a million levels deep, made, compared, shown and freed on a stack of 256 KB.
@Suite struct DeepValueTests {
    private static let lists = "a = []\nb = []\nfor i in range(1000000):\n    a = [a]\n    b = [b]\n"
    private static let tuples = "a = ()\nb = ()\nfor i in range(1000000):\n    a = (a,)\n    b = (b,)\n"
    private static let dicts = "a = {}\nb = {}\nfor i in range(1000000):\n    a = {1: a}\n    b = {1: b}\n"

    @Test(
        arguments: [
            (lists, "a == b", "True"), (lists, "a < b", "False"), (lists, "len(str(a))", "2000002"),
            (lists, "sorted([a, b]) == [b, a]", "True"), (lists, "a in [b]", "True"), (lists, "max(a, b) == b", "True"),
            (tuples, "{a: 1}[b]", "1"), (tuples, "len({a, b})", "1"), (tuples, "len(repr(a))", "3000002"),
            (dicts, "a == b", "True"), (dicts, "len(str(a))", "5000002"),
        ])
    func aMillionLevels(start: String, expression: String, answer: String) throws {
        #expect(try Self.answer(to: start + expression) == answer)
    }

    @Test func jsonRefusesAMillionLevels() throws {
        let deep = "ValueError: JSON lies more than 1000 levels deep"
        #expect(try Self.answer(to: "import json\n" + Self.lists + "json.dumps(a)") == deep)
        let text = "'[' * 1000000 + ']' * 1000000"
        #expect(try Self.answer(to: "import json\njson.loads(\(text))").contains("more than 1000 levels deep"))
    }

    @Test func aMillionLevelsAreFreedWhereverTheyHang() throws {
        let ways = ["a = null\n1", "del a\n1", "def f():\n    c = b\n    raise ValueError\ntry: f()\nexcept ValueError: 1\n1"]
        for way in ways { #expect(try Self.answer(to: Self.lists + way) == "1") }
    }

    /// What the last line of a program gives, or the error.
    private static func answer(to program: String) throws -> String {
        try #require(onSmallStack { (try? answerHere(program)) ?? "it does not start" })
    }

    private static func answerHere(_ program: String) throws -> String {
        var limits = Limits()
        limits.memory = 1 << 30
        let interpreter = try Interpreter(limits: limits, seed: 1)
        try interpreter.start(try Compiler.compile(SourceText(program + "\n", name: "deep.na")), module: "deep")
        switch interpreter.run() {
        case .finished: return try interpreter.text(of: interpreter.result)
        case .failed(let error): return "\(error.kind): \(error.message)"
        case .sliceOver, .waiting: return "it waits"
        }
    }
}
