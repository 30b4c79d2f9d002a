import DanaLanguage
import Synchronization
import Testing

@testable import Dana

/// What host calls begin in the context that they work for, and in others.
@Suite struct NestedRunTests {
    private final class Place: @unchecked Sendable {
        // Safe because a test sets it before the program runs.
        var contexts: [DanaContext] = []
    }

    @Test func aNestedRunIsCancelledAlone() async throws {
        let runtime = DanaRuntime()
        let place = Place()
        try runtime.register("impatient") { _, _ in
            let context = place.contexts[0]
            let nested = Task {
                try await context.run("try:\n    while True:\n        pass\nfinally:\n    public:cleaned = 1")
            }
            while context.core.ticks < 1_000_000 { await Task.yield() }
            nested.cancel()
            let failure = await #expect(throws: DanaFailure.self) { try await nested.value }
            #expect(failure?.cause == .cancelled)
            #expect(failure?.message == "the run was cancelled: the task that waited for it was cancelled")
            return .int(40)
        }
        try await runtime.withContext { context in
            place.contexts = [context]
            let value = try await context.run("[impatient() + 2, public:cleaned]")
            #expect(value == [42, 1])
            place.contexts = []
        }
    }

    @Test func whatWaitsIsWokenWhenTheContextIsCancelled() async throws {
        let runtime = DanaRuntime()
        let (waiting, waits) = AsyncStream.makeStream(of: Void.self)
        try runtime.register("endless") { _, _ in
            waits.yield()
            for await _ in AsyncStream<Void>(unfolding: { try? await Task.sleep(nanoseconds: .max) }) {}
            return nil
        }
        try await runtime.withContext { context in
            let run = Task { try await context.run("endless()") }
            for await _ in waiting { break }
            context.core.cancel(reason: "enough")
            let failure = await #expect(throws: DanaFailure.self) { try await run.value }
            #expect(failure?.message == "the run was cancelled: enough")
            let value = try await context.run("1 + 1")
            #expect(value == 2)
        }
    }

    @Test func contextsMayCallIntoEachOther() async throws {
        let runtime = DanaRuntime()
        let place = Place()
        try runtime.register("there") { _, _ in try await place.contexts[1].run("back() + 1") }
        try runtime.register("back") { _, _ in try await place.contexts[0].run("40 + 1") }
        try await runtime.withContext { first in
            try await runtime.withContext { second in
                place.contexts = [first, second]
                let value = try await first.run("there()")
                #expect(value == 42)
                place.contexts = []
            }
        }
    }

    @Test(arguments: [1, 2, 3, 8]) func contextsMayCallIntoEachOtherAgainAndAgain(hops: Int) async throws {
        let runtime = DanaRuntime()
        let place = Place()
        for (number, name) in ["first", "second"].enumerated() {
            try runtime.register("ask_\(name)") { arguments, _ in
                try await place.contexts[number].call("count", arguments[0])
            }
        }
        try await runtime.withContext { first in
            try await runtime.withContext { second in
                place.contexts = [first, second]
                for (context, other) in [(first, "second"), (second, "first")] {
                    try await context.run("func count(n):\n    return 0 if n == 0 else ask_\(other)(n - 1) + 1")
                }
                #expect(try await first.call("count", hops) == hops)
                place.contexts = []
            }
        }
    }

