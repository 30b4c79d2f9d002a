import DanaData
import DanaHTTP

/// OpenAI's chat completions, which most servers speak: vLLM, llama.cpp, Ollama, LM Studio, Ray Serve and others.
struct ChatCompletionsFormat: WireFormat {
    /// The field that holds the limit of tokens. OpenAI's newer models refuse the old name, most other servers do not
    /// know the new one.
    private let limitField: String
    private let seedField: String
    /// Whether a schema can be sent. Where it cannot, the instructions tell it, and JSON of any form is demanded.
    private let takesSchemas: Bool
    /// Whether thoughts go back to it: some demand them with what tools answered, others take no fields that they do not
    /// know, and tell no thoughts that they could be given.
    private let takesThoughts: Bool

    /// As this provider speaks it.
    init(provider: String = "compatible") {
        limitField = provider == "openai" ? "max_completion_tokens" : "max_tokens"
        seedField = provider == "mistral" ? "random_seed" : "seed"
        takesSchemas = provider != "deepseek"
        takesThoughts = !["openai", "mistral", "groq", "xai"].contains(provider)
    }

    var capabilities: ModelCapabilities {
        let all: ModelCapabilities = [.streaming, .tools, .schema, .seed, .stop, .embeddings]
        return takesSchemas ? all : all.subtracting(.schema)
    }

    let path = "/chat/completions"

    func headers(_ key: Secret?) -> HTTPHeaders {
        key.map { ["Authorization": "Bearer \($0.revealed)"] } ?? [:]
    }

    func body(_ request: ModelRequest, model: String, stream: Bool) throws(WireFault) -> [UInt8] {
        try Self.extras.body(request) { json in
            json.field("model", model)
            let system = request.system.map { [ChatMessage.system($0)] } ?? []
            json.list("messages", of: system + request.messages, append)
            if stream {
                json.field("stream", true)
                json.object("stream_options") { $0.field("include_usage", true) }
            }
            json.field("temperature", request.temperature)
            json.field("top_p", request.topP)
            json.field(limitField, request.maxTokens.map(Int64.init))
            json.field(seedField, request.seed)
            if !request.stop.isEmpty { json.list("stop", of: request.stop) { $0.appendString($1) } }
            appendTools(request, &json)
            if let schema = request.schema {
                Self.append(schema, &json)
            } else if request.toldSchema != nil, !takesSchemas {
                json.object("response_format") { $0.field("type", "json_object") }
            }
        }
    }

    /// Those that limit an answer under other names, and that name further models, are among them.
    private static let extras = ExtraFields(options: [
        "model": "use the option 'model'", "models": "use the option 'model'", "messages": "use the messages",
        "stream": "ask for a stream instead", "stream_options": "ask for a stream instead",
        "temperature": "use the option 'temperature'", "top_p": "use the option 'top_p'",
        "max_tokens": "use the option 'max_tokens'", "max_completion_tokens": "use the option 'max_tokens'",
        "n_predict": "use the option 'max_tokens'", "seed": "use the option 'seed'",
        "random_seed": "use the option 'seed'",
        "stop": "use the option 'stop'",
        "tools": "use the option 'tools'",
    ])

    private func append(_ json: inout TapeBuilder, _ message: ChatMessage) {
        json.object { json in
            json.field("role", message.role.rawValue)
            json.field("content", message.text)
            if let id = message.toolCallID { json.field("tool_call_id", id) }
            if takesThoughts { ProviderThought.append(message.thoughts, to: &json) }
            guard !message.toolCalls.isEmpty else { return }
            json.list("tool_calls", of: message.toolCalls) { json, call in
                json.object { json in
                    json.field("id", call.id)
                    json.field("type", "function")
                    json.object("function") { json in
                        json.field("name", call.name)
                        json.field("arguments", call.arguments)
                    }
                    if takesThoughts { ProviderThought.append(call.thoughts, to: &json) }
                }
            }
        }
    }

    private func appendTools(_ request: ModelRequest, _ json: inout TapeBuilder) {
        guard !request.tools.isEmpty else { return }
        json.list("tools", of: request.tools) { json, tool in
            json.object { json in
                json.field("type", "function")
                json.object("function") { json in
                    json.field("name", tool.name)
                    json.field("description", tool.description)
                    json.field("parameters", tool.parameters.root)
                }
            }
        }
        request.toolChoice.append(to: &json) { json, name in json.object("function") { $0.field("name", name) } }
    }

