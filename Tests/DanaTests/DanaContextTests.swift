import DanaLanguage
import Foundation
import Testing

@testable import Dana

/// Contexts at work: programs, calls, host functions, cancellation, the end.
@Suite struct DanaContextTests {
    private static func settings(_ change: (inout ContextSettings) -> Void = { _ in }) -> ContextSettings {
        var settings = ContextSettings()
        settings.output = { _ in }
        change(&settings)
        return settings
    }

    @Test func aProgramsLastExpressionIsItsValue() async throws {
        let runtime = DanaRuntime()
        try await runtime.withContext(Self.settings()) { context in
            let value1 = try await context.run("x = 20\nx + 22")
            #expect(value1 == 42)
            let value2 = try await context.run("x = x + 1\nx")
            #expect(value2 == 21)
            let values = try await context.evaluate("[1, 2.5, 'a', None, True, {'k': (1, 2)}]", as: DanaValue.self)
            #expect(values == [1, 2.5, "a", nil, true, .dict([("k", .tuple([1, 2]))])])
        }
    }

    @Test(arguments: [Int.max, Int.min, 1 << 62, -(1 << 62) - 1])
    func anIntegerThatSwiftHoldsIsOne(integer: Int) async throws {
        try await DanaRuntime().withContext(Self.settings()) { context in
            #expect(try await context.evaluate("\(integer)", as: Int.self) == integer)
            #expect(try await context.evaluate("[\(integer)]", as: DanaValue.self) == [.int(integer)])
            let beyond = try await context.evaluate("\(integer) * 4", as: DanaValue.self)
            guard case .bigInt = beyond else {
                Issue.record("\(beyond) is no large integer")
                return
            }
        }
    }

    @Test func theLongestLifeHasNoEnd() async throws {
        try await DanaRuntime().withContext(Self.settings { $0.timeout = .max }) { context in
            let value = try await context.run("6 * 7")
            #expect(value == 42)
        }
    }

