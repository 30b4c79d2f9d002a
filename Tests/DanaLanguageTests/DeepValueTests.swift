import Testing

@testable import DanaLanguage

/// Values a hundred thousand levels deep, made, compared, shown and freed on a small stack, which would not hold a
/// thousandth of them as calls; and a million that are only made and freed. Under a sanitizer, which takes its time,
/// fifty thousand.
@Suite struct DeepValueTests {
    private static let levels = smallStackSize == 256 ? 100_000 : 50_000
    private static let lists = "a = []\nb = []\nfor i in range(\(levels)):\n    a = [a]\n    b = [b]\n"
    private static let tuples = "a = ()\nb = ()\nfor i in range(\(levels)):\n    a = (a,)\n    b = (b,)\n"
    private static let dicts = "a = {}\nb = {}\nfor i in range(\(levels)):\n    a = {1: a}\n    b = {1: b}\n"

    @Test(
        arguments: [
            (
                lists, "[a == b, a < b, len(str(a)), sorted([a, b])[0] is a, a in [b], max(a, b) is a]",
                "[True, False, \(2 * levels + 2), True, True, True]"
            ), (tuples, "[{a: 1}[b], len({a, b}), len(repr(a))]", "[1, 1, \(3 * levels + 2)]"),
            (dicts, "[a == b, len(str(a))]", "[True, \(5 * levels + 2)]"),
            (lists + "import json\n", "json.dumps(a)", "RecursionError: JSON lies more than 1000 levels deep"),
        ])
    func deepValuesTakeNoStack(start: String, expression: String, answer: String) throws {
        #expect(try Self.answer(to: start + expression) == answer)
    }

    @Test func aMillionLevelsAreFreed() throws {
        let count = Self.levels == 100_000 ? 1_000_000 : Self.levels
        #expect(try Self.answer(to: "a = []\nfor i in range(\(count)):\n    a = [a]\ndel a\n1") == "1")
    }

    @Test func whatDiesAtOnceIsDestroyedInPortions() throws {
        let interpreter = try Interpreter(seed: 1)
        try interpreter.register(hostFunction: "ready")
        let empty = interpreter.bytesInUse
        let text =
            "a = [[i] for i in range(50000)]\ntry:\n    ready()\nexcept RuntimeError:\n    pass\ndel a\n"
            + "while true:\n    pass\n"
        try interpreter.start(try Compiler.compile(SourceText(text, name: "many.na")), module: "many")
        guard case .waiting(let calls) = interpreter.run(), let call = calls.first else {
            Issue.record("the program does not wait")
            return
        }
        let full = interpreter.bytesInUse - empty
        interpreter.fail(call.identifier, .runtimeError, "go on")
        guard case .sliceOver = interpreter.run(slice: 10) else {
            Issue.record("the program ends")
            return
        }
        let left = interpreter.bytesInUse - empty
        #expect(left < full && left > full / 2)
        guard case .sliceOver = interpreter.run(slice: 100_000) else {
            Issue.record("the program ends")
            return
        }
        #expect(interpreter.bytesInUse - empty < full / 8)
    }

    @Test func memoryOfWhatDiedServesWhatComesNext() throws {
        let program = "a = []\nfor i in range(100000):\n    a = [a]\ndel a\nlen([0] * 1000000)"
        #expect(try Self.answer(to: program, memory: 16 << 20) == "1000000")
    }

    @Test func aGeneratorAmongManyThatDieIsClosed() throws {
        let program =
            "log = []\ndef g():\n    try:\n        yield 1\n    finally:\n        log.append('closed')\n"
            + "def drop():\n    x = g()\n    for i in x:\n        break\n    a = [x]\n    x = None\n"
            + "    for i in range(50000):\n        a = [a]\n"
            + "drop()\nfor i in range(50000):\n    pass\nlog"
        #expect(try Self.answer(to: program) == "['closed']")
    }

    @Test func jsonOfAMillionLevelsIsRefused() throws {
        let text = "'[' * 1000000 + ']' * 1000000"
        #expect(try Self.answer(to: "import json\njson.loads(\(text))").contains("more than 1000 levels deep"))
    }

    /// What the last line of a program gives, or the error.
    private static func answer(to program: String, memory: Int = 1 << 30) throws -> String {
        try #require(onSmallStack { (try? answerHere(program, memory)) ?? "it does not start" })
    }

    private static func answerHere(_ program: String, _ memory: Int) throws -> String {
        var limits = Limits()
        limits.memory = memory
        let interpreter = try Interpreter(limits: limits, seed: 1)
        try interpreter.start(try Compiler.compile(SourceText(program + "\n", name: "deep.na")), module: "deep")
        switch interpreter.run() {
        case .finished: return try interpreter.text(of: interpreter.result)
        case .failed(let error): return "\(error.kind): \(error.message)"
        case .sliceOver, .waiting: return "it waits"
        }
    }
}