    /// Whoever closes a context from inside what runs in it does not wait for itself.
    @Test(arguments: [true, false]) func aContextIsClosedFromInside(closesRuntime: Bool) async throws {
        let runtime = DanaRuntime()
        let place = Place()
        let context = try await runtime.createContext()
        place.contexts = [context]
        try runtime.register("finish") { _, _ in
            if closesRuntime { await runtime.close() } else { await place.contexts[0].close() }
            return nil
        }
        let failure = await #expect(throws: DanaFailure.self) {
            try await context.run("finish()\nwhile True:\n    pass")
        }
        #expect(failure?.cause == .cancelled)
        #expect(context.core.isEnded)
        place.contexts = []
    }

    @Test func outputAndEventsMayCloseTheContext() async throws {
        let runtime = DanaRuntime()
        let place = Place()
        var settings = ContextSettings()
        settings.output = { _ in #expect(place.contexts.first?.core.closeIfFree() == true) }
        let context = try await runtime.createContext(settings)
        place.contexts = [context]
        _ = await #expect(throws: DanaFailure.self) { try await context.run("print(1)\nwhile True:\n    pass") }
        #expect(context.core.isEnded)
        place.contexts = []
    }

    @Test func whoeverWaitsForTheEndMayGiveUp() async throws {
        let gate = ContextGate()
        #expect(gate.tryEnter())
        gate.close()
        let task = Task { await gate.whenFree() }
        task.cancel()
        await task.value
        #expect(!gate.isClosedAndFree)
        #expect(gate.leave())
    }

    /// What is awaited for `finally` after a cancellation has its own time.
    @Test(arguments: [true, false]) func cleanupMayWaitForAWhile(isLong: Bool) async throws {
        let runtime = DanaRuntime()
        let (waiting, waits) = AsyncStream.makeStream(of: Void.self)
        let cleaned = Mutex(false)
        try runtime.register("endless") { _, _ in
            waits.yield()
            try await Task.sleep(nanoseconds: .max)
            return nil
        }
        try runtime.register("clean", parameters: ["time"]) { (time: Double) in
            try await Task.sleep(for: .seconds(time))
            cleaned.withLock { $0 = true }
            return DanaValue.null
        }
        var settings = ContextSettings()
        if isLong { settings.limits.cleanupTime = 10_000_000 }
        try await runtime.withContext(settings) { context in
            let run = Task {
                try await context.run("try:\n    endless()\nfinally:\n    clean(\(isLong ? 1000 : 0.01))")
            }
            for await _ in waiting { break }
            run.cancel()
            let failure = await #expect(throws: DanaFailure.self) { try await run.value }
            #expect(failure?.cause == (isLong ? .limit(.cleanup) : .cancelled))
        }
        #expect(cleaned.withLock { $0 } == !isLong)
    }

    @Test func lifeIsOverForWhatTakesNoTick() async throws {
        let runtime = DanaRuntime()
        var settings = ContextSettings()
        settings.timeout = 1
        try await runtime.withContext(settings) { context in
            let failure = await #expect(throws: DanaFailure.self) { try await context.run("1") }
            #expect(failure?.cause == .limit(.deadline))
            let later = await #expect(throws: DanaFailure.self) { try await context.run("1") }
            #expect(later?.cause == .closed)
            #expect(later?.message.contains(LimitKind.deadline.message) == true)
        }
    }

    @Test func whatTheHostTakesCounts() async throws {
        let runtime = DanaRuntime()
        try runtime.register("waits") { _, _ in
            // Not cancelled with the context's life: a function that heeds nothing.
            await Task { try? await Task.sleep(for: .milliseconds(60)) }.value
            return nil
        }
        var settings = ContextSettings()
        settings.timeout = 30_000_000
        try await runtime.withContext(settings) { context in
            let failure = await #expect(throws: DanaFailure.self) { try await context.run("waits()\n1 + 1") }
            #expect(failure?.cause == .limit(.deadline))
        }
    }

    @Test func whoIsCancelledIsToldSoInOneForm() async throws {
        let runtime = DanaRuntime()
        let (waiting, waits) = AsyncStream.makeStream(of: Void.self)
        try runtime.register("endless") { _, _ in
            waits.yield()
            try await Task.sleep(nanoseconds: .max)
            return nil
        }
        try await runtime.withContext { context in
            let inFunction = Task { try await context.run("endless()") }
            for await _ in waiting { break }
            let inTurn = Task { try await context.run("1") }
            while context.core.gate.waitingCount == 0 { await Task.yield() }
            for task in [inTurn, inFunction] {
                task.cancel()
                let failure = await #expect(throws: DanaFailure.self) { try await task.value }
                #expect(failure?.cause == .cancelled)
                #expect(failure?.message == "the run was cancelled: the task that waited for it was cancelled")
            }
        }
    }

    @Test func aContextThatNobodyHoldsEndsWhatRunsInIt() async throws {
        let runtime = DanaRuntime()
        var context: DanaContext? = try await runtime.createContext()
        let core = try #require(context?.core)
        let run = Task { try await core.run(SourceText("while True:\n    pass", name: "<dana>"), module: "__main__") }
        while core.ticks == 0 { await Task.yield() }
        context = nil
        let failure = await #expect(throws: DanaFailure.self) { try await run.value }
        #expect(failure?.cause == .cancelled)
        #expect(core.isEnded)
    }
}