    @Test func functionsAreCalledWithTypedValues() async throws {
        let runtime = DanaRuntime()
        try await runtime.withContext(Self.settings()) { context in
            try await context.run("func area(width, height=2):\n    return width * height")
            #expect(try await context.call("area", 10, 5, as: Int.self) == 50)
            #expect(try await context.call("area", 10, keywords: ["height": 3], as: Double.self) == 30)
            let area = try await context.function("area")
            let result: Int = try await area(width: 4)
            #expect(result == 8)
            #expect(area.signature?.parameters.map(\.name) == ["width", "height"])
            #expect(area.signature?.parameters.map(\.defaultText) == [nil, "2"])
            await #expect(throws: DanaFailure.self) { try await context.call("area", as: Int.self) }
            let failure = await #expect(throws: DanaFailure.self) { try await context.call("volume", as: Int.self) }
            #expect(
                failure?.message
                    == "there is no function 'volume' in this context: import its module or define it first")
        }
    }

    @Test func structsAndIteratorsStayInTheirContext() async throws {
        let runtime = DanaRuntime()
        try await runtime.withContext(Self.settings()) { context in
            let value = try await context.run(
                """
                struct Point:
                    x: int
                    y: int = 0
                func (p: Point) scaled(by):
                    return Point(p.x * by, p.y * by)
                Point(3, 4)
                """)
            guard case .object(let point) = value else {
                Issue.record("\(value) is no object")
                return
            }
            #expect(point.typeName == "Point")
            #expect(try await point.get("x", as: Int.self) == 3)
            try await point.set("y", to: 7)
            guard case .object(let larger) = try await point.call("scaled", 2, as: DanaValue.self) else {
                Issue.record("no object")
                return
            }
            #expect(try await larger.get("y", as: Int.self) == 14)

            let stream = try await context.run("(i * i for i in range(5))")
            guard case .object(let numbers) = stream else {
                Issue.record("no iterator")
                return
            }
            var squares: [DanaValue] = []
            for try await value in numbers.values { squares.append(value) }
            #expect(squares == [0, 1, 4, 9, 16])
            try await runtime.withContext(Self.settings()) { other in
                try await other.run("func f(x):\n    return x")
                let failure = await #expect(throws: DanaFailure.self) {
                    try await other.call("f", value, as: DanaValue.self)
                }
                #expect(failure?.kind == "ContextIsolationError")
            }
        }
    }

    @Test func hostFunctionsAreAwaited() async throws {
        let runtime = DanaRuntime()
        try runtime.register("double") { arguments, _ in
            await Task.yield()
            return .int(try Int(arguments[0]) * 2)
        }
        try runtime.register("broken", namespace: "tools") { _, _ in
            throw DanaFailure(.raised(.valueError), kind: "ValueError", "it is broken")
        }
        #expect(throws: DanaFailure.self) { try runtime.register("double") { _, _ in nil } }
        try await runtime.withContext(Self.settings()) { context in
            let value3 = try await context.run("double(4) + double(1)")
            #expect(value3 == 10)
            let value4 = try await context.run("parallel_map(double, [1, 2, 3])")
            #expect(value4 == [2, 4, 6])
        }
    }

    @Test func aHostFunctionMayCallBack() async throws {
        let runtime = DanaRuntime()
        let place = Box()
        try runtime.register("twice") { arguments, _ in
            guard case .function(let function) = arguments[0], let context = place.context else { return nil }
            let first: Int = try await function.call([arguments[1]])
            let value5 = try await context.run("1 + 1")
            #expect(value5 == 2)
            return .int(try await function.call([first]))
        }
        try await runtime.withContext(Self.settings()) { context in
            place.context = context
            let value6 = try await context.run("func add(x):\n    return x + 10\ntwice(add, 1)")
            #expect(value6 == 21)
            place.context = nil
        }
    }

    @Test func whatOutlivesATurnAsksForOneOfItsOwn() async throws {
        let runtime = DanaRuntime()
        let place = Box()
        let (late, lateDone) = AsyncStream.makeStream(of: Task<DanaValue, any Error>.self)
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        try runtime.register("later") { _, _ in
            guard let context = place.context else { return nil }
            lateDone.yield(
                Task {
                    for await _ in gate { break }
                    #expect(!context.core.isInside)
                    return try await context.run("40 + 2")
                })
            #expect(context.core.isInside)
            return nil
        }
        try await runtime.withContext(Self.settings()) { context in
            place.context = context
            try await context.run("later()")
            open.yield()
            for await task in late {
                let value = try await task.value
                #expect(value == 42)
                break
            }
            place.context = nil
        }
    }

    @Test func aCancelledTaskStopsItsProgram() async throws {
        let runtime = DanaRuntime()
        let started = AsyncStream.makeStream(of: Void.self)
        try runtime.register("started") { _, _ in
            started.continuation.yield()
            return nil
        }
        try await runtime.withContext(Self.settings()) { context in
            let task = Task {
                try await context.run(
                    "private:log = []\ntry:\n    started()\n    while True:\n        pass\nfinally:\n    private:log.append('cleaned')"
                )
            }
            for await _ in started.stream { break }
            task.cancel()
            let failure = await #expect(throws: DanaFailure.self) { try await task.value }
            #expect(failure?.cause == .cancelled)
            let value7 = try await context.run("private:log")
            #expect(value7 == ["cleaned"])
        }
    }

    @Test func closingEndsWhatRunsAndWhatWaits() async throws {
        let runtime = DanaRuntime()
        let context = try await runtime.createContext(Self.settings())
        let running = Task { try await context.run("while True:\n    pass") }
        while context.core.tryTurn() {
            context.core.leaveTurn()
            await Task.yield()
        }
        let waiting = Task { try await context.run("1") }
        while context.core.gate.waitingCount == 0 { await Task.yield() }
        await context.close()
        let failure = await #expect(throws: DanaFailure.self) { try await running.value }
        #expect(failure?.cause == .cancelled)
        await #expect(throws: DanaFailure.self) { try await waiting.value }
        await #expect(throws: DanaFailure.self) { try await context.run("1") }
        #expect(context.core.isEnded)
    }

    /// What a context may hold may come to far more outside, where what it shares is copied each time.
    @Test(arguments: [
        ("x = [1]\nfor i in range(60):\n    x = [x, (x, {'x': x})]\nx", "when it is copied out of its context"),
        ("['a' * 1000000] * 1000", "when it is copied out of its context"),
        ("x = []\nx.append(x)\nx", "contains itself"),
    ])
    func whatWouldBeTooMuchOutsideStaysInside(program: String, message: String) async throws {
        let runtime = DanaRuntime()
        try runtime.register("give") { _, _ in nil }
        try await runtime.withContext(Self.settings { $0.limits.memory = 50 << 20 }) { context in
            let failure = await #expect(throws: DanaFailure.self) { try await context.run(program) }
            #expect(failure?.kind == "TypeConversionError")
            #expect(failure?.message.contains(message) == true)
            try await context.run("y = " + (program.split(separator: "\n").last ?? ""))
            await #expect(throws: DanaFailure.self) { try await context.run("give(y)") }
            let value = try await context.run("1 + 1")
            #expect(value == 2)
        }
    }

    @Test func whatAHostFunctionGivesIsLimitedUncaught() async throws {
        let runtime = DanaRuntime()
        try runtime.register("give") { _, _ in .string(String(repeating: "x", count: 10_000_000)) }
        try await runtime.withContext(Self.settings { $0.limits.memory = 1 << 20 }) { context in
            let failure = await #expect(throws: DanaFailure.self) {
                try await context.run("try:\n    give()\nexcept Exception:\n    pass")
            }
            #expect(failure?.cause == .limit(.memory))
            #expect(failure?.stack.map(\.start.line) == [2])
            await #expect(throws: DanaFailure.self) { try await context.run("1") }
        }
    }

    @Test func aLimitClosesTheContextAndNoOther() async throws {
        let runtime = DanaRuntime()
        let other = try await runtime.createContext(Self.settings())
        try await runtime.withContext(Self.settings { $0.limits.ticks = 100_000 }) { context in
            let failure = await #expect(throws: DanaFailure.self) { try await context.run("while True:\n    pass") }
            #expect(failure?.cause == .limit(.ticks))
            await #expect(throws: DanaFailure.self) { try await context.run("1") }
        }
        let value8 = try await other.run("1")
        #expect(value8 == 1)
        await runtime.close()
        await #expect(throws: DanaFailure.self) { try await other.run("1") }
        await #expect(throws: DanaFailure.self) { try await runtime.createContext(Self.settings()) }
    }

    private final class Box: @unchecked Sendable {
        // Safe because a test sets it before the program runs.
        weak var context: DanaContext?
    }
}
