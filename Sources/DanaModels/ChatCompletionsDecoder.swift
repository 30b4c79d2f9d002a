import DanaData
import DanaHTTP

/// Reads a stream of chat completions, which ends with `[DONE]`.
struct ChatCompletionsDecoder: StreamDecoder {
    private(set) var isComplete = false
    private var hasStarted = false
    private var texts = StreamTexts()
    private var calls = CallPlaces()

    mutating func decode(_ event: ServerSentEvent) throws(WireFault) -> [ModelChunk] {
        if event.content.elementsEqual("[DONE]".utf8) {
            isComplete = true
            return texts.rest()
        }
        let tape = try document(event)
        let answer = tape.root
        if let fault = event.isError ? ProviderFault(refusal: answer) : ProviderFault(answer) {
            throw WireFault(fault.code ?? .serverFailed, fault.message)
        }
        // Of several answers the first is taken, as where they come whole.
        let choice = answer["choices"]?.items.first { ($0["index"]?.counted ?? 0) == 0 }
        var chunks: [ModelChunk] = []
        let model = answer.text("model") ?? ""
        // What comes before the answer, such as what was found in the request, does not say who answers.
        if !hasStarted, choice != nil || !model.isEmpty {
            hasStarted = true
            chunks.append(.start(id: answer.text("id") ?? "", model: model))
        }
        if let choice { chunks += try pieces(of: choice) }
        if let usage = answer["usage"], !usage.isNull { chunks.append(.usage(ChatCompletionsFormat.usage(usage))) }
        return chunks
    }

    private mutating func pieces(of choice: TapeValue) throws(WireFault) -> [ModelChunk] {
        try ChatCompletionsFormat.checkFailure(choice)
        var chunks: [ModelChunk] = []
        if let delta = choice["delta"] {
            chunks += texts.reasoning(ChatCompletionsFormat.reasoningField(delta))
            for text in ChatCompletionsFormat.texts(delta["content"]) { chunks += texts.text(text) }
            try WireFault.check(refusal: delta.text("refusal"))
            for call in delta["tool_calls"]?.items ?? [] {
                let (id, name) = (call.text("id"), call.at("function", "name")?.text)
                let place = calls.place(told: call["index"]?.counted, id: id, name: name)
                chunks.append(texts.call(place, id: id, name: name, arguments: call.at("function", "arguments")))
            }
        }
        if let reason = choice.text("finish_reason") {
            chunks += texts.rest()
            chunks.append(.finish(ChatCompletionsFormat.finishReason(reason)))
        }
        return chunks
    }
}
