extension LanguageModel {
    /// An answer for which the model may use the request's tools: `calling` answers a call, what it throws ends the
    /// whole. Calls of one step run at the same time.
    public func complete(
        _ request: ModelRequest, steps: Int = 8,
        calling: @escaping @Sendable (ToolCall) async throws(ModelError) -> String
    ) async throws(ModelError) -> ModelReply {
        let deadline = QuestionDeadline(request.timeouts.total)
        var conversation = ToolConversation(request, steps: steps)
        while true {
            var request = conversation.request
            request.timeouts.total = try deadline.left(name)
            switch try conversation.received(try await complete(request)) {
            case .finished(let reply): return reply
            case .call(let calls): conversation.answered(try await ToolCall.answers(to: calls, calling))
            }
            if Task.isCancelled { throw ModelError(.cancelled, "the call was cancelled", model: name) }
        }
    }
}
