import DanaData
import Synchronization
import Testing

@testable import DanaModels

/// Questions with tools, and what small models need to come to an answer.
@Suite struct ToolRunTests {
    private static let tool = #"{"tool":"weather","arguments":{"city":"Oslo"}}"#

    private func question() throws -> ModelQuestion {
        let parameters = #"{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"#
        var question = ModelQuestion("How is Oslo?")
        question.tools = [
            ToolDefinition(name: "weather", description: "", parameters: try Conversation.tape(parameters))
        ]
        return question
    }

    private func pool(_ answers: FakeModel.Answer...) throws -> (ModelPool, FakeModel) {
        let model = FakeModel("m", answers)
        return (try ModelPool("m") { _ in ToolsBySchema(model) }, model)
    }

    @Test func toolsAreCalledUntilThereIsAnAnswer() async throws {
        let (pool, model) = try pool(.text(Self.tool), .text(#"{"answer":"Rain."}"#))
        let answer = try await pool.answer(try question()) { call in "rain in \(call.arguments)" }
        #expect(answer.text == "Rain." && answer.usage.total == 30)
        #expect(model.requests.last?.messages.last?.text == #"The tool weather answered: rain in {"city":"Oslo"}"#)
        #expect(pool.statistics.leased == 0)
    }

    @Test func whoAsksAgainForWhatWasToldAnswersWithIt() async throws {
        let (pool, model) = try pool(.text(Self.tool), .text(Self.tool), .text("It rains."))
        let answer = try await pool.answer(try question()) { _ in "rain" }
        #expect(answer.text == "It rains." && answer.usage.total == 45)
        let last = try #require(model.requests.last)
        #expect(
            last.schema == nil
                && last.messages.map(\.text) == [
                    "How is Oslo?\n\nThe answer of weather: rain\n\nSay it in one sentence."
                ])
    }

    @Test func allStepsHaveOneDeadline() async throws {
        let (pool, model) = try pool(.text(Self.tool), .text(#"{"answer":"Rain."}"#), .text(#"{"answer":true}"#))
        var question = try question()
        question.schema = ReplySchema(answer: try Conversation.tape(#"{"type":"boolean"}"#))
        _ = try await pool.answer(question) { _ in "rain" }
        let totals = model.requests.map(\.timeouts.total)
        #expect(totals.count == 3 && totals == totals.sorted(by: >) && Set(totals).count == 3)
    }

    @Test func theAnswerCanHaveAForm() async throws {
        let (pool, _) = try pool(.text(Self.tool), .text(#"{"answer":"Rain."}"#), .text(#"{"answer":true}"#))
        var question = try question()
        question.schema = ReplySchema(answer: try Conversation.tape(#"{"type":"boolean"}"#))
        let answer = try await pool.answer(question) { _ in "rain" }
        #expect(answer.value?.root.bool == true && answer.usage.total == 45)
    }

    @Test func stepsAreLimited() async throws {
        let other = #"{"tool":"weather","arguments":{"city":"Rome"}}"#
        let (pool, model) = try pool(.text(Self.tool), .text(other))
        var question = try question()
        question.options.maxSteps = 1
        let limited = question
        let failure = await Conversation.failure { () throws(ModelError) in
            _ = try await pool.answer(limited) { _ in "rain" }
        }
        #expect(failure?.code == .toolLimitReached && failure?.model == pool.modelName)
        #expect(model.requests.count == 2)
    }

    @Test func toolsAndBatchesDoNotGoTogether() async throws {
        let (pool, model) = try pool()
        var question = try question()
        question.options.batchSize = 2
        let both = question
        let failure = await Conversation.failure { () throws(ModelError) in
            _ = try await pool.answer(both) { _ in "rain" }
        }
        #expect(failure?.code == .invalidRequest && model.requests.isEmpty)
    }

    @Test func everyTextPassesTheFilter() async throws {
        let (pool, model) = try pool(.text(Self.tool), .text(#"{"answer":"Rain."}"#))
        var question = try question()
        question.options.system = "secret one"
        question.options.data = try Conversation.tape(#"["secret two"]"#)
        question.options.stop = ["secret four"]
        question.options.extras = [
            .init(
                name: "x",
                value: try Conversation.tape(#"{"secret":["secret",{"a":"secret"},[],"secret\ud83d"],"n":1}"#))
        ]
        question.options.schema = ReplySchema(
            answer: try Conversation.tape(#"{"type":"string","description":"secret","enum":["secret"]}"#))
        question.tools[0].description = "secret"
        question.filter = { $0.replacing("secret", with: "***") }
        let asked = question.request().request
        let extra = try JSONWriter.string(try #require(asked.extras.first).value.root)
        #expect(extra == "{\"***\":[\"***\",{\"a\":\"***\"},[],\"***\u{fffd}\"],\"n\":1}")
        #expect("\(asked)".contains("***") && !"\(asked)".contains("secret"))
        question.options.schema = nil
        _ = try await pool.answer(question) { _ in "secret three" }
        let seen = model.requests.map { ($0.system ?? "") + $0.messages.map(\.text).joined() }.joined()
        #expect(!seen.contains("secret") && seen.contains("*** one") && seen.contains("*** two"))
        #expect(seen.contains("*** three"))
    }

    @Test func whatAToolThrowsEndsIt() async throws {
        let (pool, _) = try pool(.text(Self.tool))
        let question = try question()
        let failure = await Conversation.failure { () throws(ModelError) in
            _ = try await pool.answer(question) { _ throws(ModelError) in
                throw ModelError(.cancelled, "no more", model: "tool")
            }
        }
        #expect(failure?.message == "no more" && pool.statistics.leased == 0)
    }

    @Test func formsForSmallModelsHaveAnEnd() throws {
        let schema = try Conversation.tape(
            #"{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"array","items":{"type":"string","maxLength":5}},"c":{"enum":["x"]},"d":{"type":"array","maxItems":2},"e":{"type":"string","minLength":500}}}"#
        )
        #expect(
            try JSONWriter.string(BoundedSchema.of(schema).root)
                == #"{"type":"object","properties":{"a":{"type":"string","maxLength":120},"b":{"type":"array","items":{"type":"string","maxLength":5},"maxItems":10},"c":{"enum":["x"]},"d":{"type":"array","maxItems":2},"e":{"type":"string","minLength":500,"maxLength":500}}}"#
        )
    }
}
