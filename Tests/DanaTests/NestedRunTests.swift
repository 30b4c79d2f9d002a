import DanaLanguage
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