    private static func append(_ schema: ReplySchema, _ json: inout TapeBuilder) {
        json.object("response_format") { json in
            json.field("type", "json_schema")
            json.object("json_schema") { json in
                json.field("name", schema.name)
                StrictSchema.append(schema.schema, to: &json)
            }
        }
    }

    func reply(_ answer: TapeValue, to request: ModelRequest) throws(WireFault) -> ModelReply {
        guard let choice = answer["choices"]?[0], let message = choice["message"] else {
            throw WireFault(.invalidReply, "the answer has no choices[0].message", body: answer.json)
        }
        try Self.checkFailure(choice)
        try WireFault.check(refusal: message.text("refusal"))
        let calls = message["tool_calls"]?.array?.map { call in
            var made = ToolCall(
                id: call.text("id") ?? "", name: call.at("function", "name")?.text ?? "",
                arguments: call.at("function", "arguments")?.writtenJSON ?? "")
            made.thoughts = ProviderThought.found(in: call)
            return made
        }
        var reply = ModelReply(
            text: Self.text(message["content"]), reasoning: Self.reasoning(message), toolCalls: calls ?? [],
            finishReason: Self.finishReason(choice.text("finish_reason") ?? "none told"),
            usage: answer["usage"].map(Self.usage) ?? TokenUsage(), model: answer.text("model") ?? "",
            id: answer.text("id") ?? "")
        reply.thoughts = ProviderThought.found(in: message)
        return reply
    }

    func decoder(for request: ModelRequest) -> ChatCompletionsDecoder { ChatCompletionsDecoder() }

    func embeddings(_ texts: [String], model: String) throws(WireFault) -> WireQuestion<[[Float]]> {
        let body = try WireFault.writing { () throws(JSONWriteError) in
            try JSONFields.object { json in
                json.field("model", model)
                json.list("input", of: texts) { $0.appendString($1) }
            }
        }
        return WireQuestion(path: "/embeddings", body: body) { answer throws(WireFault) in
            try EmbeddingList(answer, count: texts.count).vectors
        }
    }

    // MARK: Words shared with the stream

    /// Throws where a choice ended because something failed behind the server, which OpenRouter tells there.
    static func checkFailure(_ choice: TapeValue) throws(WireFault) {
        if let fault = ProviderFault(choice) { throw WireFault(fault.code ?? .serverFailed, fault.message) }
        if choice.text("finish_reason") == "error" {
            throw WireFault(.serverFailed, "the provider ended the answer as failed", body: choice.json)
        }
    }

    static func reasoning(_ message: TapeValue) -> String {
        reasoningField(message)?.text ?? ""
    }

    static func reasoningField(_ message: TapeValue) -> TapeValue? {
        [message["reasoning_content"], message["reasoning"]].first { $0?.text != nil } ?? nil
    }

    private static func text(_ content: TapeValue?) -> String {
        var joined = JoinedText()
        return texts(content).map { joined.add($0) }.joined() + joined.rest()
    }

    /// The texts of a content, which is one, or a list of parts, or JSON that the server has read already.
    static func texts(_ content: TapeValue?) -> [TapeValue] {
        guard let content, !content.isNull else { return [] }
        if content.text != nil { return [content] }
        guard let parts = content.array, parts.allSatisfy({ $0["type"] != nil || $0["text"] != nil }) else {
            return [Tape(text: content.json).root]
        }
        return parts.compactMap { ["text", "output_text", nil].contains($0.text("type")) ? $0["text"] : nil }
    }

    static func finishReason(_ word: String) -> FinishReason {
        switch word {
        case "stop": .stop
        case "length": .length
        case "tool_calls", "function_call": .toolCalls
        case "content_filter": .contentFilter
        default: .other(word)
        }
    }

    static func usage(_ usage: TapeValue) -> TokenUsage {
        TokenUsage(
            input: usage.count("prompt_tokens"), output: usage.count("completion_tokens"),
            // DeepSeek has a name of its own for it.
            cachedInput: max(
                usage.count("prompt_tokens_details", "cached_tokens"), usage.count("prompt_cache_hit_tokens")),
            reasoning: usage.count("completion_tokens_details", "reasoning_tokens"))
    }
}
