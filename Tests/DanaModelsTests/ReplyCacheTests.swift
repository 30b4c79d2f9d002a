import DanaPools
import Testing

@testable import DanaModels

/// What is kept of answers, and for how long.
@Suite struct ReplyCacheTests {
    private func reply(_ text: String) -> ModelReply {
        ModelReply(text: text, usage: TokenUsage(input: 3, output: 2), model: "m")
    }

    private func request(_ text: String, temperature: Double? = 0) -> ModelRequest {
        var request = ModelRequest(text)
        request.temperature = temperature
        return request
    }

    @Test func whatWasKeptSaysSoAndCostsNothing() {
        var cache = ReplyCache(ReplyCacheLimits())
        #expect(cache.reply(to: request("a"), at: .start) == nil)
        cache.keep(reply("A"), for: request("a"), at: .start)
        var again = request("a")
        again.timeouts.total = .seconds(1)
        let kept = cache.reply(to: again, at: .start)
        #expect(kept?.text == "A" && kept?.isCached == true && kept?.usage == TokenUsage())
        #expect(cache.reply(to: request("a", temperature: 0.1), at: .start) == nil)
    }

    @Test func whatWasNotAskedForLongestGoesFirst() {
        var cache = ReplyCache(ReplyCacheLimits(count: 3))
        for word in ["a", "b", "c"] { cache.keep(reply(word), for: request(word), at: .start) }
        #expect(cache.reply(to: request("a"), at: .start) != nil)
        cache.keep(reply("d"), for: request("d"), at: .start)
        #expect(
            ["a", "b", "c", "d"].map { cache.reply(to: request($0), at: .start) != nil } == [true, false, true, true])
    }

    @Test func manyUsesAreForgotten() {
        var cache = ReplyCache(ReplyCacheLimits(count: 10))
        for number in 0..<2000 {
            cache.keep(reply("\(number)"), for: request("\(number)"), at: .start)
            #expect(cache.reply(to: request("\(number - number % 10)"), at: .start) != nil || number % 10 == 0)
        }
        #expect(cache.count == 10)
        #expect(cache.reply(to: request("1999"), at: .start)?.text == "1999")
    }

    @Test func bytesAreBounded() {
        var cache = ReplyCache(ReplyCacheLimits(bytes: 10_000))
        let long = String(repeating: "x", count: 4000)
        for word in ["a", "b", "c"] { cache.keep(reply(long), for: request(word), at: .start) }
        #expect(cache.count == 2 && cache.size <= 10_000 && cache.reply(to: request("a"), at: .start) == nil)
        cache.keep(reply(long + long + long), for: request("d"), at: .start)
        #expect(cache.count == 2)
        cache.keep(reply("short"), for: request("c"), at: .start)
        #expect(cache.count == 2 && cache.size < 7000)
    }

    @Test func whatIsOldIsForgotten() {
        var cache = ReplyCache(ReplyCacheLimits(age: .seconds(10)))
        cache.keep(reply("A"), for: request("a"), at: .start)
        #expect(cache.reply(to: request("a"), at: .start + .seconds(9)) != nil)
        #expect(cache.reply(to: request("a"), at: .start + .seconds(10)) == nil)
        #expect(cache.count == 0 && cache.size == 0)
    }

    @Test func whatMayBeBetterNextTimeIsNotKept() {
        var cache = ReplyCache(ReplyCacheLimits())
        for reason in [FinishReason.contentFilter, .other("none told")] {
            var reply = reply("A")
            reply.finishReason = reason
            cache.keep(reply, for: request("a"), at: .start)
        }
        #expect(cache.count == 0)
    }

    // MARK: The model around it

    @Test func onlyAnAnswerThatFitsIsKept() async throws {
        var request = request("how many?")
        request.schema = ReplySchema(answer: try Conversation.tape(#"{"type":"integer"}"#))
        let fake = FakeModel("a", [.text("many"), .text("lots"), .text(#"{"answer":3}"#)])
        let model = CachingModel(fake)
        let question = request
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.completeStructured(question)
        }
        #expect(error?.code == .schemaMismatch)
        for isCached in [false, true] {
            let answer = try await model.completeStructured(request)
            #expect(answer.value.root.int == 3 && answer.reply.isCached == isCached)
        }
        #expect(fake.requests.count == 3)
    }

    @Test func onlyTemperatureZeroIsKeptUnlessToldOtherwise() async throws {
        for (sharing, temperature, asked) in [
            (AnswerSharing.temperatureZero, 0.0, 1), (.temperatureZero, 0.5, 2), (.always, 0.5, 1),
        ] {
            let fake = FakeModel("a")
            let model = CachingModel(fake, sharing: sharing)
            let first = try await model.complete(request("x", temperature: temperature))
            let second = try await model.complete(request("x", temperature: temperature))
            #expect(first.text == second.text && fake.requests.count == asked)
            #expect(!first.isCached && second.isCached == (asked == 1))
        }
    }

    @Test func aStreamIsKeptWhenItIsWhole() async throws {
        let lost = ModelError(.streamTruncated, "lost", model: "a")
        let fake = FakeModel("a", [.broken(["Once "], lost)])
        let model = CachingModel(fake)
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.stream(request("x")).collect()
        }
        #expect(error == lost)
        #expect(try await model.stream(request("x")).collect().usage.total == 15)
        let kept = try await model.stream(request("x"))
        #expect(kept.isCached)
        let reply = try await kept.collect()
        #expect(reply.text == "a" && reply.isCached && reply.usage.total == 0 && fake.requests.count == 2)
        #expect(try await model.complete(request("x")).isCached)
    }
}
