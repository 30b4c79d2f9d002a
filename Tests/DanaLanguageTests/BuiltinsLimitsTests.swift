import Testing

@testable import DanaLanguage

/// Built-ins that are asked for too much: each stops at a limit before it takes the memory or the time.
@Suite struct BuiltinsLimitsTests {
    private static func limits(memory: Int = 4 << 20, ticks: Int = 50_000) -> Limits {
        var limits = Limits()
        limits.memory = memory
        limits.ticks = ticks
        return limits
    }

    @Test(arguments: [
        #""x" * 10 ** 9"#, "[0] * 10 ** 9", "(0,) * 10 ** 9", #"b"x" * 10 ** 9"#, "list(range(10 ** 9))",
        #"("a" * 1000).replace("a", "b" * 100000)"#, #"("a" * 100000).join(["x"] * 1000)"#,
        #"("," * 100000).join("ab" * 10000)"#, "1 << 10 ** 9", "10 ** 10 ** 8", "bytes(10 ** 9)",
        #"format(1, "1000000000d")"#, #""%1000000000d" % 1"#, #""{:1000000000}".format("x")"#,
        #"format(1.5, ".100000000f")"#, #""x".center(10 ** 9)"#, #""x".ljust(10 ** 9)"#, #""1".zfill(10 ** 9)"#,
        #"("\t" * 1000).expandtabs(10 ** 8)"#, "(5).to_bytes(10 ** 9)", #"tuple("ab" * 10 ** 8)"#,
        #"sorted(range(10 ** 8))"#, #"repr([["x" * 1000] * 100] * 1000)"#,
        #"str({i: "y" * 1000 for i in range(3000)})"#,
        #"set(range(10 ** 8))"#, #"dict.fromkeys(range(10 ** 8))"#,
    ])
    func tooMuchMemoryStopsBeforeItIsTaken(expression: String) throws {
        #expect(try DanaAnswer.of(expression, limits: Self.limits(ticks: 50_000_000)) == "limit: memory")
    }

    @Test(arguments: [
        "sum(range(10 ** 15))", "10 ** 15 in list(range(10)) or max(range(10 ** 15))",
        "any(0 for x in range(10 ** 15))",
        "all(range(1, 10 ** 15))", "min(x for x in range(10 ** 15))", "[0].count(1) or sum(1 for x in range(10 ** 15))",
        "pow(3, 10 ** 6000 + 1, 10 ** 6000 + 7)",
        "list(zip(range(10 ** 15), []))[:0] or sum(map(abs, range(10 ** 15)))",
    ])
    func tooMuchWorkStops(expression: String) throws {
        #expect(try DanaAnswer.of(expression, limits: Self.limits(ticks: 5_000)) == "limit: ticks")
    }

    @Test func printingStopsAtALimitThatNoProgramCatches() throws {
        var limits = Limits()
        limits.output = 10
        let program = "for i in range(9):\n    try:\n        print(i)\n    except:\n        pass"
        #expect(try DanaAnswer.output(of: program, limits: limits) == "0\n1\n2\n3\n4\nlimit: output")
        #expect(try DanaAnswer.output(of: "for i in range(5): print(i)", limits: limits) == "0\n1\n2\n3\n4\n")
    }

    @Test func nestedListsThatDoubleStopAtALimit() throws {
        let start = "a = [0]\nb = [0]\nfor i in range(60):\n    a = [a, a]\n    b = [b, b]\n"
        #expect(try DanaAnswer.output(of: start + "a == b", limits: Self.limits()) == "limit: ticks")
        #expect(try DanaAnswer.output(of: start + "a < b", limits: Self.limits()) == "limit: ticks")
        #expect(
            try DanaAnswer.output(of: start + "str(a)", limits: Self.limits(memory: 1 << 20, ticks: 2_000_000))
                == "limit: memory")
        #expect(
            try DanaAnswer.output(
                of: "import json\n" + start + "json.dumps(a)", limits: Self.limits(memory: 1 << 20, ticks: 2_000_000))
                == "limit: memory")
        #expect(
            try DanaAnswer.output(
                of: "a = (0,)\nfor i in range(60): a = (a, a)\n{a: 1}", limits: Self.limits()) == "limit: ticks")
    }

    @Test func deepValuesAreWrittenWithoutRecursion() throws {
        let program = "a = []\nfor i in range(2000): a = [a]\nprint(len(repr(a)), a == a, end='')"
        #expect(try DanaAnswer.output(of: program) == "4002 True")
    }

    @Test func whatHoldsItselfIsWrittenAsDots() throws {
        let program = """
            a = [1]; a.append(a); d = {}; d["d"] = d; d["a"] = a
            print(a, d, [a, a], end='')
            """
        #expect(
            try DanaAnswer.output(of: program) == "[1, [...]] {'d': {...}, 'a': [1, [...]]} [[1, [...]], [1, [...]]]")
    }

    @Test func iteratorsDoNotNestWithoutEnd() throws {
        let program = "x = [1]\nfor i in range(1000): x = enumerate(x)"
        #expect(
            try DanaAnswer.output(of: program) == "RecursionError: iterators lie more than 64 deep in one another")
    }

    @Test func searchesOfHostilePatternsStayLinear() throws {
        let program = """
            import text
            print(text.search("(a*)*b", "a" * 2000), text.match("(a|aa)+$", "a" * 1000 + "b"), end='')
            """
        #expect(try DanaAnswer.output(of: program) == "None None")
    }
}
