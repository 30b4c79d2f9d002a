/// Puts the pieces of an answer together.
public struct ReplyBuilder: Sendable {
    public private(set) var reply = ModelReply(text: "", finishReason: .other("none told"))
    /// Where the call with an index of the stream stands among the calls of the answer.
    private var places: [Int: Int] = [:]

    public init() {}

    public mutating func add(_ chunk: ModelChunk) {
        switch chunk {
        case .asked(let name): reply.asked = name
        case .start(let id, let model): (reply.id, reply.model) = (id, model)
        case .text(let text): reply.text += text
        case .reasoning(let text): reply.reasoning += text
        case .usage(let usage): reply.usage = usage
        case .finish(let reason): reply.finishReason = reason
        case .toolCall(let index, let id, let name, let arguments):
            let place = places[index] ?? reply.toolCalls.count
            if place == reply.toolCalls.count {
                places[index] = place
                reply.toolCalls.append(ToolCall(id: "", name: "", arguments: ""))
            }
            if let id, !id.isEmpty { reply.toolCalls[place].id = id }
            if let name, !name.isEmpty { reply.toolCalls[place].name = name }
            reply.toolCalls[place].arguments += arguments
        }
    }
}
