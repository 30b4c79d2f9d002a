import DanaData
import Synchronization
import Testing

@testable import DanaModels

/// Calls with tools, step by step.
@Suite struct ToolConversationTests {
    private static func request() throws -> ModelRequest {
        let parameters = #"{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"#
        var request = ModelRequest("How is Oslo?")
        request.tools = [
            ToolDefinition(
                name: "weather", description: "Tells the weather.", parameters: try Conversation.tape(parameters)),
            ToolDefinition(name: "time", description: "Tells the time.", parameters: try Conversation.tape("{}")),
        ]
        request.toolChoice = .required
        return request
    }

    private func reply(_ calls: ToolCall...) -> ModelReply {
        ModelReply(
            text: "", toolCalls: calls, finishReason: .toolCalls, usage: TokenUsage(input: 10, output: 1), model: "m")
    }

    private func call(_ id: String, _ name: String = "weather", _ arguments: String = #"{"city":"Oslo"}"#) -> ToolCall {
        ToolCall(id: id, name: name, arguments: arguments)
    }

    @Test func callsAreAnsweredAndTheUsageIsSummed() throws {
        var conversation = ToolConversation(try Self.request())
        let (first, second) = (call("a"), call("b", "time", " "))
        #expect(try conversation.received(reply(first, second)) == .call([first, call("b", "time", "{}")]))
        conversation.answered([(call("b"), "noon"), (first, "rain")])
        #expect(conversation.request.toolChoice == .automatic)
        #expect(conversation.request.messages.map(\.text) == ["How is Oslo?", "", "rain", "noon"])
        #expect(conversation.request.messages.map(\.toolCallID) == [nil, nil, "a", "b"])
        let end = ModelReply(text: "Rain.", usage: TokenUsage(input: 30, output: 2, cachedInput: 8), model: "m")
        guard case .finished(let reply) = try conversation.received(end) else {
            return #expect(Bool(false), "it goes on")
        }
        #expect(reply.text == "Rain." && reply.usage == TokenUsage(input: 40, output: 3, cachedInput: 8))
        #expect(conversation.usage == reply.usage)
    }

    @Test(arguments: [
        ("nothing", "{}", #"there is no tool "nothing"; there are: weather, time"#),
        ("weather", "{", "the arguments of weather are not JSON: line 1"),
        ("weather", "{}", "the arguments of weather do not fit: at $: city is missing"),
        ("weather", #"{"city":1}"#, "at $.city: must be string, found integer"),
    ])
    func aFaultyCallIsAnsweredToTheModel(name: String, arguments: String, expected: String) throws {
        var conversation = ToolConversation(try Self.request())
        let good = call("good")
        #expect(try conversation.received(reply(call("bad", name, arguments), good)) == .call([good]))
        conversation.answered([(good, "rain")])
        let answers = conversation.request.messages.suffix(2)
        #expect(answers.first?.text.contains(expected) == true, "\(answers)")
        #expect(answers.first?.text.hasPrefix("error: ") == true && answers.last?.text == "rain")
        #expect(try conversation.received(reply(call("x", name, arguments))) == .call([]))
        #expect(conversation.request.messages.last?.text.contains(expected) == true)
        #expect(conversation.request.messages.last?.toolCallID == "x")
    }

    @Test func callsAreToldApart() throws {
        var conversation = ToolConversation(try Self.request())
        let asked = reply(call(""), call("call-1"), call("call-1"))
        guard case .call(let calls) = try conversation.received(asked) else {
            return #expect(Bool(false), "it is over")
        }
        #expect(Set(calls.map(\.id)).count == 3 && calls.dropFirst().first?.id == "call-1")
        conversation.answered(calls.map { ($0, "for \($0.id)") })
        let answers = conversation.request.messages.filter { $0.role == .tool }
        #expect(answers.map(\.text) == calls.map { "for \($0.id)" } && answers.map(\.toolCallID) == calls.map(\.id))
    }

    @Test func aCallWithoutAnAnswerIsAnError() throws {
        var conversation = ToolConversation(try Self.request())
        _ = try conversation.received(reply(call("a")))
        conversation.answered([])
        #expect(conversation.request.messages.last?.text == "error: the tool gave no answer")
    }

    @Test func stepsAndCallsAreLimited() throws {
        var conversation = ToolConversation(try Self.request(), steps: 2, callsAtOnce: 1)
        #expect(try conversation.received(reply(call("a"), call("b"))) == .call([call("a")]))
        conversation.answered([(call("a"), "rain")])
        #expect(conversation.request.messages.last?.text == "error: more than 1 calls at once")
        _ = try conversation.received(reply(call("c")))
        conversation.answered([(call("c"), "rain")])
        let error = #expect(throws: ModelError.self) { try conversation.received(reply(call("d"))) }
        #expect(error?.code == .toolLimitReached && error?.message.contains("weather") == true)
        #expect(error?.message.contains("2 steps") == true && conversation.usage.input == 30)
    }

    @Test func usageDoesNotOverflow() {
        var sum = TokenUsage(input: .max, output: 1)
        sum += TokenUsage(input: 1, output: .max, cachedInput: -1)
        #expect(sum == TokenUsage(input: .max, output: .max))
    }

    @Test func aModelIsDrivenToItsAnswer() async throws {
        let asking =
            #"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}},{"id":"b","type":"function","function":{"name":"time","arguments":""}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":5,"completion_tokens":2}}"#
        let ending =
            #"{"choices":[{"message":{"content":"Rain at noon."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":3}}"#
        let transport = ScriptedTransport(.json(asking), .json(ending))
        let called = Mutex<Set<String>>([])
        let reply = try await Conversation.model(.chat, transport).complete(try Self.request()) { call in
            called.withLock { _ = $0.insert("\(call.name)\(call.arguments)") }
            return call.name == "time" ? "noon" : "rain"
        }
        #expect(reply.text == "Rain at noon." && reply.usage.total == 19)
        #expect(called.withLock { $0 } == [#"weather{"city":"Oslo"}"#, "time{}"])
        let told = String(decoding: try #require(transport.requests.last?.body), as: UTF8.self)
        #expect(told.contains(#""content":"noon""#))
    }

    @Test func aToolThatFailsEndsTheCall() async throws {
        let asking =
            #"{"choices":[{"message":{"content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"time","arguments":"{}"}}]}}]}"#
        let model = Conversation.model(.chat, ScriptedTransport(.json(asking)))
        let (request, failure) = (try Self.request(), ModelError(.permission, "not allowed", model: "tool"))
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.complete(request) { _ throws(ModelError) in throw failure }
        }
        #expect(error == failure)
    }
}
