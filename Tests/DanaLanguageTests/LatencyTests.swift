import Synchronization
import Testing

@testable import DanaLanguage

/// Built-ins with much to do look at the clock and at cancellation again and again, not only before they begin.
@Suite struct LatencyTests {
    /// A clock that counts how often it is read.
    private final class Readings: Sendable {
        let count = Atomic<Int>(0)
    }

    @Test(arguments: [
        ("s = 'ab' * 600000", "s.replace('a', 'xyz')"), ("s = 'ab' * 600000", "s.find('abc')"),
        ("s = 'ab' * 600000", "'abc' in s"), ("s = 'ab' * 600000", "s.rfind('aab')"),
        ("s = 'ab' * 600000", "s.count('ab')"), ("s = 'ab ' * 60000", "s.split()"),
        ("s = 'ab,' * 60000", "s.split(',')"), ("s = 'ab' * 600000", "s.upper()"), ("s = 'äb' * 100000", "s.upper()"),
        ("s = ' ' * 1200000", "s.strip()"), ("s = 'ab' * 600000", "s.isalpha()"), ("s = 'ä' * 600000", "s[300000]"),
        ("x = ['abc'] * 300000", "','.join(x)"), ("x = [i * 7919 % 100003 for i in range(100000)]", "sorted(x)"),
        ("p = 'a' * 20000\nx = [p + str(i * 7919 % 101) for i in range(100)]", "sorted(x)"),
        ("x = list(range(1000000))", "x[1:]"), ("x = list(range(1000000))", "x.reverse()"), ("", "[0] * 1000000"),
        ("", "'abc' * 10000000"), ("", "list(range(1000000))"), ("x = {i: i for i in range(100000)}", "x.copy()"),
        ("x = set(range(100000))\ny = set(range(50000, 150000))", "x & y"),
        ("x = list(range(600000))", "sum(x) or max(x)"),
        ("import text\ns = 'ab' * 300000", "text.findall('x', s)"), ("x = 7 ** 20000", "x * x * x"),
    ])
    func longDeedsLookAtLimitsAgainAndAgain(setup: String, deed: String) throws {
        let readings = Readings()
        let interpreter = try Interpreter(
            catalogue: .standard,
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
        // Once when the run begins, once when it ends, and several times between.
        #expect(readings.count.load(ordering: .relaxed) - before >= 5)
    }
}
