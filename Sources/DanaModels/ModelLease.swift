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
            parts.append(try await answer(batch, ModelCall(.chat, in: pool)))
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
            let vectors = try await model(call).embed(texts)
            call.ended(ModelReply(text: ""))
            return vectors
        } catch {
            throw call.failed(error)
        }
    }

    /// How many tokens the model reads for a question.
    public nonisolated(nonsending) func countTokens(_ question: ModelQuestion) async throws(ModelError) -> TokenCount {
        try await model(ModelCall(.chat, in: pool)).countTokens(question.request().request)
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
            let model = try model(call)
            let reply: ModelReply
            var value: Tape?
            if let schema = request.schema {
                let structured = try await model.completeStructured(request)
                value = structured.value
                reply = schema.presented(structured)
            } else {
                reply = try await model.complete(request)
            }
            call.ended(reply)
            return ModelAnswer(
                reply, value: value, model: model.name, timing: call.timing, traceID: call.traceID, notes: notes)
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
            let model = try model(call)
            let stream = try await model.stream(request)
            return AnswerStream(stream, of: model.name, notes: notes, call, lease: self, endsLease: isOwn)
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

    private func model(_ call: ModelCall) throws(ModelError) -> any LanguageModel {
        guard !lease.isReleased else {
            throw ModelError(
                .invalidRequest, "this lease of the model was given back: take another one", model: pool.name)
        }
        return lease.resource.model
    }
}
