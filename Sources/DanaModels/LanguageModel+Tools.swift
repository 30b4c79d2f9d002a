extension LanguageModel {
    /// An answer for which the model may use the request's tools: `calling` answers a call, what it throws ends the
    /// whole. Calls of one step run at the same time.
    public func complete(
        _ request: ModelRequest, steps: Int = 8,
        calling: @escaping @Sendable (ToolCall) async throws(ModelError) -> String
    ) async throws(ModelError) -> ModelReply {
        var conversation = ToolConversation(request, steps: steps)
        while true {
            switch try conversation.received(try await complete(conversation.request)) {
            case .finished(let reply): return reply
            case .call(let calls): conversation.answered(try await answers(to: calls, calling))
            }
            if Task.isCancelled { throw ModelError(.cancelled, "the call was cancelled", model: name) }
        }
    }

    private func answers(
        to calls: [ToolCall], _ calling: @escaping @Sendable (ToolCall) async throws(ModelError) -> String
    ) async throws(ModelError) -> [(ToolCall, String)] {
        typealias Outcome = (ToolCall, Result<String, ModelError>)
        let outcomes = await withTaskGroup(of: Outcome.self) { group in
            for call in calls {
                group.addTask {
                    do throws(ModelError) {
                        return (call, .success(try await calling(call)))
                    } catch {
                        return (call, .failure(error))
                    }
                }
            }
            var outcomes: [Outcome] = []
            for await outcome in group {
                if case .failure = outcome.1 { group.cancelAll() }
                outcomes.append(outcome)
            }
            return outcomes
        }
        var answers: [(ToolCall, String)] = []
        for (call, outcome) in outcomes { answers.append((call, try outcome.get())) }
        return answers
    }
}
