import DanaData
import DanaHTTP

/// Anthropic's Messages. An answer to a schema is asked for as the call of one tool, which every version understands.
struct MessagesFormat: WireFormat {
    /// The protocol wants a limit; this one is for requests that name none.
    static let usualMaxTokens = 4096
    static let version = "2023-06-01"

    let capabilities: ModelCapabilities = [.streaming, .tools, .schema, .stop, .exactTokenCount]
    let path = "/messages"

    func headers(_ key: Secret?) -> HTTPHeaders {
        var headers: HTTPHeaders = ["anthropic-version": MessagesFormat.version]
        if let key { headers.append("x-api-key", key.revealed) }
        return headers
    }

    func body(_ request: ModelRequest, model: String, stream: Bool) throws(WireFault) -> [UInt8] {
        guard request.seed == nil else {
            throw WireFault(.unsupported, "the Messages protocol has no seed: leave it out for this model")
        }
        return try Self.extras.body(request) { json in
            json.field("max_tokens", Int64(request.maxTokens ?? MessagesFormat.usualMaxTokens))
            if stream { json.field("stream", true) }
            json.field("temperature", request.temperature)
            json.field("top_p", request.topP)
            if !request.stop.isEmpty { json.list("stop_sequences", of: request.stop) { $0.appendString($1) } }
            Self.appendConversation(request, model: model, &json)
        }
    }

    private static let extras = ExtraFields(options: [
        "model": "use the option 'model'", "messages": "use the messages", "system": "use the option 'system'",
        "stream": "ask for a stream instead", "temperature": "use the option 'temperature'",
        "top_p": "use the option 'top_p'", "max_tokens": "use the option 'max_tokens'",
        "stop_sequences": "use the option 'stop'", "tools": "use the option 'tools'",
    ])

    func tokenCount(_ request: ModelRequest, model: String) throws(WireFault) -> WireQuestion<Int>? {
        let body = try WireFault.writing { () throws(JSONWriteError) in
            try JSONFields.object { Self.appendConversation(request, model: model, &$0) }
        }
        return WireQuestion(path: "/messages/count_tokens", body: body) { answer throws(WireFault) in
            guard let count = answer["input_tokens"]?.counted else {
                throw WireFault(.invalidReply, "the answer has no input_tokens", body: answer.json)
            }
            return count
        }
    }

    /// What the model reads.
    private static func appendConversation(_ request: ModelRequest, model: String, _ json: inout TapeBuilder) {
        json.field("model", model)
        let systems =
            ([request.system].compactMap { $0 }
            + request.messages.filter { $0.role == .system }.map(\.text)).filter { !$0.isEmpty }
        if !systems.isEmpty { json.field("system", systems.joined(separator: "\n\n")) }
        json.list("messages", of: turns(request.messages)) { json, turn in
            json.object { json in
                json.field("role", turn.role)
                json.list("content", of: turn.blocks) { $1.append(to: &$0) }
            }
        }
        appendTools(request, &json)
    }

    /// Messages of one speaker in a row are one turn, for turns must alternate.
    private static func turns(_ messages: [ChatMessage]) -> [(role: String, blocks: [Block])] {
        var turns: [(role: String, blocks: [Block])] = []
        for message in messages where message.role != .system {
            let role = message.role == .assistant ? "assistant" : "user"
            let blocks = Block.blocks(of: message)
            guard !blocks.isEmpty else { continue }
            if let last = turns.indices.last, turns[last].role == role {
                turns[last].blocks += blocks
            } else {
                turns.append((role, blocks))
            }
        }
        return turns
    }

    private enum Block {
        /// As the provider gave it.
        case thought(Tape)
        case text(String)
        case call(ToolCall)
        case result(id: String, text: String)

        /// The provider takes no texts without anything in them.
        static func blocks(of message: ChatMessage) -> [Block] {
            if let id = message.toolCallID { return [.result(id: id, text: message.text)] }
            let texts = message.text.allSatisfy(\.isWhitespace) ? [] : [Block.text(message.text)]
            // What another protocol's provider told is no block.
            let thoughts = message.thoughts.filter { $0.root["type"] != nil }
            return thoughts.map(Block.thought) + texts + message.toolCalls.map(Block.call)
        }

