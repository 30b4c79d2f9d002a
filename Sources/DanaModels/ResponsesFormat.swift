import DanaData
import DanaHTTP

/// OpenAI's Responses. Nothing is kept at the provider: each request brings its whole conversation.
struct ResponsesFormat: WireFormat {
    let capabilities: ModelCapabilities = [.streaming, .tools, .schema, .embeddings]
    let path = "/responses"

    func headers(_ key: Secret?) -> HTTPHeaders { ChatCompletionsFormat().headers(key) }

    func body(_ request: ModelRequest, model: String, stream: Bool) throws(WireFault) -> [UInt8] {
        guard request.stop.isEmpty, request.seed == nil else {
            throw WireFault(
                .unsupported, "the Responses protocol has neither seed nor stop texts: use the chat completions instead"
            )
        }
        return try Self.extras.body(request) { json in
            json.field("model", model)
            json.field("store", false)
            if let system = request.system { json.field("instructions", system) }
            json.list("input", of: request.messages.flatMap(Item.items)) { $1.append(to: &$0) }
            if stream { json.field("stream", true) }
            json.field("temperature", request.temperature)
            json.field("top_p", request.topP)
            json.field("max_output_tokens", request.maxTokens.map(Int64.init))
            Self.appendTools(request, &json)
            if let schema = request.schema {
                json.object("text") { json in
                    json.object("format") { json in
                        json.field("type", "json_schema")
                        json.field("name", schema.name)
                        StrictSchema.append(schema.schema, to: &json)
                    }
                }
            }
        }
    }

    private static let extras = ExtraFields(options: [
        "model": "use the option 'model'", "input": "use the messages", "instructions": "use the option 'system'",
        "stream": "ask for a stream instead", "store": "nothing is kept at the provider",
        "temperature": "use the option 'temperature'", "top_p": "use the option 'top_p'",
        "max_output_tokens": "use the option 'max_tokens'", "tools": "use the option 'tools'",
    ])

    /// An element of the conversation: a message of several parts takes several.
    private enum Item {
        case message(role: String, text: String)
        case call(ToolCall)
        case result(id: String, text: String)

        static func items(of message: ChatMessage) -> [Item] {
            if let id = message.toolCallID { return [.result(id: id, text: message.text)] }
            let calls = message.toolCalls.map(Item.call)
            if message.text.isEmpty, !calls.isEmpty { return calls }
            return [.message(role: message.role.rawValue, text: message.text)] + calls
        }

        func append(to json: inout TapeBuilder) {
            json.object { json in
                switch self {
                case .message(let role, let text):
                    json.field("role", role)
                    json.field("content", text)
                case .call(let call):
                    json.field("type", "function_call")
                    json.field("call_id", call.id)
                    json.field("name", call.name)
                    json.field("arguments", call.arguments)
                case .result(let id, let text):
                    json.field("type", "function_call_output")
                    json.field("call_id", id)
                    json.field("output", text)
                }
            }
        }
    }

    private static func appendTools(_ request: ModelRequest, _ json: inout TapeBuilder) {
        guard !request.tools.isEmpty else { return }
        json.list("tools", of: request.tools) { json, tool in
            json.object { json in
                json.field("type", "function")
                json.field("name", tool.name)
                json.field("description", tool.description)
                json.field("parameters", tool.parameters.root)
                json.field("strict", false)
            }
        }
        request.toolChoice.append(to: &json) { json, name in json.field("name", name) }
    }

    func reply(_ answer: TapeValue, to request: ModelRequest) throws(WireFault) -> ModelReply {
        guard answer["output"]?.array != nil else {
            throw WireFault(.invalidReply, "the answer has no output", body: answer.json)
        }
        var reply = try Self.output(answer["output"])
        (reply.model, reply.id) = (answer.text("model") ?? "", answer.text("id") ?? "")
        (reply.finishReason, reply.usage) = try Self.end(answer, hasCalls: !reply.toolCalls.isEmpty)
        return reply
    }

    /// What an answer says, by its items; throws when the model refused.
    static func output(_ items: TapeValue?) throws(WireFault) -> ModelReply {
        var reply = ModelReply(text: "")
        for item in items?.items ?? [] { try add(item, to: &reply) }
        return reply
    }

    private static func add(_ item: TapeValue, to reply: inout ModelReply) throws(WireFault) {
        switch item.text("type") {
        case "message":
            var joined = JoinedText()
            for part in item["content"]?.items ?? [] {
                try WireFault.check(refusal: part.text("refusal"))
                reply.text += part["text"].map { joined.add($0) } ?? ""
            }
            reply.text += joined.rest()
        case "reasoning":
            for part in item["summary"]?.items ?? [] { reply.reasoning += part.text("text") ?? "" }
        case "function_call":
            reply.toolCalls.append(
                ToolCall(
                    id: item.text("call_id") ?? "", name: item.text("name") ?? "",
                    arguments: item["arguments"]?.writtenJSON ?? ""))
        default: break
        }
    }

    /// How an answer ended, and what it took.
    static func end(_ answer: TapeValue, hasCalls: Bool) throws(WireFault) -> (FinishReason, TokenUsage) {
        let usage = answer["usage"]
        let tokens = TokenUsage(
            input: usage?.count("input_tokens") ?? 0, output: usage?.count("output_tokens") ?? 0,
            cachedInput: usage?.count("input_tokens_details", "cached_tokens") ?? 0,
            reasoning: usage?.count("output_tokens_details", "reasoning_tokens") ?? 0)
        switch answer.text("status") {
        case "completed": return (hasCalls ? .toolCalls : .stop, tokens)
        case "incomplete":
            let reason = answer.at("incomplete_details", "reason")?.text ?? "incomplete"
            switch reason {
            case "max_output_tokens": return (.length, tokens)
            case "content_filter": return (.contentFilter, tokens)
            default: return (.other(reason), tokens)
            }
        case let status:
            let fault = ProviderFault(answer)
            throw WireFault(
                fault?.code ?? .serverFailed, fault?.message ?? "the answer ended as \(status ?? "nothing")",
                body: answer.json)
        }
    }

    func decoder(for request: ModelRequest) -> ResponsesDecoder { ResponsesDecoder() }

    func embeddings(_ texts: [String], model: String) throws(WireFault) -> WireQuestion<[[Float]]> {
        try ChatCompletionsFormat().embeddings(texts, model: model)
    }
}
