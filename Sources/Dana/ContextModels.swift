import DanaData
import DanaLanguage
import DanaModels

/// What a context's programs may ask of language models.
extension ContextCore {
    /// The pool of a model that the context may use; nil means the default one.
    func models(_ name: String?) throws(ModelError) -> ModelPool {
        let hub = runtime.models
        let chosen = if let name { name } else { try hub.defaultName() }
        let capability = Capability(.languageModel, scope: chosen)
        let isUnknownFile = try hub.isUnknownFile(chosen)
        guard
            settings.capabilities.granted.contains(capability)
                || (settings.capabilities.allows(.languageModel) && !isUnknownFile)
        else {
            let reason = isUnknownFile ? "a file is run only for who was granted it by name, and " : ""
            throw ModelError(
                .permission,
                "\(reason)this context was not granted the capability '\(capability)': "
                    + "create_context(allowed_capabilities=['\(capability)'])", model: chosen)
        }
        return try hub.pool(chosen)
    }

    /// Whether its programs may ask a model; those that may not are refused.
    func mayAskModels(_ call: HostCall, for what: String) -> Bool {
        guard settings.capabilities.allowsAny(.languageModel) else {
            deny(call, Capability(.languageModel), for: what)
            return false
        }
        return true
    }

    /// The arguments of a function that asks a model.
    func modelArguments(
        _ call: HostCall, _ function: String, _ parameter: String
    ) throws(DanaFailure) -> ModelArguments {
        try locked { try ModelArguments(call, function, parameter, self, $0) }
    }

    /// Counts what questions ask beside the call that asks them, batch by batch; false where that is more than the
    /// context may.
    func mayAsk(_ questions: [ModelQuestion]) -> Bool {
        let asked = questions.reduce(0) { $0 + $1.batchCount }
        return asked <= 1 || lockedIfOpen { $0.count(hostCalls: asked - 1) } ?? true
    }

    /// Ends what made more calls of the host's than it may.
    var outOfHostCalls: HostAnswering {
        { call in _ = self.lockedIfOpen { $0.fail(call.identifier, usingUp: .hostCalls) } }
    }

    /// A question without what the output filter takes out.
    func withoutSecrets(_ question: ModelQuestion) -> ModelQuestion {
        var question = question
        question.filter = { [self] text in redacted(text, in: "prompt") }
        return question
    }

    // MARK: Answers

    /// An answer as a program has it: text, a value of the declared type, or plain data; with the lock held.
    func makeValue(_ answer: ModelAnswer, _ form: AnswerForm?, _ interpreter: Interpreter) throws -> Value {
        guard let value = answer.value else { return try interpreter.string(answer.text) }
        if let form { return try form.value(value, interpreter) }
        return try makeValue(JSONValue.value(value.root), interpreter)
    }

    func makeList(of answers: [ModelAnswer], _ form: AnswerForm?, _ interpreter: Interpreter) throws -> Value {
        let list = try interpreter.list(capacity: answers.count)
        do {
            for answer in answers { try interpreter.append(try makeValue(answer, form, interpreter), to: list) }
            return list
        } catch {
            interpreter.release(list)
            throw error
        }
    }

    /// What answers a call with why a model gave no answer.
    func failing(_ error: ModelError) -> HostAnswering {
        // A cancelled run unwinds by itself, from where it waits.
        let isCancelled = Task.isCancelled && error.code == .cancelled
        return { call in
            guard !isCancelled else { return }
            // A tool that uses up the limit cannot end the run from where it is called.
            let isOutOfCalls = error.code == .cancelled && !(self.lockedIfOpen(\.hasHostCallsLeft) ?? true)
            if isOutOfCalls { self.outOfHostCalls(call) } else { self.fail(call, error) }
        }
    }

    /// Answers a call with why a model gave no answer.
    @discardableResult
    func fail(_ call: HostCall, _ error: ModelError) -> HostReply {
        if error.code == .permission, error.status == nil {
            runtime.audit.note(.denied, context: number, "llm", error.model, place: place(of: call))
        }
        return fail(
            call, error.exceptionKind, error.description, origin: error.code == .cancelled ? nil : ModelFault(error),
            details: [
                (.string("code"), .string(error.code.word)), (.string("model"), .string(error.model)),
                (.string("status"), error.status.map { .int($0) } ?? .null),
                (.string("retry_after"), error.retryAfter.map { .float($0 / .seconds(1)) } ?? .null),
            ])
    }
}

extension ModelError {
    /// What a program's exception is called.
    public var exceptionKind: ExceptionKind {
        switch code {
        case .timedOut: .timeoutError
        case .transport(let code):
            switch code {
            case .cancelled: .hostError
            case .connectTimedOut, .firstByteTimedOut, .idleTimedOut, .totalTimedOut: .timeoutError
            default: .connectionError
            }
        case .authentication: .permissionError
        case .permission: status == nil ? .capabilityError : .permissionError
        case .contextTooLong, .invalidRequest, .schemaMismatch, .contentFiltered, .toolLimitReached: .valueError
        case .notFound, .configuration, .noModelLeft: .lookupError
        case .unsupported: .notImplementedError
        case .rateLimited, .quotaExceeded, .overloaded, .serverFailed, .invalidReply, .streamTruncated, .budgetExceeded,
            .cancelled:
            .hostError
        }
    }
}

extension ModelAsker {
    /// The answer to a question; what the model wants called is called in the program's context.
    func answer(_ question: ModelQuestion, _ tools: ProgramTools) async throws(ModelError) -> ModelAnswer {
        if tools.isEmpty { return try await answer(question) }
        return try await answer(question, admitting: tools.admitStep) { call throws(ModelError) in
            try await tools.answer(to: call)
        }
    }
}
