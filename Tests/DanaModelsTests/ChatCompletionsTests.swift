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

    private static let mood = #"{"type":"object","properties":{"mood":{"type":"string"}},"required":["mood"]}"#

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

    @Test func aProviderMayHaveItsOwnWordForTheSeed() async throws {
        var request = ModelRequest("x")
        request.seed = 5
        for (provider, field) in [("mistral", "random_seed"), ("groq", "seed")] {
            let transport = ScriptedTransport(.json(Self.whole))
            _ = try await Conversation.model(.chat, transport, provider: provider).complete(request)
            #expect(try Conversation.body(transport).contains(#""\#(field)":5"#))
        }
    }

    @Test func whereNoSchemaIsTakenJSONIsDemandedAndTheSchemaTold() async throws {
        let transport = ScriptedTransport(
            .json(#"{"choices":[{"message":{"content":"{\"mood\":\"good\"}"},"finish_reason":"stop"}]}"#))
        var request = ModelRequest("x")
        request.schema = ReplySchema(schema: try Conversation.tape(Self.mood))
        _ = try await Conversation.model(.chat, transport, provider: "deepseek").completeStructured(request)
        let body = try Conversation.body(transport)
        #expect(body.contains(#""response_format":{"type":"json_object"}"#) && !body.contains("json_schema"))
        #expect(body.contains("Answer with JSON only, of this JSON Schema"))
    }

    @Test func aSchemaIsWritten() async throws {
        let transport = ScriptedTransport(.json(Self.whole))
        var request = ModelRequest("x")
        request.schema = ReplySchema(name: "mood", schema: try Conversation.tape(Self.mood))
        _ = try await Conversation.model(.chat, transport).complete(request)
        #expect(
            try Conversation.body(transport).hasSuffix(
                #""response_format":{"type":"json_schema","json_schema":{"name":"mood","strict":true,"schema":{"type":"object","properties":{"mood":{"type":"string"}},"required":["mood"],"additionalProperties":false}}}}"#
            ))
    }

    @Test func anAnswerIsRead() async throws {
        let reply = try await Conversation.model(.chat, ScriptedTransport(.json(Self.whole))).complete(
            ModelRequest("x"))
        var expected = ModelReply(
            text: "", reasoning: "hm",
            toolCalls: [ToolCall(id: "call-2", name: "weather", arguments: #"{"city":"Bergen"}"#)],
            finishReason: .toolCalls, usage: TokenUsage(input: 20, output: 5, cachedInput: 8, reasoning: 2),
            model: "m-1-b", id: "c-1")
        expected.thoughts = [try Conversation.tape(#"{"reasoning_content":"hm"}"#)]
        #expect(reply == expected)
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

    @Test(arguments: [
        (#"{"data":[]}"#, "0 embeddings for 2 texts"), ("{}", "no list 'data'"),
        (#"{"data":[{"index":5,"embedding":[1]},{"index":0,"embedding":[1]}]}"#, "the index 5 for 2 texts"),
        (#"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#, "the index 0 for 2 texts, or has it"),
        (#"{"data":[{"embedding":[1,null]},{"embedding":[1,2]}]}"#, "embedding 0 of the answer has null at place 1"),
        (#"{"data":[{"embedding":[1]},{"embedding":"AACAPw=="}]}"#, "embedding 1 of the answer is string, a list"),
        (#"{"data":[{"embedding":[1]},{}]}"#, "embedding 1 of the answer is missing"),
    ])
    func wrongEmbeddingsAreRefused(body: String, fault: String) async {
        let model = Conversation.model(.chat, ScriptedTransport(.json(body)))
        let error = await Conversation.failure { () throws(ModelError) in _ = try await model.embed(["a", "b"]) }
        #expect(error?.code == .invalidReply && error?.body == body)
        #expect(error?.message.contains(fault) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("gemini", "", #","extra_content":{"google":{"thought_signature":"S"}}"#),
        ("deepseek", #""reasoning_content":"hm","#, ""),
        ("openrouter", #""reasoning_details":[{"type":"reasoning.encrypted","data":"D"}],"#, ""),
    ])
    func thoughtsGoBackWithWhatToolsAnswer(provider: String, thought: String, ofCall: String) async throws {
        let call = #"{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}\#(ofCall)}"#
        let message = #"{"role":"assistant","content":"",\#(thought)"tool_calls":[\#(call)]}"#
        let body = #"{"choices":[{"message":\#(message),"finish_reason":"tool_calls"}]}"#
        let tool = ToolDefinition(name: "f", description: "", parameters: try Conversation.tape("{}"))
        for (asked, goesBack) in [(provider, true), ("openai", false)] {
            var request = ModelRequest("x")
            request.tools = [tool]
            var conversation = ToolConversation(request)
            let transport = ScriptedTransport(.json(body))
            _ = try conversation.received(
                try await Conversation.model(.chat, transport, provider: provider).complete(request))
            conversation.answered([])
            let next = ScriptedTransport(.json(body))
            _ = try await Conversation.model(.chat, next, provider: asked).complete(conversation.request)
            #expect(try Conversation.body(next).contains(message) == goesBack)
        }
    }

    @Test func ofSeveralStreamedAnswersTheFirstIsTaken() async throws {
        func piece(_ index: Int, _ text: String) -> String {
            #"{"model":"m","choices":[{"index":\#(index),"delta":{"content":"\#(text)"}}]}"#
        }
        #expect(try await stream(piece(0, "Par"), piece(1, "Lon"), piece(0, "is"), piece(1, "don")).texts == "Paris")
    }

    @Test(arguments: [#","error":{"code":502,"message":"gone"}"#, ""])
    func aChoiceThatFailedIsNoAnswer(error: String) async {
        let end = #""finish_reason":"error"\#(error)}]}"#
        let whole = Conversation.model(
            .chat, ScriptedTransport(.json(#"{"choices":[{"message":{"content":""},"# + end)))
        let streamed = Conversation.model(
            .chat, ScriptedTransport(.events([#"{"choices":[{"delta":{"content":""},"# + end, "[DONE]"])))
        let failures = [
            await Conversation.failure { () throws(ModelError) in _ = try await whole.complete(ModelRequest("x")) },
            await Conversation.failure { () throws(ModelError) in
                _ = try await streamed.stream(ModelRequest("x")).collect()
            },
        ]
        for failure in failures {
            #expect(failure?.code == .serverFailed && failure?.isTransient == true)
            #expect(error.isEmpty || failure?.message == "gone")
        }
    }

    @Test(arguments: [
        "event: error\ndata: {\"message\": \"no memory\", \"code\": 500}\n\n",
        "error: {\"code\": 500, \"message\": \"no memory\"}\n\n",
    ])
    func anErrorMayComeAsAnEventOfItsOwn(written: String) async {
        let first = #"{"model":"m","choices":[{"delta":{"content":"a"}}]}"#
        var answer = ScriptedTransport.Answer(headers: ["Content-Type": "text/event-stream"])
        answer.pieces = [Array("data: \(first)\n\n\(written)".utf8)]
        let model = Conversation.model(.chat, ScriptedTransport(answer))
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.stream(ModelRequest("x")).collect()
        }
        #expect(error?.code == .serverFailed && error?.message == "no memory")
    }

    @Test func deepSeeksCachedTokensAreSeen() async throws {
        let usage = #"{"prompt_tokens":100,"prompt_cache_hit_tokens":64}"#
        let body = #"{"choices":[{"message":{"content":"x"}}],"usage":\#(usage)}"#
        let reply = try await Conversation.model(.chat, ScriptedTransport(.json(body))).complete(ModelRequest("x"))
        #expect(reply.usage == TokenUsage(input: 100, cachedInput: 64))
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

    private func answer(_ message: String) async throws -> ModelReply {
        let body = #"{"choices":[{"message":\#(message),"finish_reason":"stop"}]}"#
        return try await Conversation.model(.chat, ScriptedTransport(.json(body))).complete(ModelRequest("x"))
    }

    private func stream(_ events: String...) async throws -> [ModelChunk] {
        let transport = ScriptedTransport(.events(events + ["[DONE]"]))
        return try await Conversation.chunks(try await Conversation.model(.chat, transport).stream(ModelRequest("x")))
    }

    @Test(arguments: [
        (#"{"content":[{"type":"text","text":"Pa"},{"type":"image_url"},{"text":"ris"}]}"#, "Paris"),
        (#"{"content":"Hello \ud83d"}"#, "Hello \u{fffd}"), (#"{"content":"Paris","refusal":""}"#, "Paris"),
        (#"{"content":[{"type":"text","text":"a\ud83d"},{"type":"text","text":"\ude00b"}]}"#, "a😀b"),
        (#"{"content":null}"#, ""), ("{}", ""), (#"{"content":{"answer":3}}"#, #"{"answer":3}"#),
        (#"{"content":42}"#, "42"), (#"{"content":[1,{"a":2}]}"#, #"[1,{"a":2}]"#), (#"{"content":[]}"#, ""),
    ])
    func theTextIsFoundInAnyForm(message: String, text: String) async throws {
        #expect(try await answer(message).text == text)
        #expect(try await stream(#"{"model":"m","choices":[{"delta":\#(message)}]}"#).texts == text)
    }

    @Test func piecesMayPartACharacter() async throws {
        let chunks = try await stream(
            #"{"model":"m","choices":[{"delta":{"content":"a\ud83d","reasoning":"\ud83d"}}]}"#,
            #"{"choices":[{"delta":{"content":"\ude00b","reasoning":"\ude00"}}]}"#,
            #"{"choices":[{"delta":{"content":"\ud83d","tool_calls":[{"index":0,"id":"a","function":{"name":"f","arguments":"{\"a\":\"\ud83d"}}]}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"\ude00\"}"}}]},"finish_reason":"stop"}]}"#
        )
        #expect(
            chunks == [
                .start(id: "", model: "m"), .text("a"), .reasoning("😀"), .text("😀b"),
                .toolCall(index: 0, id: "a", name: "f", arguments: #"{"a":""#),
                .toolCall(index: 0, id: nil, name: nil, arguments: #"😀"}"#), .text("\u{fffd}"), .finish(.stop),
            ])
    }

    @Test func argumentsMayBeAnObject() async throws {
        let calls = #"{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"city":"Oslo"}}}]}"#
        let call = ToolCall(id: "a", name: "f", arguments: #"{"city":"Oslo"}"#)
        #expect(try await answer(calls).toolCalls == [call])
        let chunks = try await stream(#"{"model":"m","choices":[{"delta":\#(calls)}]}"#)
        #expect(chunks.last == .toolCall(index: 0, id: "a", name: "f", arguments: #"{"city":"Oslo"}"#))
    }

    @Test func callsWithoutNumbersAreToldApart() async throws {
        func piece(_ call: String) -> String { #"{"model":"m","choices":[{"delta":{"tool_calls":[\#(call)]}}]}"# }
        var builder = ReplyBuilder()
        for chunk in try await stream(
            piece(#"{"id":"a","function":{"name":"f","arguments":"{\"x\""}}"#),
            piece(#"{"function":{"arguments":":1}"}}"#),
            piece(#"{"id":"b","function":{"name":"f","arguments":"{}"}}"#),
            piece(#"{"function":{"name":"g","arguments":"{}"}},{"function":{"name":"h","arguments":"{}"}}"#),
            piece(#"{"id":"a","function":{"arguments":" "}}"#))
        { builder.add(chunk) }
        #expect(
            builder.reply.toolCalls == [
                ToolCall(id: "a", name: "f", arguments: #"{"x":1} "#), ToolCall(id: "b", name: "f", arguments: "{}"),
                ToolCall(id: "", name: "g", arguments: "{}"), ToolCall(id: "", name: "h", arguments: "{}"),
            ])
    }

    @Test func whoAnswersIsSaidByTheAnswer() async throws {
        let chunks = try await stream(
            #"{"id":"","model":"","choices":[],"prompt_filter_results":[]}"#,
            #"{"id":"c","model":"gpt","choices":[{"delta":{"content":"a"}}]}"#)
        #expect(chunks == [.start(id: "c", model: "gpt"), .text("a")])
    }

    @Test(arguments: [
        ("5.0", 5), ("-3", 0), ("9223372036854775807", 1_000_000_000), ("1e300", 1_000_000_000), ("\"7\"", 0),
        ("99999999999999999999", 1_000_000_000), ("-99999999999999999999", 0),
    ])
    func countsAreTakenAsTheyCome(written: String, count: Int) async throws {
        let body = #"{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":\#(written)}}"#
        let reply = try await Conversation.model(.chat, ScriptedTransport(.json(body))).complete(ModelRequest("x"))
        #expect(reply.usage.input == count)
        let claude = #"{"content":[],"usage":{"input_tokens":\#(written),"cache_read_input_tokens":\#(written)}}"#
        let other = try await Conversation.model(.messages, ScriptedTransport(.json(claude))).complete(
            ModelRequest("x"))
        #expect(other.usage.input == 2 * count)
    }

    @Test(arguments: [
        "data: {A}\n\ndata: [DONE] \n\n", "data: {A}\n\ndata:\n\ndata: [DONE]\n\n", "data: {A}\n\ndata: [DONE]",
        "data:{A}\r\n\r\ndata: [DONE]\r\n", ": hello\n\ndata: {A}\n\ndata: [DONE]\n\n",
    ])
    func streamsMayBeWrittenLoosely(body: String) async throws {
        let text = body.replacing("{A}", with: #"{"model":"m","choices":[{"delta":{"content":"hi"}}]}"#)
        for type in ["text/event-stream", "text/plain; charset=utf-8", "application/json"] {
            var answer = ScriptedTransport.Answer(headers: ["Content-Type": type])
            answer.pieces = [Array(text.utf8.prefix(3)), Array(text.utf8.dropFirst(3))]
            let stream = try await Conversation.model(.chat, ScriptedTransport(answer)).stream(ModelRequest("x"))
            #expect(try await stream.collect().text == "hi")
        }
    }

    @Test(arguments: [#"{"choices":[{"delta":{"content":"b"}}]}"#, #"{"choices":[{"delta""#])
    func aStreamWithoutItsEndIsCut(last: String) async throws {
        let first = #"{"model":"m","choices":[{"delta":{"content":"a"}}]}"#
        var answer = ScriptedTransport.Answer(headers: ["Content-Type": "text/event-stream"])
        answer.pieces = [Array("data: \(first)\n\ndata: \(last)".utf8)]
        let model = Conversation.model(.chat, ScriptedTransport(answer))
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.stream(ModelRequest("x")).collect()
        }
        #expect(error?.code == .streamTruncated)
    }
}
