import DanaData

extension LanguageModel {
    /// An answer in the form of the request's schema. One that does not fit is sent back once, with what is wrong; then
    /// the error has the answer as its body.
    public func completeStructured(_ request: ModelRequest) async throws(ModelError) -> StructuredReply {
        let (reply, judge) = try await completeJudged(request) { _ in false }
        return try structured(reply, judge)
    }

    /// An answer and who judges it: what fits, what is good enough as it is, or what came of the repair.
    func completeJudged(
        _ request: ModelRequest, orElse isGoodEnough: (ModelReply) -> Bool
    ) async throws(ModelError) -> (ModelReply, AnswerJudge) {
        guard let schema = request.schema else {
            throw ModelError(.invalidRequest, "the request has no schema", model: name)
        }
        if let fault = JSONSchema(schema.schema).fault {
            throw ModelError(.invalidRequest, "the schema is faulty \(fault)", model: name)
        }
        let judge = AnswerJudge(schema)
        let deadline = QuestionDeadline(request.timeouts.total)
        var request = request
        if !capabilities.contains(.schema) {
            (request.schema, request.toldSchema) = (nil, schema)
            request.system = [request.system, judge.instruction].compactMap { $0 }.joined(separator: "\n\n")
        }
        let first = try await complete(request)
        guard case .doesNotFit(let fault) = judge.judge(first.text), first.finishReason != .contentFilter,
            !isGoodEnough(first)
        else { return (first, judge) }
        request.messages += judge.repair(first.text, fault)
        request.timeouts.total = try deadline.left(name)
        var second = try await complete(request)
        second.usage += first.usage
        return (second, judge)
    }

    func structured(_ reply: ModelReply, _ judge: AnswerJudge) throws(ModelError) -> StructuredReply {
        switch judge.judge(reply.text) {
        case .fits(let value): return StructuredReply(value: judge.schema.unwrapped(value), reply: reply)
        case .doesNotFit where reply.finishReason == .contentFilter:
            var error = ModelError(
                .contentFiltered, "the provider's filter stopped the answer: ask in other words", model: name)
            error.body = Redaction()(reply.text)
            throw error
        case .doesNotFit(let fault):
            let cut = reply.finishReason == .length ? " (it was cut at the limit of tokens: raise it)" : ""
            var error = ModelError(
                .schemaMismatch,
                Redaction()("the answer does not have the form that was asked for\(cut): \(fault)"), model: name)
            error.body = Redaction()(reply.text)
            throw error
        }
    }
}
