import DanaPools

/// Several questions at once.
extension ModelPool {
    /// How many questions of one asker are asked at the same time where nothing is said.
    public static let usualConcurrency = 16

    /// The answers to questions, in their order, so many at a time. One that fails leaves the others alone;
    /// cancelling the task cancels all. `progress` is told how many have ended.
    public func answers(
        to questions: [ModelQuestion], concurrency: Int? = nil,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) async -> [Result<ModelAnswer, ModelError>] {
        await answers(to: questions, concurrency: concurrency, within: nil, progress: progress)
    }

    /// The answers to questions, within their own time or, when there is a deadline, all within that.
    private func answers(
        to questions: [ModelQuestion], concurrency: Int?, within deadline: QuestionDeadline?,
        progress: @escaping @Sendable (Int) -> Void
    ) async -> [Result<ModelAnswer, ModelError>] {
        let atOnce = max(1, min(concurrency ?? Self.usualConcurrency, limits.maxSize))
        var results = [Result<ModelAnswer, ModelError>?](repeating: nil, count: questions.count)
        await withTaskGroup(of: (Int, Result<ModelAnswer, ModelError>).self) { group in
            var (begun, ended) = (0, 0)
            func begin() {
                guard begun < questions.count else { return }
                let (number, question) = (begun, questions[begun])
                begun += 1
                group.addTask { (number, await self.result(question, deadline)) }
            }
            for _ in 0..<atOnce { begin() }
            while let (number, result) = await group.next() {
                results[number] = result
                ended += 1
                progress(ended)
                begin()
            }
        }
        return results.map { $0 ?? .failure(ModelError(.cancelled, "the call was cancelled", model: name)) }
    }

    private func result(
        _ question: ModelQuestion, _ deadline: QuestionDeadline?
    ) async -> Result<ModelAnswer, ModelError> {
        guard question.tools.isEmpty else {
            return .failure(
                ModelError(
                    .invalidRequest, "tools are not called for several questions at once: ask one by one, or no tools",
                    model: modelName))
        }
        do {
            var question = question
            if let deadline { question.options.timeout = try deadline.left(modelName) }
            return .success(try await answer(question))
        } catch {
            return .failure(error)
        }
    }

    /// The answers to the batches of a question as one; the first that failed fails it.
    func answerInBatches(_ question: ModelQuestion) async throws(ModelError) -> ModelAnswer {
        let start = SystemPoolClock().now
        var parts: [ModelAnswer] = []
        let deadline = QuestionDeadline(question.options.timeout)
        let results = await answers(to: question.batches(), concurrency: nil, within: deadline) { _ in }
        for result in results { parts.append(try result.mapError(deadline.told).get()) }
        return ModelAnswer(batches: parts, taking: SystemPoolClock().now - start, of: modelName)
    }
}
