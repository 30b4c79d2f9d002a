import DanaData
import DanaHTTP

/// Reads a stream of Messages, which ends with `message_stop`.
struct MessagesDecoder: StreamDecoder {
    private(set) var isComplete = false
    /// The tool whose arguments are the answer.
    private let answerTool: String?
    private var answerIndex: Int?
    private var hasCalls = false
    private var usage = TokenUsage()
    private var texts = StreamTexts()

    init(answerTool: String?) { self.answerTool = answerTool }

    mutating func decode(_ event: ServerSentEvent) throws(WireFault) -> [ModelChunk] {
        let tape = try document(event)
        let message = tape.root
        let index = message.count("index")
        switch message.text("type") {
        case "message_start":
            let answer = message["message"]
            usage = answer?["usage"].map(MessagesFormat.usage) ?? usage
            return [.start(id: answer?.text("id") ?? "", model: answer?.text("model") ?? ""), .usage(usage)]
        case "content_block_start": return begin(message["content_block"], index)
        case "content_block_delta":
            guard let delta = message["delta"] else { return [] }
            return piece(delta, index)
        case "message_delta":
            usage.output = max(usage.output, message["usage"]?.count("output_tokens") ?? 0)
            let reason = message.at("delta", "stop_reason")?.text
            let isAnswer = answerIndex != nil && !hasCalls
            return texts.rest() + [.usage(usage)]
                + (reason.map { [.finish(MessagesFormat.finishReason($0, isAnswer: isAnswer))] } ?? [])
        case "message_stop":
            isComplete = true
            return texts.rest()
        case "error":
            let fault = ProviderFault(message)
            throw WireFault(fault?.code ?? .serverFailed, fault?.message ?? "the stream failed")
        default: return []
        }
    }

    private mutating func begin(_ block: TapeValue?, _ index: Int) -> [ModelChunk] {
        guard let block, block.text("type") == "tool_use" else {
            return texts.text(block?["text"])
        }
        let name = block.text("name")
        if name != nil, name == answerTool {
            answerIndex = index
            return []
        }
        hasCalls = true
        return [.toolCall(index: index, id: block.text("id"), name: name, arguments: "")]
    }

    private mutating func piece(_ delta: TapeValue, _ index: Int) -> [ModelChunk] {
        switch delta.text("type") {
        case "text_delta": texts.text(delta["text"])
        case "thinking_delta": texts.reasoning(delta["thinking"])
        case "input_json_delta":
            index == answerIndex
                ? texts.text(delta["partial_json"])
                : [texts.call(index, id: nil, name: nil, arguments: delta["partial_json"])]
        default: []
        }
    }
}
