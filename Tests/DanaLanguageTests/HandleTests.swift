import Testing

@testable import DanaLanguage

/// Objects of the host's in programs: every operation on them is a host call.
@Suite struct HandleTests {
    /// Programs, each with what it prints.
    static let programs: [(text: String, output: String)] = [
        // Operators, both orders, augmented, unary
        ("n = number(7)\nprint(n + 1, 1 + n, n - 2, 10 - n, n * n)", "#8 #8 #5 #3 #49\n"),
        ("n = number(7)\nprint(n / 2, 21 / n, n // 2, 22 // n, n % 4, 9 % n)", "#3 #3 #3 #3 #3 #2\n"),
        ("n = number(3)\nprint(n ** 2, 2 ** n, n << 1, 1 << n, n >> 1, 64 >> n)", "#9 #8 #6 #8 #1 #8\n"),
        ("n = number(6)\nprint(n & 3, 3 & n, n | 1, 1 | n, n ^ 2, 2 ^ n)", "#2 #2 #7 #7 #4 #4\n"),
        ("n = number(6)\nx = 1\nprint(n + x, x + n, n ** x, n & x, n | x)", "#7 #7 #6 #0 #7\n"),
        ("n = number(5)\nn += 1\nn -= 2\nn *= 3\nn //= 2\nx = 2\nx += n\nprint(n, x)", "#6 #8\n"),
        ("n = number(5)\nprint(-n, +n, ~n)", "#-5 #5 #-6\n"),
        ("n = number(5)\nprint(n + number(2), n * 2 ** 1)", "#7 #10\n"),
        // Comparisons, chained, in conditions, with objects for answers
        (
            "n = number(5)\nprint(n < 6, 6 < n, n >= 5, 5 >= n, n == 5, 5 == n, n != 5, n == 'x')",
            "True False True True True True False False\n"
        ),
        ("n = number(5)\nprint(1 < n < 9, 1 < n < 3, n == n, n != n, n is n)", "True False True False True\n"),
        ("n = number(100)\nprint(n < 200, 1 if n < 200 else 2, 1 if n > 200 else 2, not n > 200)", "#1 1 2 True\n"),
        ("i = number(0)\nwhile i < 3:\n    i = i + 1\nprint(i)", "#3\n"),
        ("x = 5\nn = number(5)\nif n == x:\n    print('same')\nif not n != x:\n    print('again')", "same\nagain\n"),
        // Truth
        ("n = number(0)\nprint(not n, n or 3, n and 3, 1 if n else 2, bool(n))", "True 3 #0 2 False\n"),
        ("n = number(2)\nwhile n:\n    n = n - 1\nif not n:\n    print('none left', not n)", "none left True\n"),
        ("assert number(1)\nassert not number(0)\nprint('held')", "held\n"),
        // Attributes and items
        (
            "r = record()\nr.x = 3\nr.x += 1\nprint(r.x)\ndel r.x\ntry:\n    r.x\nexcept AttributeError as e:\n    print(e)",
            "4\na record has no x\n"
        ),
        ("l = list_of(4, 5, 6)\nl[0] = 9\nl[1] += 1\ndel l[2]\nk = 1\nprint(l[0], l[k], l)", "9 6 list[9, 6]\n"),
        (
            "l = list_of(4, 5, 6)\nprint(l[1:3], 5 in l, 7 in l, 7 not in l, number(4) in l)",
            "list[5, 6] True False True True\n"
        ),
        ("l = list_of(1)\nl.push(2, 3)\nprint(l[0], l.push(4), l, len(l))", "1 None list[1, 2, 3, 4] 4\n"),
        // Calls
        ("f = adder()\nprint(f(1, 2), f(1, plus=5, minus=2), f(*[1, 2], **{'plus': 3}), f(*count(0, 4)))", "3 4 6 6\n"),
        ("f = adder()\nprint(5 | f, number(5) | f)", "5 5\n"),
        (
            "def double(x):\n    return x * 2\nprint(number(4) | double, (5 | double | adder()), (double | adder())(3))",
            "#8 10 6\n"
        ),
        ("print(list(map(adder(), [1, 2])), parallel_map(adder(), count(0, 3)))", "[1, 2] [0, 1, 2]\n"),
        // Iteration
        (
            "for x in list_of(1, 2):\n    print(x)\nfor x in count(5, 7):\n    print(x)\nelse:\n    print('end')",
            "1\n2\n5\n6\nend\n"
        ),
        (
            "for x in count(0, 8):\n    if x == 4:\n        break\n    for y in count(x, x + 5):\n        print(x, y, end=';')",
            (0..<4).map { x in (x..<(x + 5)).map { "\(x) \($0);" }.joined() }.joined()
        ),
        (
            "def through(c):\n    for x in c:\n        yield x\nprint(list(through(count(0, 7))), sum(x for x in count(0, 9)))",
            "[0, 1, 2, 3, 4, 5, 6] 36\n"
        ),
        (
            "print([x * x for x in count(0, 4)], {x for x in list_of(2, 2)}, {x: 1 for x in count(0, 2)})",
            "[0, 1, 4, 9] {2} {0: 1, 1: 1}\n"
        ),
        (
            "a, b, c = count(0, 3)\nd, *e = list_of(7, 8, 9)\nprint(a, b, c, d, e, [*count(0, 2), 5], {*count(0, 2)})",
            "0 1 2 7 [8, 9] [0, 1, 5] {0, 1}\n"
        ),
        ("def g():\n    x = yield from count(0, 2)\n    yield from list_of(8)\nprint([x for x in g()])", "[0, 1, 8]\n"),
        ("for x in count(0, 1000):\n    if x == 2:\n        break\nprint(x)", "2\n"),
        (
            "print([p for p in zip(count(0, 9), 'ab')], [p for p in enumerate(count(5, 7))])",
            "[(0, 'a'), (1, 'b')] [(0, 5), (1, 6)]\n"
        ),
        ("print([x for x in map(adder(), count(0, 2))], [x for x in filter(null, count(0, 3))])", "[0, 1] [1, 2]\n"),
        (
            "xs = [0]\nxs.extend(count(1, 3))\nxs += list_of(9)\nprint(xs, '-'.join(map(str, count(0, 3))))",
            "[0, 1, 2, 9] 0-1-2\n"
        ),
        ("s = {1}\ns.update(count(5, 7))\nprint(s | {2}, s.issubset(count(0, 9)))", "{1, 5, 6, 2} True\n"),
        (
            "r = record()\nr.a = 1\nr.b = 2\nd = {'z': 0, **r}\ndef f(**k):\n    return k\nprint(d, f(**r), dict(r))",
            "{'z': 0, 'a': 1, 'b': 2} {'a': 1, 'b': 2} {'a': 1, 'b': 2}\n"
        ),
        // Built-in functions
        (
            "l = list_of(3, 1, 2)\nprint(len(l), sum(l), sum(l, 10), min(l), max(l), any(l), all(l))",
            "3 6 16 1 3 True True\n"
        ),
        (
            "l = list_of(3, 1, 2)\nprint(list(l), sorted(l), sorted(l, reverse=true), sorted(l, key=lambda x: -x), reversed(l))",
            "[3, 1, 2] [1, 2, 3] [3, 2, 1] [3, 2, 1] [2, 1, 3]\n"
        ),
        ("l = list_of(3, 1)\nprint(min(l, key=lambda x: x), max(l, default=0))", "1 3\n"),
        ("n = number(-25)\nprint(abs(n), int(n), round(n), divmod(number(15), 7))", "25 25 #-20 [2, 1]\n"),
        ("import math\nprint(math.sqrt(number(16)), math.fsum(count(0, 4)))", "4.0 6.0\n"),
        (
            "n = number(2)\nprint(type(n), isinstance(n, int), isinstance(n, type(n)), n is None)",
            "<class 'handle'> False True False\n"
        ),
        // Items that only the host can compare or add
        (
            "ns = [number(3), number(1), number(2)]\nfor n in sorted(ns):\n    print(n)\nns.sort(reverse=true)\nprint(*ns)",
            "#1\n#2\n#3\n#3 #2 #1\n"
        ),
        (
            "ns = [number(3), number(1)]\nprint(min(ns), max(ns), max(number(8), 2), sum(ns), any([number(0)]), all(ns))",
            "#1 #3 #8 #4 False True\n"
        ),
        (
            "ns = [2, 1, 3]\nns.sort(key=lambda x: number(x))\nprint(ns, sorted(ns, key=lambda x: number(-x)))",
            "[1, 2, 3] [3, 2, 1]\n"
        ),
        // Text
        (
            "n = number(4)\nprint(str(n), repr(n), f'{n}|{n!r}|{n!s}|{n:>5}|{n!r:>6}|{n!a}', format(n, 'x'))",
            "#4 <#4> #4|<#4>|#4|#4:>5|  <#4>|<#4> #4:x\n"
        ),
        ("n = number(4)\nprint('{}'.format(n), '%s %d' % (n, 1))", "str.format of 2 str.__mod__ of 2\n"),
        ("n = number(4)\nprint('{0.x}'.format(n), '{0[1]}'.format(n))", "str.format of 2 str.format of 2\n"),
        ("n = number(4)\nprint(n, 'a', n, sep='-', end='!')\nprint(*[n, n])", "#4-a-#4!#4 #4\n"),
        (
            "print([number(4)], (record(),), {'k': adder()}, [number(1)] * 2)",
            "[<Number>] (<Record>,) {'k': <Adder>} [<Number>, <Number>]\n"
        ),
        // Containers hold them by what they are
        (
            "n = number(4)\nm = number(4)\nprint(n in [n], m in [n], {n: 1}[n], n in {m}, [n] == [n], [n] == [m], [n].index(n))",
            "True False 1 False True False 0\n"
        ),
        // `with`
        ("r = record()\nwith r as inner:\n    print(inner)\nprint(r.entered, r.left)", "record[\"entered=1\"]\n1 1\n"),
        (
            "r = record()\nwith r:\n    {}['k']\nprint(r.left)\ntry:\n    with r:\n        1 / 0\nexcept ZeroDivisionError:\n    print('not swallowed')",
            "2\nnot swallowed\n"
        ),
        // match
        (
            "match number(5):\n    case 4:\n        print('four')\n    case 5:\n        print('five')\n    case _:\n        print('other')",
            "five\n"
        ),
        ("match list_of(1):\n    case [x]:\n        print('sequence')\n    case x:\n        print(x)", "list[1]\n"),
        // Failures
        (
            "try:\n    number(1) / 0\nexcept ZeroDivisionError as e:\n    print('caught', e)",
            "caught the host divides by zero\n"
        ),
        ("n = number(1)\nprint(n.x)", "TypeError: a number cannot do attribute x"),
        (
            "xs = [1]\nxs.insert(number(0), 5)",
            "TypeError: list.insert() takes no objects of the host's at argument 'index'"
        ),
        (
            "print(sorted(zip([number(2), number(2)])))",
            "TypeError: sorted() cannot compare or convert objects of the host's that an iterator or another value gives; make a list of them"
        ),
        (
            "print([number(1)] < [number(2)])",
            "TypeError: '<' not supported between instances of 'list' and 'list' that hold objects of the host's"
        ),
        ("raise ValueError(number(3))", "ValueError: <Number>"),
    ]

