import DanaData
import DanaPools

/// A model that is lent to somebody until it is released; one that is forgotten goes back when nobody holds it any
/// more.
public final class ModelLease: Sendable {
    private let lease: Lease<ModelSlot>
    private let pool: ModelPool

    init(_ lease: Lease<ModelSlot>, of pool: ModelPool) {
        self.lease = lease
        self.pool = pool
    }

    /// The name by which the model was asked for.
    public var name: String { pool.name }
    /// The provider and the model, such as `openai/gpt-5`.
    public var modelName: String { pool.modelName }
    /// Where it was taken.
    public var place: PoolPlace { lease.place }
    public var isReleased: Bool { lease.isReleased }

    /// Gives the place in the pool back; once more does nothing.
    public func release() { lease.release() }

    /// The answer to a question; one in batches is asked batch by batch, because a lease is one place.
    public nonisolated(nonsending) func answer(_ question: ModelQuestion) async throws(ModelError) -> ModelAnswer {
        guard question.options.batchSize != nil else { return try await answer(question, ModelCall(.chat, in: pool)) }
        let start = SystemPoolClock().now
        var parts: [ModelAnswer] = []
        let deadline = QuestionDeadline(question.options.timeout)
        for var batch in question.batches() {
            batch.options.timeout = try deadline.left(modelName)
            do {
                parts.append(try await answer(batch, ModelCall(.chat, in: pool)))
            } catch {
                throw deadline.told(error)
            }
        }
        return ModelAnswer(batches: parts, taking: SystemPoolClock().now - start, of: modelName)
    }

    /// The answer to a request as it is, tools and all.
    public nonisolated(nonsending) func answer(
        to request: ModelRequest, _ options: ModelOptions = ModelOptions()
    ) async throws(ModelError) -> ModelAnswer {
        try check(options)
        return try await answer(to: request, notes: [], ModelCall(.chat, in: pool))
    }

    /// The answer bit by bit. The lease goes on after it.
    public nonisolated(nonsending) func stream(_ question: ModelQuestion) async throws(ModelError) -> AnswerStream {
        try await stream(question, ModelCall(.stream, in: pool), isOwn: false)
    }

    /// A vector for each text, in their order.
    public nonisolated(nonsending) func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] {
        guard !texts.isEmpty else { return [] }
        var call = ModelCall(.embeddings, in: pool)
        call.began()
        do {
            let vectors = try await run { model throws(ModelError) in try await model.embed(texts) }
            call.ended(ModelReply(text: ""))
            return vectors
        } catch {
            throw call.failed(error)
        }
    }

    /// How many tokens the model reads for a question.
    public nonisolated(nonsending) func countTokens(_ question: ModelQuestion) async throws(ModelError) -> TokenCount {
        let request = question.request().request
        return try await run { model throws(ModelError) in try await model.countTokens(request) }
    }

    nonisolated(nonsending) func answer(
        _ question: ModelQuestion, _ call: ModelCall
    ) async throws(ModelError) -> ModelAnswer {
        try check(question.options)
        let (request, notes) = question.request()
        return try await answer(to: request, notes: notes, call)
    }

    nonisolated(nonsending) func answer(
        to request: ModelRequest, notes: [String], _ call: ModelCall
    ) async throws(ModelError) -> ModelAnswer {
        var call = call
        let request = call.began(request)
        do throws(ModelError) {
            let reply: ModelReply
            var value: Tape?
            if let schema = request.schema {
                let structured = try await run { model throws(ModelError) in
                    try await model.completeStructured(request)
                }
                value = structured.value
                reply = schema.presented(structured)
            } else {
                reply = try await run { model throws(ModelError) in try await model.complete(request) }
            }
            call.ended(reply)
            return ModelAnswer(
                reply, value: value, model: modelName, timing: call.timing, traceID: call.traceID, notes: notes)
        } catch {
            throw call.failed(error)
        }
    }

    nonisolated(nonsending) func stream(
        _ question: ModelQuestion, _ call: ModelCall, isOwn: Bool
    ) async throws(ModelError) -> AnswerStream {
        try check(question.options)
        if !question.tools.isEmpty {
            throw ModelError(
                .invalidRequest, "tools are not called while an answer streams: ask for the whole answer, or no tools",
                model: modelName)
        }
        if question.options.batchSize != nil {
            throw ModelError(
                .invalidRequest, "an answer in batches does not stream: leave out batch_size, or ask for the whole",
                model: modelName)
        }
        if question.schema != nil || question.options.schema != nil {
            throw ModelError(
                .invalidRequest,
                "an answer in a form does not stream: ask for the whole, or leave out choices, schema and returns",
                model: modelName)
        }
        var call = call
        let (asked, notes) = question.request()
        let request = call.began(asked)
        do throws(ModelError) {
            let stream = try await run { model throws(ModelError) in try await model.stream(request) }
            return AnswerStream(stream, of: modelName, notes: notes, call, lease: self, endsLease: isOwn)
        } catch {
            throw call.failed(error)
        }
    }

    /// A model that is lent is the one that is asked.
    private func check(_ options: ModelOptions) throws(ModelError) {
        guard let named = options.model, named != name else { return }
        throw ModelError(
            .invalidRequest, "the option 'model' names '\(named)', but this is '\(name)': ask for that model instead",
            model: modelName)
    }

    /// What runs on this place.
    var calls: RunningCalls { lease.resource.calls }

    /// Asks the model, until the place is closed.
    private nonisolated(nonsending) func run<Answer: Sendable>(
        _ ask: @escaping @Sendable (any LanguageModel) async throws(ModelError) -> Answer
    ) async throws(ModelError) -> Answer {
        guard !lease.isReleased else {
            throw ModelError(
                .invalidRequest, "this lease of the model was given back: take another one", model: pool.name)
        }
        let slot = lease.resource
        let result = await slot.calls.run { () async -> Result<Answer, ModelError> in
            do throws(ModelError) {
                return .success(try await ask(slot.model))
            } catch {
                return .failure(error)
            }
        }
        guard let result else { throw closedError }
        return try result.get()
    }

    /// What is told to whom the model was closed under their hands.
    var closedError: ModelError {
        ModelError(
            .noModelLeft, "the model was closed, by itself or with its runtime, and what it was asked ended",
            model: name)
    }
}
