import DanaData
import DanaHTTP

/// Reads a stream of chat completions, which ends with `[DONE]`.
struct ChatCompletionsDecoder: StreamDecoder {
    private(set) var isComplete = false
    private var hasStarted = false

    mutating func decode(_ event: ServerSentEvent) throws(WireFault) -> [ModelChunk] {
        if event.data.count == 6, event.data.elementsEqual("[DONE]".utf8) {
            isComplete = true
            return []
        }
        let tape = try document(event)
        let answer = tape.root
        if let fault = ProviderFault(answer) { throw WireFault(fault.code ?? .serverFailed, fault.message) }
        var chunks: [ModelChunk] = []
        if !hasStarted {
            hasStarted = true
            chunks.append(.start(id: answer.text("id") ?? "", model: answer.text("model") ?? ""))
        }
        if let choice = answer["choices"]?[0] { try append(choice, to: &chunks) }
        if let usage = answer["usage"], !usage.isNull { chunks.append(.usage(ChatCompletionsFormat.usage(usage))) }
        return chunks
    }

    private func append(_ choice: TapeValue, to chunks: inout [ModelChunk]) throws(WireFault) {
        if let delta = choice["delta"] {
            let reasoning = ChatCompletionsFormat.reasoning(delta)
            if !reasoning.isEmpty { chunks.append(.reasoning(reasoning)) }
            if let text = delta.text("content"), !text.isEmpty { chunks.append(.text(text)) }
            if let refusal = delta.text("refusal"), !refusal.isEmpty {
                throw WireFault(.contentFiltered, "the model refused: \(refusal)")
            }
            for (position, call) in (delta["tool_calls"]?.array?.map { $0 } ?? []).enumerated() {
                chunks.append(
                    .toolCall(
                        index: call["index"]?.int.flatMap(Int.init(exactly:)) ?? position, id: call.text("id"),
                        name: call.at("function", "name")?.string,
                        arguments: call.at("function", "arguments")?.string ?? ""))
            }
        }
        if let reason = choice.text("finish_reason") {
            chunks.append(.finish(ChatCompletionsFormat.finishReason(reason)))
        }
    }
}
