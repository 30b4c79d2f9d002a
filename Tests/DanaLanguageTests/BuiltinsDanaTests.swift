import Testing

@testable import DanaLanguage

/// What the built-ins do that Python's do not, or do otherwise.
@Suite struct BuiltinsDanaTests {
    @Test(arguments: [
        ("len(5)", "len() expects a list, dict, str, tuple, set, range or bytes at argument 'obj', got int"),
        (
            "sum(5)",
            "sum() expects a list, tuple, str, dict, set, range or other iterable at argument 'iterable', got int"
        ),
        (
            "sorted(None)",
            "sorted() expects a list, tuple, str, dict, set, range or other iterable at argument 'iterable', got NoneType"
        ),
        (
            "max(5)",
            "max() expects a list, tuple, str, dict, set, range or other iterable at argument 'iterable', got int"
        ),
        ("abs([])", "abs() expects int or float at argument 'x', got list"),
        ("chr('a')", "chr() expects int at argument 'code', got str"),
        ("'a'.split(5)", "str.split() expects str or None at argument 'sep', got int"),
        ("'a'.replace('a', 1)", "str.replace() expects str at argument 'new', got int"),
        ("[].insert('a', 1)", "list.insert() expects int at argument 'index', got str"),
        ("isinstance(1, 'int')", "isinstance() expects a type or a tuple of types at argument 'type', got str"),
        ("range('a')", "range() expects int at argument 'stop', got str"),
        ("range('a', 1)", "range() expects int at argument 'start', got str"),
        ("hex(1.5)", "hex() expects int at argument 'number', got float"),
        ("{}.update(5)", "dict.update() expects a dict or an iterable of pairs at argument 'other', got int"),
        ("print(sep=5)", "print() expects str or None at argument 'sep', got int"),
    ])
    func argumentErrorsHaveOneForm(expression: String, message: String) throws {
        #expect(try DanaAnswer.of(expression) == "TypeError: " + message)
    }

    @Test(arguments: BlockedNames.all.map(\.name))
    func blockedNamesAreRefusedWhereTheyAreRead(name: String) throws {
        let answer = try DanaAnswer.output(of: name)
        #expect(answer.hasPrefix("SecurityError: '\(name)' is blocked ("))
        #expect(try DanaAnswer.output(of: "func \(name)(x): return x + 1\nprint(\(name)(1), end='')") == "2")
    }