    @Test(arguments: programs) func runs(_ program: (text: String, output: String)) throws {
        let output = try HandleHost.output(of: program.text)
        #expect(output == program.output)
    }

    /// The same programs, saved and restored every few ticks and whenever they wait.
    @Test(arguments: programs) func runsWhenSaved(_ program: (text: String, output: String)) throws {
        let output = try HandleHost.output(of: program.text, isSaved: true)
        #expect(output == program.output)
    }

    /// One statement for each operation, on `h`.
    static let operations = [
        "h.f()", "h(1)", "h.x", "h.x = 1", "del h.x", "h[0]", "h[1:2]", "h[0] = 1", "del h[0]", "1 in h", "1 not in h",
        "h + 1", "1 + h", "h - h", "h * 2.5", "h / 2", "h // 2", "h % 2", "h ** 2", "h << 1", "h >> 1", "h & 1",
        "h | 1",
        "h ^ 1", "h += 1", "h < 1", "1 < h", "h <= 2", "h > 1", "h >= 1", "h == 1", "h != 1",
        "1 if h < 1 else 2", "1 if 2 > h else 2", "-h", "+h", "~h", "not h", "1 if h else 2", "h and 1", "h or 1",
        "while h: pass", "for x in h: pass", "[x for x in h]", "a, b = h", "a, *b = h", "[*h]", "{*h}", "{**h}",
        "f(*h)", "f(**h)", "1 | h", "f'{h}'", "f'{h!r}'", "f'{h:>3}'", "str(h)", "len(h)", "sum(h)", "print(h)",
        "list(h)", "sorted(h)", "max(h)", "[].extend(h)", "' '.join(h)", "[x for x in zip(h, [1])]",
        "[x for x in enumerate(h)]", "'{}'.format(h)", "[1 for _ in [0] if h]",
    ]

