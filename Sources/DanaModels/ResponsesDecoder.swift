import DanaData
import DanaHTTP

/// Reads a stream of Responses, which ends with the whole answer: completed, incomplete or failed.
struct ResponsesDecoder: StreamDecoder {
    private(set) var isComplete = false
    private var hasCalls = false
    private var hasText = false
    private var texts = StreamTexts()

    mutating func decode(_ event: ServerSentEvent) throws(WireFault) -> [ModelChunk] {
        let tape = try document(event)
        let message = tape.root
        switch message.text("type") {
        case "response.created":
            let answer = message["response"]
            return [.start(id: answer?.text("id") ?? "", model: answer?.text("model") ?? "")]
        case "response.output_text.delta":
            hasText = true
            return texts.text(message["delta"])
        case "response.reasoning_summary_text.delta": return texts.reasoning(message["delta"])
        case "response.refusal.done":
            try WireFault.check(refusal: message.text("refusal"))
            return []
        case "response.output_item.added":
            guard let item = message["item"], item.text("type") == "function_call" else { return [] }
            hasCalls = true
            return [
                texts.call(
                    message.count("output_index"), id: item.text("call_id"), name: item.text("name"),
                    arguments: item["arguments"])
            ]
        case "response.function_call_arguments.delta":
            return [texts.call(message.count("output_index"), id: nil, name: nil, arguments: message["delta"])]
        case "response.completed", "response.incomplete", "response.failed":
            guard let answer = message["response"] else {
                throw WireFault(.invalidReply, "the end of the stream has no response", body: message.json)
            }
            let unsaid = try unsaid(answer)
            let (reason, usage) = try ResponsesFormat.end(answer, hasCalls: hasCalls)
            isComplete = true
            return texts.rest() + unsaid + [.usage(usage), .finish(reason)]
        case "error":
            let fault = ProviderFault(message) ?? ProviderFault(fault: message)
            throw WireFault(fault.code ?? .serverFailed, fault.message)
        default: return []
        }
    }

    /// What stands in the whole answer only: some servers send no pieces of a text, or of a call.
    private mutating func unsaid(_ answer: TapeValue) throws(WireFault) -> [ModelChunk] {
        let whole = try ResponsesFormat.output(answer["output"])
        var chunks: [ModelChunk] = hasText || whole.text.isEmpty ? [] : [.text(whole.text)]
        guard !hasCalls else { return chunks }
        for (index, call) in whole.toolCalls.enumerated() {
            hasCalls = true
            chunks.append(.toolCall(index: index, id: call.id, name: call.name, arguments: call.arguments))
        }
        return chunks
    }
}
