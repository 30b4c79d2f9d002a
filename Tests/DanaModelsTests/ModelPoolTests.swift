import DanaData
import DanaPools
import Synchronization
import Testing

@testable import DanaModels

/// Models that are lent: who may ask, what is told of it, and what is left behind.
@Suite struct ModelPoolTests {
    private final class Events: Sendable {
        private let list = Mutex<[ModelCallEvent]>([])
        var all: [ModelCallEvent] { list.withLock { $0 } }
        func add(_ event: ModelCallEvent) { list.withLock { $0.append(event) } }
    }

    private func pool(
        size: Int = 2, _ events: Events = Events(), _ model: any LanguageModel = FakeModel("fake/m")
    ) throws -> ModelPool {
        var limits = PoolLimits()
        limits.maxSize = size
        return try ModelPool("m", limits: limits, listener: { events.add($0) }, model: { _ in model })
    }

    @Test func aCallBorrowsAPlaceAndTellsOfItself() async throws {
        let events = Events()
        let pool = try pool(events)
        let answer = try await pool.answer(ModelQuestion("hello"))
        #expect(answer.text == "fake/m" && answer.model == "fake/m" && answer.usage.total == 15)
        #expect(pool.statistics.leased == 0 && pool.statistics.totals.lent == 1)
        let event = try #require(events.all.first)
        #expect(event.operation == .chat && event.name == "m" && event.error == nil && event.usage.output == 5)
        #expect(event.traceID == answer.traceID && event.traceID.description.utf8.count == 32)
        #expect(event.timing.total >= event.timing.queued)
    }

    @Test func noTextsAreNotAskedFor() async throws {
        let events = Events()
        let pool = try pool(events)
        #expect(try await pool.embed([]) == [])
        #expect(try await pool.lease().embed([]) == [])
        #expect(events.all.isEmpty)
    }

    @Test func aLeaseKeepsItsPlaceUntilItIsReleased() async throws {
        let pool = try pool(size: 1)
        let lease = try await pool.lease()
        #expect(pool.statistics.leased == 1 && pool.tryLease() == nil)
        _ = try await lease.answer(ModelQuestion("a"))
        lease.release()
        lease.release()
        #expect(lease.isReleased && pool.statistics.leased == 0)
        let failure = await Conversation.failure { () throws(ModelError) in
            _ = try await lease.answer(ModelQuestion("b"))
        }
        #expect(failure?.message == "this lease of the model was given back: take another one")
    }

    @Test func aStreamGivesItsPlaceBackHoweverItEnds() async throws {
        let events = Events()
        let pool = try pool(size: 1, events)
        let whole = try await pool.stream(ModelQuestion("a"))
        #expect(pool.statistics.leased == 1 && whole.answer == nil)
        for try await _ in whole {}
        #expect(pool.statistics.leased == 0 && whole.answer?.text == "fake/m")
        #expect(whole.answer?.timing.firstToken != nil)
        let left = try await pool.stream(ModelQuestion("a"))
        left.close()
        left.close()
        #expect(pool.statistics.leased == 0)
        _ = try await pool.stream(ModelQuestion("a"))
        #expect(pool.statistics.leased == 0, "one that nobody holds any more")
        #expect(events.all.map(\.error?.code) == [nil, .cancelled, .cancelled])
    }

