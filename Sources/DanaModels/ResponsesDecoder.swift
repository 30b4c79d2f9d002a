import DanaData
import DanaHTTP

/// Reads a stream of Responses, which ends with the whole answer: completed, incomplete or failed.
struct ResponsesDecoder: StreamDecoder {
    private(set) var isComplete = false
    private var hasCalls = false

    mutating func decode(_ event: ServerSentEvent) throws(WireFault) -> [ModelChunk] {
        let tape = try document(event)
        let message = tape.root
        switch message.text("type") {
        case "response.created":
            let answer = message["response"]
            return [.start(id: answer?.text("id") ?? "", model: answer?.text("model") ?? "")]
        case "response.output_text.delta": return [.text(message.text("delta") ?? "")]
        case "response.reasoning_summary_text.delta": return [.reasoning(message.text("delta") ?? "")]
        case "response.refusal.done":
            throw WireFault(.contentFiltered, "the model refused: \(message.text("refusal") ?? "")")
        case "response.output_item.added":
            guard let item = message["item"], item.text("type") == "function_call" else { return [] }
            hasCalls = true
            return [
                .toolCall(
                    index: message.count("output_index"), id: item.text("call_id"), name: item.text("name"),
                    arguments: item.text("arguments") ?? "")
            ]
        case "response.function_call_arguments.delta":
            return [
                .toolCall(
                    index: message.count("output_index"), id: nil, name: nil, arguments: message.text("delta") ?? "")
            ]
        case "response.completed", "response.incomplete", "response.failed":
            guard let answer = message["response"] else {
                throw WireFault(.invalidReply, "the end of the stream has no response", body: message.shortened)
            }
            let (reason, usage) = try ResponsesFormat.end(answer, hasCalls: hasCalls)
            isComplete = true
            return [.usage(usage), .finish(reason)]
        case "error":
            throw WireFault(
                message.text("code") == "rate_limit_exceeded" ? .rateLimited : .serverFailed,
                message.text("message") ?? message.at("error", "message")?.string ?? "the stream failed")
        default: return []
        }
    }
}
