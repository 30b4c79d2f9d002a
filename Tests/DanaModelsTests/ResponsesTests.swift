import DanaData
import Testing

@testable import DanaModels

/// OpenAI's Responses: what is written, what is read.
@Suite struct ResponsesTests {
    private static let whole = #"""
        {"id":"r-1","model":"m-1-b","status":"completed","output":[
        {"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},
        {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Rain"},{"type":"output_text","text":"."}]},
        {"type":"function_call","call_id":"call-2","name":"weather","arguments":"{}"}],
        "usage":{"input_tokens":20,"output_tokens":5,"input_tokens_details":{"cached_tokens":8},
        "output_tokens_details":{"reasoning_tokens":2}}}
        """#

    @Test func aRequestIsWritten() async throws {
        let transport = ScriptedTransport(.json(Self.whole))
        var request = try Conversation.full()
        request.toolChoice = .required
        request.schema = ReplySchema(name: "mood", schema: try Conversation.tape(#"{"type":"string"}"#))
        _ = try await Conversation.model(.responses, transport).complete(request)
        #expect(
            try Conversation.body(transport) == #"""
                {"model":"m-1","store":false,"instructions":"Be short.","input":[{"role":"user","content":"How is Oslo?"},{"type":"function_call","call_id":"call-1","name":"weather","arguments":"{\"city\":\"Oslo\"}"},{"type":"function_call_output","call_id":"call-1","output":"rain"},{"role":"user","content":"And \"Bergen\"?"}],"temperature":0.2,"top_p":0.9,"max_output_tokens":50,"tools":[{"type":"function","name":"weather","description":"Tells the weather.","parameters":{"type":"object","properties":{"city":{"type":"string"}}},"strict":false}],"tool_choice":"required","text":{"format":{"type":"json_schema","name":"mood","strict":false,"schema":{"type":"string"}}}}
                """#)
        #expect(transport.requests.first?.url == "http://host/v1/responses")
    }

    @Test func anAnswerIsRead() async throws {
        let reply = try await Conversation.model(.responses, ScriptedTransport(.json(Self.whole))).complete(
            ModelRequest("x"))
        #expect(
            reply
                == ModelReply(
                    text: "Rain.", reasoning: "hm",
                    toolCalls: [ToolCall(id: "call-2", name: "weather", arguments: "{}")],
                    finishReason: .toolCalls, usage: TokenUsage(input: 20, output: 5, cachedInput: 8, reasoning: 2),
                    model: "m-1-b", id: "r-1"))
    }

    @Test func aStreamIsRead() async throws {
        let transport = ScriptedTransport(
            .events([
                #"{"type":"response.created","response":{"id":"r","model":"m"}}"#,
                #"{"type":"response.in_progress","response":{}}"#,
                #"{"type":"response.reasoning_summary_text.delta","delta":"hm"}"#,
                #"{"type":"response.output_text.delta","delta":"Rain"}"#,
                #"{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","call_id":"a","name":"f","arguments":""}}"#,
                #"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{}"}"#,
                #"{"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":3,"output_tokens":2}}}"#,
            ]))
        let stream = try await Conversation.model(.responses, transport).stream(ModelRequest("x"))
        #expect(
            try await Conversation.chunks(stream) == [
                .start(id: "r", model: "m"), .reasoning("hm"), .text("Rain"),
                .toolCall(index: 1, id: "a", name: "f", arguments: ""),
                .toolCall(index: 1, id: nil, name: nil, arguments: "{}"), .usage(TokenUsage(input: 3, output: 2)),
                .finish(.toolCalls),
            ])
    }

    @Test func whatOnlyTheWholeAnswerSaysIsRead() async throws {
        let output =
            #"[{"type":"message","content":[{"type":"output_text","text":"Rain"}]},{"type":"function_call","call_id":"a","name":"f","arguments":"{}"}]"#
        let transport = ScriptedTransport(
            .events([
                #"{"type":"response.created","response":{"id":"r","model":"m"}}"#,
                #"{"type":"response.completed","response":{"status":"completed","output":\#(output)}}"#,
            ]))
        let reply = try await Conversation.model(.responses, transport).stream(ModelRequest("x")).collect()
        #expect(reply.text == "Rain" && reply.finishReason == .toolCalls)
        #expect(reply.toolCalls == [ToolCall(id: "a", name: "f", arguments: "{}")])
    }

    @Test(arguments: [
        ("max_output_tokens", FinishReason.length), ("content_filter", .contentFilter), ("odd", .other("odd")),
    ])
    func incompleteAnswersSayWhy(word: String, reason: FinishReason) async throws {
        let body = #"{"status":"incomplete","incomplete_details":{"reason":"\#(word)"},"output":[]}"#
        let reply = try await Conversation.model(.responses, ScriptedTransport(.json(body))).complete(ModelRequest("x"))
        #expect(reply.finishReason == reason)
    }

    @Test(arguments: [
        (
            #"{"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"broken"}}}"#,
            ModelError.Code.serverFailed
        ),
        (#"{"type":"error","code":"rate_limit_exceeded","message":"broken"}"#, .rateLimited),
        (#"{"type":"error","code":"context_length_exceeded","message":"broken"}"#, .contextTooLong),
        (#"{"type":"error","error":{"type":"invalid_request_error","message":"broken"}}"#, .invalidRequest),
        (#"{"type":"error","message":"broken"}"#, .serverFailed),
        (#"{"type":"response.refusal.done","refusal":"broken"}"#, .contentFiltered),
        (
            #"{"type":"response.completed","response":{"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"broken"}]}]}}"#,
            .contentFiltered
        ),
        (#"{"type":"response.output_text.delta","delta":"x"}"#, .streamTruncated),
    ])
    func failedStreamsAreErrors(event: String, code: ModelError.Code) async throws {
        let model = Conversation.model(.responses, ScriptedTransport(.events([event])))
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.stream(ModelRequest("x")).collect()
        }
        #expect(error?.code == code)
        if code != .streamTruncated { #expect(error?.message.contains("broken") == true) }
    }

    @Test func whatTheProtocolCannotSayIsRefused() async {
        var request = ModelRequest("x")
        request.seed = 1
        let model = Conversation.model(.responses, ScriptedTransport())
        let error = await Conversation.failure { () throws(ModelError) in _ = try await model.complete(request) }
        #expect(error?.code == .unsupported)
    }

    @Test func anEmptyRefusalIsNone() async throws {
        let body =
            #"{"status":"completed","output":[{"type":"message","content":[{"type":"output_text","text":"a\ud83d","refusal":""},{"type":"output_text","text":"\ude00"}]},{"type":"function_call","call_id":"c","name":"f","arguments":{"x":1}}]}"#
        let reply = try await Conversation.model(.responses, ScriptedTransport(.json(body))).complete(ModelRequest("x"))
        #expect(reply.text == "a😀" && reply.toolCalls == [ToolCall(id: "c", name: "f", arguments: #"{"x":1}"#)])
        let streamed = ScriptedTransport(
            .events([
                #"{"type":"response.created","response":{"id":"r","model":"m"}}"#,
                #"{"type":"response.output_text.delta","delta":"a\ud83d"}"#,
                #"{"type":"response.refusal.done","refusal":""}"#,
                #"{"type":"response.output_text.delta","delta":"\ude00\ud83d"}"#,
                #"{"type":"response.completed","response":{"status":"completed"}}"#,
            ]))
        let stream = try await Conversation.model(.responses, streamed).stream(ModelRequest("x"))
        #expect(try await Conversation.chunks(stream).texts == "a😀\u{fffd}")
    }
}