    @Test func aStreamThatBreaksTellsWhatWasWrong() async throws {
        let events = Events()
        let cause = ModelError(.streamTruncated, "cut", model: "fake")
        let pool = try pool(size: 1, events, FakeModel("fake", [.broken(["one"], cause)]))
        let stream = try await pool.stream(ModelQuestion("a"))
        var pieces: [String] = []
        await #expect(throws: ModelError.self) {
            for try await case .text(let piece) in stream { pieces.append(piece) }
        }
        #expect(pieces == ["one"] && stream.answer == nil && pool.statistics.leased == 0)
        #expect(events.all.map(\.error?.code) == [.streamTruncated])
    }

    @Test func whoWaitsCanBeCancelled() async throws {
        let pool = try pool(size: 1)
        let lease = try await pool.lease()
        let waiting = Task { try await pool.answer(ModelQuestion("a")) }
        while pool.statistics.waiting == 0 { await Task.yield() }
        waiting.cancel()
        let failure = await #expect(throws: ModelError.self) { try await waiting.value }
        #expect(failure?.code == .cancelled && pool.statistics.waiting == 0)
        lease.release()
        _ = try await pool.answer(ModelQuestion("a"))
    }

    @Test func aWaitThatIsTooLongSaysSo() async throws {
        let pool = try pool(size: 1)
        let lease = try await pool.lease()
        defer { lease.release() }
        var question = ModelQuestion("a")
        question.options.timeout = .milliseconds(1)
        let late = question
        let failure = await Conversation.failure { () throws(ModelError) in _ = try await pool.answer(late) }
        #expect(
            failure?.code == .timedOut
                && failure?.message.contains(", and 1 are lent at most: raise `timeout` or `max_size`") == true)
    }

    @Test func severalAreAnsweredInTheirOrderAndOneFailureLeavesTheOthers() async throws {
        let model = FakeModel("m", [.text("1"), FakeModel.failure(.invalidRequest), .text("3")])
        let pool = try pool(size: 1, Events(), model)
        let told = Mutex<[Int]>([])
        let results = await pool.answers(
            to: ["a", "b", "c"].map { ModelQuestion($0) }, progress: { ended in told.withLock { $0.append(ended) } })
        #expect(results.map { try? $0.get().text } == ["1", nil, "3"])
        #expect(told.withLock { $0 } == [1, 2, 3])
        #expect(await pool.answers(to: []).isEmpty)
    }

    @Test func batchesAreAskedOneByOneAndPutTogether() async throws {
        let model = FakeModel("m", [.text("1"), .text("2")])
        let pool = try pool(size: 1, Events(), model)
        var question = ModelQuestion("sum")
        question.options.data = try Conversation.tape("[1, 2, 3]")
        question.options.batchSize = 2
        let answer = try await pool.answer(question)
        #expect(answer.text == "1\n2" && answer.usage.total == 30 && answer.notes == ["asked in 2 batches"])
        #expect(answer.value?.root.array?.compactMap(\.string) == ["1", "2"])
        #expect(model.requests.map { $0.messages[0].text } == ["sum\n\nData:\n1\n2", "sum\n\nData:\n3"])
        let lease = try await pool.lease()
        #expect(try await lease.answer(question).notes == ["asked in 2 batches"], "a lease asks one after the other")
        lease.release()
        question.options.data = try Conversation.tape("5")
        #expect(try await pool.answer(question).text == "m", "what is no list is asked whole")
        question.options.data = try Conversation.tape("[]")
        let asked = model.requests.count
        let nothing = try await pool.answer(question)
        #expect(nothing.text.isEmpty && nothing.value?.root.array?.count == 0 && model.requests.count == asked)
        #expect(nothing.notes == ["asked in 0 batches"] && nothing.usage == TokenUsage())
    }

    @Test func theTimeSpentWaitingIsTakenFromTheModels() async throws {
        let model = FakeModel("m")
        let pool = try pool(size: 1, Events(), model)
        let lease = try await pool.lease()
        var question = ModelQuestion("a")
        question.options.timeout = .seconds(3600)
        let asked = question
        async let answer = pool.answer(asked)
        while pool.statistics.waiting == 0 { await Task.yield() }
        lease.release()
        _ = try await answer
        let request = try #require(model.requests.first)
        #expect(request.timeouts.total < .seconds(3600) && request.timeouts.total > .seconds(3000))
    }

    @Test func aQuestionHasOneDeadlineForAllOfIt() async throws {
        let model = FakeModel("m", [.text("no"), .text(#"{"answer":1}"#)])
        let pool = try pool(size: 1, Events(), model)
        var question = ModelQuestion("a", schema: ReplySchema(answer: try Conversation.tape(#"{"type":"integer"}"#)))
        question.options.timeout = .seconds(3600)
        _ = try await pool.answer(question)
        question.options.data = try Conversation.tape("[1, 2]")
        question.options.batchSize = 1
        question.schema = nil
        _ = try await pool.answer(question)
        let lease = try await pool.lease()
        _ = try await lease.answer(question)
        let totals = model.requests.map(\.timeouts.total)
        #expect(totals.count == 6)
        for (first, second) in [(0, 1), (2, 3), (4, 5)] {
            #expect(totals[second] < totals[first] && totals[first] < .seconds(3600))
        }
        question.options.timeout = .zero
        let late = question
        let failure = await Conversation.failure { () throws(ModelError) in _ = try await lease.answer(late) }
        #expect(failure?.code == .timedOut && model.requests.count == 6)
    }

    @Test func aLeaseAsksItsOwnModelOnly() async throws {
        let pool = try pool()
        let lease = try await pool.lease()
        defer { lease.release() }
        var question = ModelQuestion("a")
        question.options.model = "m"
        #expect(try await lease.answer(question).text == "fake/m")
        question.options.model = "other"
        let wrong = question
        let failure = await Conversation.failure { () throws(ModelError) in _ = try await lease.answer(wrong) }
        #expect(failure?.code == .invalidRequest)
        #expect(failure?.message == "the option 'model' names 'other', but this is 'm': ask for that model instead")
        let streamed = await Conversation.failure { () throws(ModelError) in _ = try await lease.stream(wrong) }
        #expect(streamed == failure)
    }

    @Test func toolsAreRefusedWhereNobodyCallsThem() async throws {
        let pool = try pool()
        var question = ModelQuestion("a")
        question.tools = [ToolDefinition(name: "f", description: "", parameters: try Conversation.tape("{}"))]
        let asked = question
        let streamed = await Conversation.failure { () throws(ModelError) in _ = try await pool.stream(asked) }
        #expect(streamed?.message.hasPrefix("tools are not called while an answer streams") == true)
        #expect(pool.statistics.leased == 0)
        let several = await pool.answers(to: [ModelQuestion("a"), asked])
        #expect(several.map { (try? $0.get().text) ?? "refused" } == ["fake/m", "refused"])
    }
}
