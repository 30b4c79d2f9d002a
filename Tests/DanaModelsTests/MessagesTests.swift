import DanaData
import Testing

@testable import DanaModels

/// Anthropic's Messages: what is written, what is read.
@Suite struct MessagesTests {
    private static let whole = #"""
        {"id":"m-1","type":"message","model":"m-1-b","role":"assistant","stop_reason":"tool_use","content":[
        {"type":"thinking","thinking":"hm"},{"type":"text","text":"Rain."},
        {"type":"tool_use","id":"call-2","name":"weather","input":{"city":"Bergen"}}],
        "usage":{"input_tokens":10,"cache_read_input_tokens":8,"cache_creation_input_tokens":2,"output_tokens":5}}
        """#

    @Test func aRequestIsWritten() async throws {
        let transport = ScriptedTransport(.json(Self.whole))
        var request = try Conversation.full()
        request.stop = ["END"]
        request.messages.insert(.system("Be kind."), at: 1)
        request.messages.append(.user("Now."))
        _ = try await Conversation.model(.messages, transport).complete(request)
        #expect(
            try Conversation.body(transport) == #"""
                {"max_tokens":50,"temperature":0.2,"top_p":0.9,"stop_sequences":["END"],"model":"m-1","system":"Be short.\n\nBe kind.","messages":[{"role":"user","content":[{"type":"text","text":"How is Oslo?"}]},{"role":"assistant","content":[{"type":"tool_use","id":"call-1","name":"weather","input":{"city":"Oslo"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"call-1","content":"rain"},{"type":"text","text":"And \"Bergen\"?"},{"type":"text","text":"Now."}]}],"tools":[{"name":"weather","description":"Tells the weather.","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}}],"tool_choice":{"type":"auto"}}
                """#)
        let sent = try #require(transport.requests.first)
        #expect(sent.url == "http://host/v1/messages")
        #expect(sent.headers["x-api-key"] == Conversation.key.revealed)
        #expect(sent.headers["anthropic-version"] == MessagesFormat.version)
        #expect(sent.headers["Authorization"] == nil)
    }

    @Test func anAnswerIsRead() async throws {
        let reply = try await Conversation.model(.messages, ScriptedTransport(.json(Self.whole))).complete(
            ModelRequest("x"))
        #expect(
            reply
                == ModelReply(
                    text: "Rain.", reasoning: "hm",
                    toolCalls: [ToolCall(id: "call-2", name: "weather", arguments: #"{"city":"Bergen"}"#)],
                    finishReason: .toolCalls, usage: TokenUsage(input: 20, output: 5, cachedInput: 8), model: "m-1-b",
                    id: "m-1"))
    }

    @Test func aStreamIsRead() async throws {
        let transport = ScriptedTransport(
            .events([
                #"{"type":"message_start","message":{"id":"m","model":"x","usage":{"input_tokens":3,"output_tokens":1}}}"#,
                #"{"type":"ping"}"#,
                #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Rain"}}"#,
                #"{"type":"content_block_stop","index":0}"#,
                #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"a","name":"f","input":{}}}"#,
                #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{}"}}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}"#,
                #"{"type":"message_stop"}"#,
            ]))
        let stream = try await Conversation.model(.messages, transport).stream(ModelRequest("x"))
        #expect(
            try await Conversation.chunks(stream) == [
                .start(id: "m", model: "x"), .usage(TokenUsage(input: 3, output: 1)), .text("Rain"),
                .toolCall(index: 1, id: "a", name: "f", arguments: ""),
                .toolCall(index: 1, id: nil, name: nil, arguments: "{}"), .usage(TokenUsage(input: 3, output: 9)),
                .finish(.toolCalls),
            ])
    }

    @Test func anAnswerToASchemaIsTheCallOfATool() async throws {
        var request = ModelRequest("x")
        request.schema = ReplySchema(name: "mood", schema: try Conversation.tape(#"{"type":"object"}"#))
        let whole = ScriptedTransport(
            .json(
                #"{"stop_reason":"tool_use","content":[{"type":"tool_use","id":"a","name":"mood","input":{"mood":"good"}}]}"#
            ))
        let reply = try await Conversation.model(.messages, whole).complete(request)
        #expect(reply.text == #"{"mood":"good"}"# && reply.finishReason == .stop && reply.toolCalls.isEmpty)
        #expect(try Conversation.body(whole).contains(#""tool_choice":{"type":"tool","name":"mood"}"#))
        let streamed = ScriptedTransport(
            .events([
                #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"a","name":"mood","input":{}}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"mood\":"}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"\"good\"}"}}"#,
                #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":9}}"#,
                #"{"type":"message_stop"}"#,
            ]))
        let collected = try await Conversation.model(.messages, streamed).stream(request).collect()
        #expect(collected.text == #"{"mood":"good"}"# && collected.finishReason == .stop)
    }

    @Test func tokensAreCountedByTheProvider() async throws {
        let transport = ScriptedTransport(.json(#"{"input_tokens":14}"#))
        let count = try await Conversation.model(.messages, transport).countTokens(ModelRequest("x", system: "y"))
        #expect(count == TokenCount(tokens: 14, isExact: true))
        #expect(transport.requests.first?.url == "http://host/v1/messages/count_tokens")
    }

    @Test func anErrorInTheStreamIsAnError() async {
        let event = #"{"type":"error","error":{"type":"overloaded_error","message":"too much"}}"#
        let model = Conversation.model(.messages, ScriptedTransport(.events([event])))
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.stream(ModelRequest("x")).collect()
        }
        #expect(error?.code == .overloaded && error?.message == "too much")
    }

    @Test func textsWithNothingInThemAreNotSent() async throws {
        let transport = ScriptedTransport(.json(#"{"content":[]}"#))
        let request = ModelRequest([.user("a"), .assistant(""), .user("b"), .system("")], system: "")
        _ = try await Conversation.model(.messages, transport).complete(request)
        #expect(
            try Conversation.body(transport).contains(
                #""messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]"#))
        #expect(try !Conversation.body(transport).contains("system"))
    }

    @Test func thoughtsGoBackWithWhatToolsAnswer() async throws {
        let thoughts =
            #"{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"redacted_thinking","data":"eA=="}"#
        let asking =
            #"{"stop_reason":"tool_use","content":[\#(thoughts),{"type":"tool_use","id":"a","name":"weather","input":{}}]}"#
        let transport = ScriptedTransport(.json(asking), .json(#"{"content":[{"type":"text","text":"Rain."}]}"#))
        let pool = try ModelPool("m") { _ in Conversation.model(.messages, transport) }
        var question = ModelQuestion("How is Oslo?")
        question.tools = [
            ToolDefinition(name: "weather", description: "", parameters: try Conversation.tape(#"{"type":"object"}"#))
        ]
        let answer = try await pool.answer(question) { _ in "rain" }
        #expect(answer.text == "Rain.")
        let told = String(decoding: try #require(transport.requests.last?.body), as: UTF8.self)
        #expect(told.contains(#"{"role":"assistant","content":[\#(thoughts),{"type":"tool_use","id":"a","#), "\(told)")
    }

    @Test func piecesMayPartACharacter() async throws {
        let transport = ScriptedTransport(
            .events([
                #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a\ud83d"}}"#,
                #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\ude00b\ud83d"}}"#,
                #"{"type":"message_stop"}"#,
            ]))
        let stream = try await Conversation.model(.messages, transport).stream(ModelRequest("x"))
        #expect(try await Conversation.chunks(stream).texts == "a😀b\u{fffd}")
    }
}