        func append(to json: inout TapeBuilder) {
            if case .thought(let block) = self { return json.append(block.root) }
            json.object { json in
                switch self {
                case .thought: break
                case .text(let text):
                    json.field("type", "text")
                    json.field("text", text)
                case .call(let call):
                    json.field("type", "tool_use")
                    json.field("id", call.id)
                    json.field("name", call.name)
                    if let arguments = try? JSONReader.read(call.arguments) {
                        json.field("input", arguments.root)
                    } else {
                        json.object("input") { $0.field("arguments", call.arguments) }
                    }
                case .result(let id, let text):
                    json.field("type", "tool_result")
                    json.field("tool_use_id", id)
                    json.field("content", text)
                }
            }
        }
    }

    private static func appendTools(_ request: ModelRequest, _ json: inout TapeBuilder) {
        var tools = request.tools
        if let schema = request.schema {
            tools.append(
                ToolDefinition(
                    name: schema.name, description: "Gives the answer. Call it once, with the whole answer.",
                    parameters: schema.schema))
        }
        guard !tools.isEmpty else { return }
        json.list("tools", of: tools) { json, tool in
            json.object { json in
                json.field("name", tool.name)
                json.field("description", tool.description)
                json.field("input_schema", tool.parameters.root)
            }
        }
        json.object("tool_choice") { json in
            switch (request.schema, request.toolChoice) {
            case (let schema?, _) where request.tools.isEmpty:
                json.field("type", "tool")
                json.field("name", schema.name)
            case (.some, _), (nil, .required): json.field("type", "any")
            case (nil, .automatic): json.field("type", "auto")
            case (nil, .none): json.field("type", "none")
            case (nil, .named(let name)):
                json.field("type", "tool")
                json.field("name", name)
            }
        }
    }

    func reply(_ answer: TapeValue, to request: ModelRequest) throws(WireFault) -> ModelReply {
        guard let blocks = answer["content"]?.array else {
            throw WireFault(.invalidReply, "the answer has no content", body: answer.json)
        }
        var reply = ModelReply(text: "", model: answer.text("model") ?? "", id: answer.text("id") ?? "")
        for block in blocks {
            switch block.text("type") {
            case "text": reply.text += block.text("text") ?? ""
            case "thinking", "redacted_thinking":
                reply.reasoning += block.text("thinking") ?? ""
                // Without the provider's mark on it a thought is not taken back.
                if block["signature"] != nil || block["data"] != nil { reply.thoughts.append(Tape(block)) }
            case "tool_use":
                let arguments = block["input"]?.json ?? ""
                let name = block.text("name") ?? ""
                if name == request.schema?.name {
                    reply.text = arguments
                } else {
                    reply.toolCalls.append(ToolCall(id: block.text("id") ?? "", name: name, arguments: arguments))
                }
            default: break
            }
        }
        let reason = answer.text("stop_reason") ?? "none told"
        reply.finishReason = Self.finishReason(reason, isAnswer: request.schema != nil && reply.toolCalls.isEmpty)
        reply.usage = answer["usage"].map(Self.usage) ?? TokenUsage()
        return reply
    }

    func decoder(for request: ModelRequest) -> MessagesDecoder { MessagesDecoder(answerTool: request.schema?.name) }

    // MARK: Words shared with the stream

    /// `isAnswer` when the tool that was called is the one that stands for the answer.
    static func finishReason(_ word: String, isAnswer: Bool) -> FinishReason {
        switch word {
        case "end_turn", "stop_sequence": .stop
        case "max_tokens", "model_context_window_exceeded": .length
        case "tool_use": isAnswer ? .stop : .toolCalls
        case "refusal": .contentFilter
        default: .other(word)
        }
    }

    /// The provider counts what it had read before apart.
    static func usage(_ usage: TapeValue) -> TokenUsage {
        let cached = usage.count("cache_read_input_tokens")
        let written = usage.count("cache_creation_input_tokens")
        return TokenUsage(
            input: usage.count("input_tokens") + cached + written, output: usage.count("output_tokens"),
            cachedInput: cached)
    }
}