    @Test func theReportListsEveryBlockedName() throws {
        let program = "r = security_report()\nprint(len(r), sorted(r['eval']), end='')"
        #expect(
            try DanaAnswer.output(of: program)
                == "\(BlockedNames.all.count) ['alternative', 'explanation', 'reason']")
    }

    @Test func namesOfThePreludeStayHidden() throws {
        #expect(try DanaAnswer.of("_sum") == "NameError: name '_sum' is not defined")
        #expect(try DanaAnswer.of("_next") == "NameError: name '_next' is not defined")
        #expect(try DanaAnswer.of("json._dumps", importing: "json").hasPrefix("AttributeError"))
    }

    @Test func generatorsAreTakenOnlyAsFarAsNeeded() throws {
        let program = """
            taken = []
            def numbers():
                n = 0
                while true:
                    taken.append(n)
                    yield n
                    n += 1
            print(any(x > 2 for x in numbers()), all(x < 2 for x in numbers()), len(taken))
            taken.clear()
            print(list(zip(numbers(), range(3))), len(taken))
            taken.clear()
            print(list(zip(range(3), numbers())), len(taken))
            taken.clear()
            for i, x in enumerate(numbers()):
                if i == 2: break
            print(len(taken))
            taken.clear()
            for x in map(lambda x: x * 10, filter(lambda x: x % 2, numbers())):
                if x > 30: break
            print(x, len(taken), end='')
            """
        let answer = """
            True False 7
            [(0, 0), (1, 1), (2, 2)] 4
            [(0, 0), (1, 1), (2, 2)] 3
            3
            50 6
            """
        #expect(try DanaAnswer.output(of: program) == answer)
    }

    @Test func errorsInCallbacksStandWhereTheyAre() throws {
        let code = try Compiler.compile(SourceText("x = sorted([1, 2],\n    key=lambda x: x.z)", name: "test.na")).code
        let interpreter = try Interpreter(catalogue: .standard, seed: 1)
        try interpreter.start(code, module: "main")
        guard case .failed(let error) = interpreter.run() else {
            Issue.record("the program did not fail")
            return
        }
        #expect(error.stack.map(\.source) == ["test.na", "test.na"])
        #expect(error.stack.map(\.start.line) == [1, 2])
    }

    @Test func sortingIsStableWhateverTheKeys() throws {
        let program = """
            import random
            random.seed(5)
            items = [(random.randint(0, 20), i) for i in range(2000)]
            ok = true
            for key in [lambda p: p[0], lambda p: p[0] / 2, lambda p: str(p[0]), lambda p: (p[0],), lambda p: 2 ** 70 * p[0]]:
                for reverse in [false, true]:
                    done = sorted(items, key=key, reverse=reverse)
                    for a, b in zip(done, done[1:]):
                        if key(a) == key(b):
                            ok = ok and a[1] < b[1]
                        else:
                            ok = ok and (key(a) > key(b)) == reverse
                    ok = ok and len(set(done)) == 2000
            print(ok, end='')
            """
        #expect(try DanaAnswer.output(of: program) == "True")
    }

    @Test func aSeedDeterminesTheNumbers() throws {
        let program = """
            import random
            random.seed("s")
            a = [random.random(), random.randint(1, 6), random.choice("abc"), random.sample(range(100), 3)]
            random.seed("s")
            print(a == [random.random(), random.randint(1, 6), random.choice("abc"), random.sample(range(100), 3)])
            values = [random.random() for _ in range(1000)]
            print(min(values) >= 0, max(values) < 1, 0.4 < sum(values) / 1000 < 0.6, end='')
            """
        #expect(try DanaAnswer.output(of: program) == "True\nTrue True True")
    }

    @Test func randomIntegersMayBeOfAnySize() throws {
        let program = """
            import random
            def told(f):
                try: return f()
                except Exception as e: return str(e)
            print(all([-10**30 <= random.randint(-10**30, 10**30) <= 10**30 for _ in range(100)]))
            print(set([random.randrange(10, 0, -3) for _ in range(200)]) == {10, 7, 4, 1}, random.randint(5, 5))
            print(set([random.randrange(1, 8, 3) for _ in range(200)]) == {1, 4, 7}, random.randrange(10**20, 10**20 + 1))
            print(told(lambda: random.randint(1.5, 2)), told(lambda: random.randint(2, 1)), sep="; ")
            print(told(lambda: random.randrange(1, "2")), told(lambda: random.randrange(1, 2, 0)), sep="; ", end='')
            """
        #expect(
            try DanaAnswer.output(of: program) == """
                True
                True 5
                True 100000000000000000000
                randint() expects an int at argument 'a', got float; empty range in randint(2, 1)
                randrange() expects an int at argument 'stop', got str; zero step for randrange()
                """)
    }

    @Test(arguments: ["random", "time"])
    func someModulesNeedACapability(name: String) throws {
        let code = try Compiler.compile(SourceText("import \(name)", name: "test.na")).code
        let interpreter = try Interpreter(catalogue: .standard, seed: 1)
        try interpreter.start(code, module: "main")
        guard case .failed(let error) = interpreter.run() else {
            Issue.record("the import was granted")
            return
        }
        #expect(error.kind == "CapabilityError")
    }

    @Test(arguments: [
        (1_700_000_000.5, "1700000000.5 1700000000500000000 1700000000.5 1700000000.5 1700000000500000000"),
        (0, "0.0 0 0.0 0.0 0"),
        (-1e300, "-1e+300 -9223372036854775808 -1e+300 -1e+300 -9223372036854775808"),
    ])
    func timeStandsWhereTheHostSetsIt(seconds: Double, shown: String) throws {
        let program = """
            import time
            print(time.time(), time.time_ns(), time.monotonic(), time.perf_counter(), time.monotonic_ns(), end='')
            """
        #expect(try DanaAnswer.output(of: program, time: .fixed(seconds: seconds)) == shown)
        let real = "import time\nprint(time.time() > 1e9, time.monotonic_ns() > 0, end='')"
        #expect(try DanaAnswer.output(of: real) == "True True")
    }

    @Test(arguments: [
        (#"text.search("[0-9]+", "abc 123").group()"#, "'123'"),
        (#"text.search("(?P<k>\\w+)=(\\d+)", "x=1").groupdict()"#, "{'k': 'x'}"),
        (#"text.match("a(b)?(c)?", "ac").groups()"#, "(None, 'c')"),
        (#"text.search("é+", "aééb").span()"#, "(1, 3)"),
        (#"text.findall("(a)(b)?", "ab a")"#, "[('a', 'b'), ('a', '')]"),
        (#"text.split("(,) *", "a, b,c")"#, "['a', ',', 'b', ',', 'c']"),
        (#"text.sub("(\\w+)@(\\w+)", "\\2 at \\1", "me@home")"#, "'home at me'"),
        (#"text.sub("\\d+", lambda m: str(int(m.group()) * 2), "a1b22")"#, "'a2b44'"),
        (#"text.subn("a", "b", "aaa", 2)"#, "('bba', 2)"),
        (#"[m.start() for m in text.finditer("a", "banana")]"#, "[1, 3, 5]"),
        (#"text.compile("A+", text.IGNORECASE).fullmatch("aAa").end()"#, "3"),
        (#"(text.matches("a*b", "aaab"), text.matches("a*b", "aaac"))"#, "(True, False)"),
        (#"text.escape("a.b*c")"#, #"'a\\.b\\*c'"#),
        (#"text.search("(", "")"#, "ValueError: regular expression: missing ), unterminated subpattern at position 0"),
        (#"text.search("a", "a").group(1)"#, "IndexError: no such group"),
    ])
    func regularExpressions(expression: String, answer: String) throws {
        #expect(try DanaAnswer.of(expression, importing: "text") == answer)
    }
}
