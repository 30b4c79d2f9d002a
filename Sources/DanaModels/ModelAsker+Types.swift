import DanaData

extension ModelAsker {
    /// The answer as a value of a type: the model is asked for its form, and what comes is decoded.
    ///
    /// ```swift
    /// struct Review: Decodable { let sentiment: String; let score: Int }
    /// let review = try await models.pool().reason("Nice, but late.", as: Review.self)
    /// ```
    public func reason<Answer: Decodable>(
        _ prompt: String, options: ModelOptions = ModelOptions(), as type: Answer.Type = Answer.self
    ) async throws -> Answer {
        let schema = ReplySchema(answer: try DecodableSchema.of(type))
        let answer = try await answer(ModelQuestion(prompt, options: options, schema: schema))
        guard let value = answer.value else {
            throw ModelError(.schemaMismatch, "the answer has no form", model: modelName)
        }
        do {
            return try TapeDecoder.decode(type, from: value.root)
        } catch {
            var fault = ModelError(.schemaMismatch, "the answer is no \(type): \(error)", model: modelName)
            fault.body = Redaction()(answer.text)
            throw fault
        }
    }

    /// The answer to a question, as text.
    public func reason(_ prompt: String, options: ModelOptions = ModelOptions()) async throws(ModelError) -> String {
        try await answer(ModelQuestion(prompt, options: options)).text
    }
}
