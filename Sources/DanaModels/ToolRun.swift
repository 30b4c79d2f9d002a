import Synchronization

/// A question for which the model may call tools, on its way from step to step. Whoever drives it asks for the next
/// step, calls the tools and tells what they answered.
public final class ToolRun: Sendable {
    public enum Step: Sendable {
        case finished(ModelAnswer)
        /// What is to be called; nothing when every call was refused already.
        case call([ToolCall])
    }

    private struct State {
        var conversation: ToolConversation
    }

    private let question: ModelQuestion
    private let deadline: QuestionDeadline
    private let notes: [String]
    private let state: Mutex<State>

    public init(_ question: ModelQuestion) {
        self.question = question
        deadline = QuestionDeadline(question.options.timeout)
        var (request, notes) = question.request()
        // The form of the answer is asked for when the tools have been called.
        request.schema = nil
        self.notes = notes
        state = Mutex(State(conversation: ToolConversation(request, steps: question.options.maxSteps)))
    }

    /// Asks the model what is next.
    public nonisolated(nonsending) func step(_ asker: some ModelAsker) async throws(ModelError) -> Step {
        guard question.options.batchSize == nil else {
            throw ModelError(
                .invalidRequest, "tools are not called for batches: leave out either tools or batch_size",
                model: asker.modelName)
        }
        var (request, options) = (state.withLock { $0.conversation.request }, question.options)
        options.timeout = try deadline.left(asker.modelName)
        request.timeouts.total = options.timeout
        var answer: ModelAnswer
        do {
            answer = try await asker.answer(to: request, options)
        } catch {
            throw deadline.told(error)
        }
        // Errors call it as users do, who know nothing of the provider's own word.
        var received = ModelReply(
            text: answer.text, reasoning: answer.reasoning, toolCalls: answer.toolCalls,
            finishReason: answer.finishReason, usage: answer.usage, model: answer.model)
        received.thoughts = answer.thoughts
        let next = try state.withLock { [received] state throws(ModelError) in
            try state.conversation.received(received)
        }
        switch next {
        case .call(let calls): return .call(calls)
        case .finished(let reply):
            answer.usage = reply.usage
            answer.notes = notes + answer.notes
            guard let schema = question.schema ?? question.options.schema else { return .finished(answer) }
            return .finished(try await formed(answer, after: request, schema, asker))
        }
    }

    /// What the tools answered, in any order.
    public func answered(_ answers: [(ToolCall, String)]) {
        let told = answers.map { ($0, question.filter($1)) }
        state.withLock { $0.conversation.answered(told) }
    }

    /// The answer in the form that was asked for.
    private nonisolated(nonsending) func formed(
        _ answer: ModelAnswer, after request: ModelRequest, _ schema: ReplySchema, _ asker: some ModelAsker
    ) async throws(ModelError) -> ModelAnswer {
        var last = ModelQuestion(
            messages: request.messages + [.assistant(answer.text), .user("Give this answer in the form asked for.")],
            options: question.options, schema: schema)
        last.options.data = nil
        last.options.timeout = try deadline.left(asker.modelName)
        last.filter = question.filter
        var formed = try await asker.answer(last)
        formed.usage += answer.usage
        formed.notes = answer.notes
        return formed
    }
}

extension ModelAsker {
    /// The answer to a question for which the model may call tools: `calling` answers a call, what it throws ends the
    /// whole, as does what `admitting` throws before each step but the first. Calls of one step run at the same time.
    public func answer(
        _ question: ModelQuestion, admitting: @Sendable () throws(ModelError) -> Void = { () throws(ModelError) in },
        calling: @escaping @Sendable (ToolCall) async throws(ModelError) -> String
    ) async throws(ModelError) -> ModelAnswer {
        let run = ToolRun(question)
        while true {
            switch try await run.step(self) {
            case .finished(let answer): return answer
            case .call(let calls): run.answered(try await ToolCall.answers(to: calls, calling))
            }
            try admitting()
            if Task.isCancelled { throw ModelError(.cancelled, "the call was cancelled", model: name) }
        }
    }
}
