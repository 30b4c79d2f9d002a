import DanaData
import Testing

@testable import DanaModels

/// OpenAI's chat completions: what is written, what is read.
@Suite struct ChatCompletionsTests {
    private static let whole = #"""
        {"id":"c-1","model":"m-1-b","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant",
        "content":null,"reasoning_content":"hm","tool_calls":[{"id":"call-2","type":"function",
        "function":{"name":"weather","arguments":"{\"city\":\"Bergen\"}"}}]}}],
        "usage":{"prompt_tokens":20,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":8},
        "completion_tokens_details":{"reasoning_tokens":2}}}
        """#

    @Test func aRequestIsWritten() async throws {
        let transport = ScriptedTransport(.json(Self.whole))
        var request = try Conversation.full()
        request.seed = 3
        request.stop = ["\n"]
        request.toolChoice = .named("weather")
        request.extras = [.init(name: "logit_bias", value: try Conversation.tape("{}"))]
        _ = try await Conversation.model(.chat, transport).complete(request)
        #expect(
            try Conversation.body(transport) == #"""
                {"model":"m-1","messages":[{"role":"system","content":"Be short."},{"role":"user","content":"How is Oslo?"},{"role":"assistant","content":"","tool_calls":[{"id":"call-1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Oslo\"}"}}]},{"role":"tool","content":"rain","tool_call_id":"call-1"},{"role":"user","content":"And \"Bergen\"?"}],"temperature":0.2,"top_p":0.9,"max_tokens":50,"seed":3,"stop":["\n"],"tools":[{"type":"function","function":{"name":"weather","description":"Tells the weather.","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}],"tool_choice":{"type":"function","function":{"name":"weather"}},"logit_bias":{}}
                """#)
        let sent = try #require(transport.requests.first)
        #expect(sent.url == "http://host/v1/chat/completions")
        #expect(sent.headers["Authorization"] == "Bearer \(Conversation.key.revealed)")
        #expect(sent.headers["Content-Type"] == "application/json")
    }

    @Test func openAIsOwnLimitHasItsNewName() async throws {
        let transport = ScriptedTransport(.json(Self.whole))
        var request = ModelRequest("x")
        request.maxTokens = 5
        _ = try await Conversation.model(.chat, transport, provider: "openai").complete(request)
        #expect(try Conversation.body(transport).contains(#""max_completion_tokens":5"#))
    }

    @Test func aSchemaIsWritten() async throws {
        let transport = ScriptedTransport(.json(Self.whole))
        var request = ModelRequest("x")
        request.schema = ReplySchema(name: "mood", schema: try Conversation.tape(#"{"type":"string"}"#))
        _ = try await Conversation.model(.chat, transport).complete(request)
        #expect(
            try Conversation.body(transport).hasSuffix(
                #""response_format":{"type":"json_schema","json_schema":{"name":"mood","strict":true,"schema":{"type":"string"}}}}"#
            ))
    }

    @Test func anAnswerIsRead() async throws {
        let reply = try await Conversation.model(.chat, ScriptedTransport(.json(Self.whole))).complete(
            ModelRequest("x"))
        #expect(
            reply
                == ModelReply(
                    text: "", reasoning: "hm",
                    toolCalls: [ToolCall(id: "call-2", name: "weather", arguments: #"{"city":"Bergen"}"#)],
                    finishReason: .toolCalls, usage: TokenUsage(input: 20, output: 5, cachedInput: 8, reasoning: 2),
                    model: "m-1-b", id: "c-1"))
    }

    @Test func aStreamIsRead() async throws {
        let transport = ScriptedTransport(
            .events([
                #"{"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":null}}]}"#,
                #"{"id":"c","choices":[{"index":0,"delta":{"content":"Hel"}}]}"#,
                #"{"id":"c","choices":[{"index":0,"delta":{"content":"lo"}}]}"#,
                #"{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":""}}]}}]}"#,
                #"{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]}"#,
                #"{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
                #"{"id":"c","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#,
                "[DONE]", "never read",
            ]))
        let stream = try await Conversation.model(.chat, transport).stream(ModelRequest("x"))
        #expect(
            try await Conversation.chunks(stream) == [
                .start(id: "c", model: "m"), .text("Hel"), .text("lo"),
                .toolCall(index: 0, id: "a", name: "f", arguments: ""),
                .toolCall(index: 0, id: nil, name: nil, arguments: "{}"), .finish(.stop),
                .usage(TokenUsage(input: 3, output: 2)),
            ])
        #expect(try Conversation.body(transport).contains(#""stream":true,"stream_options":{"include_usage":true}"#))
    }

    @Test func aStreamIsCollected() async throws {
        let transport = ScriptedTransport(
            .events([
                #"{"id":"c","model":"m","choices":[{"delta":{"content":"Hel"}}]}"#,
                #"{"choices":[{"delta":{"content":"lo","tool_calls":[{"index":1,"id":"b","function":{"name":"g","arguments":"1"}}]}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"length"}]}"#, "[DONE]",
            ]))
        var endpoint = ModelEndpoint(provider: "test", model: "m", baseURL: "http://host")
        endpoint.alwaysStreams = true
        let reply = try await HTTPModel(endpoint, transport: transport).complete(ModelRequest("x"))
        #expect(reply.text == "Hello" && reply.finishReason == .length && reply.id == "c")
        #expect(reply.toolCalls == [ToolCall(id: "b", name: "g", arguments: "1")])
    }

    @Test func embeddingsAreSorted() async throws {
        let transport = ScriptedTransport(
            .json(#"{"data":[{"index":1,"embedding":[2,0.5]},{"index":0,"embedding":[1]}]}"#))
        #expect(try await Conversation.model(.chat, transport).embed(["a", "b"]) == [[1], [2, 0.5]])
        #expect(try Conversation.body(transport) == #"{"model":"m-1","input":["a","b"]}"#)
    }

    @Test(arguments: [#"{"data":[]}"#, #"{"data":[{"index":5,"embedding":[1]},{"index":0,"embedding":[1]}]}"#, "{}"])
    func wrongEmbeddingsAreRefused(body: String) async {
        let model = Conversation.model(.chat, ScriptedTransport(.json(body)))
        let error = await Conversation.failure { () throws(ModelError) in _ = try await model.embed(["a", "b"]) }
        #expect(error?.code == .invalidReply)
    }

    @Test func aRefusalIsAnError() async {
        let body = #"{"choices":[{"message":{"content":null,"refusal":"I must not"},"finish_reason":"stop"}]}"#
        let model = Conversation.model(.chat, ScriptedTransport(.json(body)))
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.complete(ModelRequest("x"))
        }
        #expect(error?.code == .contentFiltered && error?.message.contains("I must not") == true)
    }

    @Test func aTemperatureThatIsNoNumberIsRefused() async {
        var request = ModelRequest("x")
        request.temperature = .nan
        let model = Conversation.model(.chat, ScriptedTransport())
        let error = await Conversation.failure { () throws(ModelError) in _ = try await model.complete(request) }
        #expect(error?.code == .invalidRequest && error?.message.contains("$.temperature") == true)
    }
}
