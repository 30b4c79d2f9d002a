/// A whole answer given out as a stream.
struct ReplyStream: ModelStream.Source {
    private var chunks: ArraySlice<ModelChunk>

    init(_ reply: ModelReply) {
        var chunks: [ModelChunk] = reply.asked.map { [.asked($0)] } ?? []
        chunks.append(.start(id: reply.id, model: reply.model))
        if !reply.reasoning.isEmpty { chunks.append(.reasoning(reply.reasoning)) }
        if !reply.text.isEmpty { chunks.append(.text(reply.text)) }
        for (index, call) in reply.toolCalls.enumerated() {
            chunks.append(.toolCall(index: index, id: call.id, name: call.name, arguments: call.arguments))
        }
        self.chunks = chunks[...] + [.usage(reply.usage), .finish(reply.finishReason)]
    }

    nonisolated(nonsending) mutating func next() async throws(ModelError) -> ModelChunk? { chunks.popFirst() }
}
