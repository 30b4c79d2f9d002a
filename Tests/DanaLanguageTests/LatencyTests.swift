import Synchronization
import Testing

@testable import DanaLanguage

/// Built-ins with much to do look at the clock and at cancellation again and again, not only before they begin.
@Suite struct LatencyTests {
    /// A clock that counts how often it is read.
    private final class Readings: Sendable {
        let count = Atomic<Int>(0)
    }

    /// A hundred ticks between two looks are enough work for a test; programs have two thousand.
    private static let limits = {
        var limits = Limits()
        limits.stride = 100
        return limits
    }()

    @Test(arguments: [
        ("s = 'ab' * 60000", "s.replace('a', 'xyz')"), ("s = 'ab' * 200000", "s.find('abc')"),
        ("s = 'ab' * 200000", "'abc' in s"), ("s = 'ab' * 200000", "s.rfind('aab')"),
        ("s = 'ab' * 200000", "s.count('ab')"), ("s = 'ab ' * 6000", "s.split()"), ("s = 'ab,' * 6000", "s.split(',')"),
        ("s = 'ab' * 200000", "s.upper()"), ("s = 'äb' * 10000", "s.upper()"), ("s = ' ' * 400000", "s.strip()"),
        ("s = 'ab' * 200000", "s.isalpha()"), ("s = 'ä' * 60000", "s[30000]"), ("x = ['abc'] * 30000", "','.join(x)"),
        ("x = [i * 7919 % 100003 for i in range(10000)]", "sorted(x)"),
        ("p = 'a' * 2000\nx = [p + str(i * 7919 % 101) for i in range(100)]", "sorted(x)"),
        ("x = list(range(60000))", "x[1:]"), ("x = list(range(60000))", "x.reverse()"), ("", "[0] * 60000"),
        ("x = [0] * 300000", "x.insert(0, 1)"), ("x = [0] * 300000", "x.pop(0)"), ("x = [0] * 300000", "del x[:3]"),
        ("x = [0] * 300000", "del x[::2]"), ("", "'abc' * 1000000"), ("", "list(range(60000))"),
        ("x = {i: i for i in range(6000)}", "x.copy()"), ("x = [(i, i) for i in range(6000)]", "dict(x)"),
        ("x = set(range(6000))\ny = set(range(3000, 9000))", "x & y"), ("x = list(range(30000))", "sum(x) or max(x)"),
        ("x = list(range(256)) * 200", "bytes(x)"), ("import text\ns = 'ab' * 30000", "text.findall('x', s)"),
        ("x = 7 ** 4000", "x * x * x"), ("x = (1 << 2000000) // 3", "x << 13"),
        ("x = 3 ** 6000\nimport math", "math.gcd(x, 7 ** 3500)"), ("s = 'f' * 30000", "int(s, 16)"),
        ("x = (1 << 120000) // 3", "hex(x)"), ("x = (1 << 200000) // 3\ny = (1 << 100000) // 7", "x // y"),
        ("", "'{:>20000000}'.format('x')"), ("s = 'ab' * 10000000", "s + 'x'"),
        ("s = 'ab' * 10000000\nt = 'x'", "t += s"), ("x = b'ab' * 10000000", "x + x"),
        ("x = b'ab' * 10000000", "x[1:]"), ("x = b'ab' * 100000", "x[::2]"), ("x = [0] * 30000", "x + x"),
        ("x = [0] * 30000\ny = []", "y += x"), ("x = [0] * 30000\ny = [1, 1]", "y[:1] = x"),
        ("x = (0,) * 30000", "x + x"),
        ("x = (0,) * 30000", "x[1:]"), ("", "(0,) * 120000"), ("s = 'ab' * 30000", "s[::2]"),
        ("s = 'äb' * 30000", "s[::2]"),
    ])
    func longDeedsLookAtLimitsAgainAndAgain(setup: String, deed: String) throws {
        let readings = Readings()
        let interpreter = try Interpreter(
            catalogue: .standard, limits: Self.limits,
            clock: Clock { UInt64(readings.count.wrappingAdd(1, ordering: .relaxed).newValue) }, seed: 1)
        try interpreter.register(hostFunction: "ready")
        let text = "\(setup)\ntry:\n    ready()\nexcept RuntimeError:\n    pass\n\(deed)\n"
        try interpreter.start(Compiler.compile(SourceText(text, name: "main.na")).code, module: "main")
        guard case .waiting(let calls) = interpreter.run(), let call = calls.first else {
            Issue.record("the program does not wait")
            return
        }
        interpreter.fail(call.identifier, .runtimeError, "go on")
        let before = readings.count.load(ordering: .relaxed)
        guard case .finished = interpreter.run() else {
            Issue.record("the program does not end")
            return
        }
        // Once when the run ends, and several times before.
        #expect(readings.count.load(ordering: .relaxed) - before >= 5)
    }
}