    /// Fails in each operation, with the host's own error, and is placed where the operation stands.
    @Test(arguments: operations) func isPlacedWhenItFails(_ operation: String) throws {
        let host = try HandleHost()
        try host.start("def f(*a, **k): pass\nh = broken()\n\(operation)\n")
        let error = try #require(try host.finish())
        #expect(error.kind == "ValueError", "\(error)")
        #expect(error.message.hasPrefix("cannot do "))
        #expect(error.stack.last?.start.line == 3)
        let origin = try #require(error.origin)
        guard case .error(error.message)? = host.things[origin] else {
            Issue.record("the origin is \(String(describing: host.things[origin]))")
            return
        }
        #expect(!host.interpreter.takeReleasedHandles().contains(origin))
        host.interpreter.releaseErrors()
        #expect(host.interpreter.takeReleasedHandles().contains(origin))
    }

    /// Each operation can be caught, and `finally` runs, in generators too.
    @Test(arguments: operations) func isCaughtWhenItFails(_ operation: String) throws {
        let program = """
            def f(*a, **k): pass
            def g():
                h = broken()
                try:
                    \(operation)
                finally:
                    yield "cleaned"
            try:
                for x in g():
                    print(x)
            except ValueError as e:
                print("caught")
            """
        let output = try HandleHost.output(of: program)
        #expect(output == "cleaned\ncaught\n")
    }

    /// A run that is cancelled while it waits for an operation cleans up and ends.
    @Test(arguments: operations) func isCancelledWhileItWaits(_ operation: String) throws {
        let cancellation = Cancellation()
        let host = try HandleHost(cancellation: cancellation)
        try host.start(
            """
            def f(*a, **k): pass
            h = broken()
            try:
                \(operation)
            except ValueError:
                print("caught")
            finally:
                print("cleaned")
            """)
        guard case .waiting(let calls) = host.interpreter.run(), let made = calls.first else {
            Issue.record("the program does not wait")
            return
        }
        host.answer(made)
        guard case .waiting(let waiting) = host.interpreter.run(), let call = waiting.first,
            case .operation = call.request
        else {
            Issue.record("the operation does not wait")
            return
        }
        #expect(host.interpreter.place(of: call)?.start.line == 4)
        cancellation.cancel(reason: "enough")
        guard case .failed(let error) = host.interpreter.run() else {
            Issue.record("the program goes on")
            return
        }
        #expect(error.cause == .cancelled)
        #expect(host.output == "cleaned\n")
        #expect(host.interpreter.pendingCalls.isEmpty)
        host.interpreter.end(call.identifier)
    }
}
