import DanaModels
import PythonBridge

/// A language model as the Python side asks it: through its pool, or through a lease of it.
final class ModelHandle: PythonExported, Sendable {
    private let pool: ModelPool
    /// Nil for the pool itself.
    private let lease: ModelLease?
    /// How its places are asked for.
    private let wish: PlaceWish

    init(_ pool: ModelPool, lease: ModelLease? = nil, _ wish: PlaceWish = PlaceWish()) {
        self.pool = pool
        self.lease = lease
        self.wish = wish
    }

    private var asker: any ModelAsker { lease ?? pool }

    static let pythonClass = PythonClass("Model", doc: "A language model, or a place in its pool that is lent.") {
        property("name", doc: "The name by which the model is asked for.") { (model: ModelHandle) in model.pool.name }
        property("model", doc: "The provider and the model.") { (model: ModelHandle) in model.pool.modelName }
        property("released", doc: "Whether the place was given back.") { (model: ModelHandle) in
            model.lease?.isReleased ?? false
        }
        property("statistics", doc: "The pool's figures.") { (model: ModelHandle) in
            PoolFigures(model.pool.statistics, limit: model.pool.limits.maxSize)
        }
        function("lease", "self", doc: "Lends a place in the pool, when there is one.") {
            (model: ModelHandle) throws -> ModelHandle in
            if let lent = model.readily() { return lent }
            return try Python.wait("get_llm", instead: "'async with get_llm_async()'", on: .caller) {
                try await model.lent()
            }
        }
        function("try_lease", "self", doc: "Lends a place in the pool if one is free and nobody waits; or None.") {
            (model: ModelHandle) -> ModelHandle? in model.readily()
        }
        asyncFunction("lease_async", "self", doc: "Lends a place in the pool, when there is one.") {
            (model: ModelHandle) in try await model.lent()
        }
        function("release", "self", doc: "Gives the place back; once more does nothing.") { (model: ModelHandle) in
            model.lease?.release()
            return Nothing()
        }
        function(
            "ask", "self", "question", optional("method", String?.none),
            doc: "The answer to a question; the method of a model that was called for it, if it was one."
        ) {
            (model: ModelHandle, question: Asked<QuestionArgument>, method: String?) throws -> AnswerRow in
            let method = AskingMethod(method)
            return try Python.wait(method.name, instead: method.instead, on: .caller) {
                try await model.answer(question)
            }
        }
        asyncFunction("ask_async", "self", "question", doc: "The answer to a question.") {
            (model: ModelHandle, question: Asked<QuestionArgument>) in
            try await model.answer(question)
        }
        function(
            "ask_many", "self", "questions", optional("concurrency", Int?.none),
            optional("progress", PythonObject?.none), doc: "The answers to several questions, or why there is none."
        ) {
            (model: ModelHandle, questions: Asked<[QuestionArgument]>, concurrency: Int?, progress: PythonObject?)
                throws
                -> [AnswerOrError] in
            try Python.wait("reason_many", instead: "reason_many_async()") {
                try await model.answers(questions, concurrency, progress)
            }
        }
        asyncFunction(
            "ask_many_async", "self", "questions", optional("concurrency", Int?.none),
            optional("progress", PythonObject?.none), doc: "The answers to several questions, or why there is none."
        ) { (model: ModelHandle, questions: Asked<[QuestionArgument]>, concurrency: Int?, progress: PythonObject?) in
            try await model.answers(questions, concurrency, progress)
        }
        function("stream", "self", "question", doc: "The answer bit by bit, once it has begun.") {
            (model: ModelHandle, question: Asked<QuestionArgument>) throws -> AnswerStreamHandle in
            try Python.wait("stream", instead: "the pieces of get_llm_async().stream()", on: .caller) {
                try await model.stream(question)
            }
        }
        asyncFunction("stream_async", "self", "question", doc: "The answer bit by bit, once it has begun.") {
            (model: ModelHandle, question: Asked<QuestionArgument>) in
            try await model.stream(question)
        }
        function("embed", "self", "texts", doc: "A vector for each text.") {
            (model: ModelHandle, texts: Asked<[String]>) throws -> [[Double]] in
            try Python.wait("embed", instead: "get_llm_async().embed()", on: .caller) { try await model.vectors(texts) }
        }
        asyncFunction("embed_async", "self", "texts", doc: "A vector for each text.") {
            (model: ModelHandle, texts: Asked<[String]>) in try await model.vectors(texts)
        }
        function("count_tokens", "self", "question", doc: "How many tokens a question has, and whether that is exact.")
        {
            (model: ModelHandle, question: QuestionArgument) throws -> PythonRow in
            let count = try Python.wait("count_tokens", instead: "get_llm_async().count_tokens()", on: .caller) {
                try await model.asker.countTokens(question.question)
            }
            return PythonRow(count.tokens, count.isExact)
        }
        asyncFunction(
            "count_tokens_async", "self", "question", doc: "How many tokens a question has, and whether that is exact."
        ) { (model: ModelHandle, question: QuestionArgument) in
            let count = try await model.asker.countTokens(question.question)
            return PythonRow(count.tokens, count.isExact)
        }
        function("__repr__", "self") { (model: ModelHandle) in "<Dana model \(model.pool.modelName)>" }
    }

    /// One step of a question with tools.
    func step(_ run: ToolRun) async throws(ModelError) -> ToolRun.Step { try await run.step(asker) }

    /// A place that can be had without waiting, for whom there is nobody to be preferred to.
    private func readily() -> ModelHandle? {
        guard wish.isPlain, let lease = pool.tryLease(tenant: wish.tenant) else { return nil }
        return ModelHandle(pool, lease: lease)
    }

    private func lent() async throws -> ModelHandle { ModelHandle(pool, lease: try await pool.lease(wish)) }

    /// The question, asked by whom the model was got for.
    private func wished(_ argument: QuestionArgument) throws(OptionFault) -> ModelQuestion {
        var question = try argument.question
        question.options.place = question.options.place.or(wish)
        return question
    }

    private func answer(_ question: Asked<QuestionArgument>) async throws -> AnswerRow {
        try await question.perform { AnswerRow(try await asker.answer(try wished($0))) }
    }

    private func stream(_ question: Asked<QuestionArgument>) async throws -> AnswerStreamHandle {
        try await question.perform { AnswerStreamHandle(try await asker.stream(try wished($0))) }
    }

    private func answers(
        _ questions: Asked<[QuestionArgument]>, _ concurrency: Int?, _ progress: PythonObject?
    ) async throws -> [AnswerOrError] {
        try await questions.perform { await answers(try $0.map(wished), concurrency, progress) }
    }

    private func answers(
        _ questions: [ModelQuestion], _ concurrency: Int?, _ progress: PythonObject?
    ) async -> [AnswerOrError] {
        let results = await pool.answers(to: questions, concurrency: concurrency) { ended in
            progress?.callUnraisably { py throws(PythonError) in _ = try progress?.call(ended, py: py) }
        }
        return results.map(AnswerOrError.init)
    }

    private func vectors(_ texts: Asked<[String]>) async throws -> [[Double]] {
        try await texts.perform { try await asker.embed($0) }.map { $0.map(Double.init) }
    }
}
