import DanaData
import DanaLanguage
import DanaModels

/// The functions by which programs ask language models; they need the capability `llm`.
enum ModelFunctions {
    /// `reason(prompt, options=null)`: what the model answers, as text or in the form that the program declares.
    static func reason(_ call: HostCall, _ core: ContextCore) -> HostReply {
        ask(
            call, core, "reason", "prompt",
            opening: { question throws(ModelError) in
                try await core.models(question.options.model).stream(question)
            },
            answer: { question, tools throws(ModelError) in
                try await core.models(question.options.model).answer(question, tools)
            })
    }

    /// `get_llm(name=null)`: a model to ask several times, or to hold for the length of a `with`.
    static func getModel(_ call: HostCall, _ core: ContextCore) -> HostReply {
        guard core.mayAskModels(call, for: "get_llm()") else { return .answered }
        return StandardArguments(call, core, "get_llm", ["name"], required: 0).reply { arguments throws(DanaFailure) in
            let name: String? =
                if case .null = arguments["name"] ?? .null { nil } else { try arguments.text("name") }
            let pool: ModelPool
            do throws(ModelError) {
                pool = try core.models(name)
            } catch {
                return core.fail(call, error)
            }
            return core.answer(call) { try core.handle(for: LentModel(pool), $0) }
        }
    }

    /// `reason_many(prompts, options=null)`: the answers to several prompts, asked side by side, in their order.
    static func reasonMany(_ call: HostCall, _ core: ContextCore) -> HostReply {
        let function = "reason_many"
        guard core.mayAskModels(call, for: "\(function)()") else { return .answered }
        do throws(DanaFailure) {
            let arguments = try core.modelArguments(call, function, "prompts")
            try arguments.refuseToStream(function)
            guard let iterable = arguments.iterable else {
                let questions = try arguments.questions(core, function, "prompts")
                return .later { await answering(questions, arguments.form, core) }
            }
            return .later {
                do throws(DanaFailure) {
                    let prompts = try await core.items(of: iterable)
                    let questions = try arguments.questions(core, function, "prompts", given: prompts)
                    return await answering(questions, arguments.form, core)
                } catch {
                    return { call in core.fail(call, error) }
                }
            }
        } catch {
            return core.fail(call, error)
        }
    }

    /// Asks several questions, and answers the call with the list of the answers.
    private static func answering(
        _ questions: [ModelQuestion], _ form: AnswerForm?, _ core: ContextCore
    ) async -> HostAnswering {
        guard core.mayAsk(questions) else { return core.outOfHostCalls }
        do throws(ModelError) {
            guard let first = questions.first else {
                return { call in core.answer(call) { try core.makeValue(.list([]), $0) } }
            }
            let pool = try core.models(first.options.model)
            var answers: [ModelAnswer] = []
            for result in await pool.answers(to: questions) { answers.append(try result.get()) }
            let all = answers
            return { call in core.answer(call) { try core.makeList(of: all, form, $0) } }
        } catch {
            return core.failing(error)
        }
    }

    /// Reads a question, asks it, and answers the call: with a stream where that is wanted and there is what opens one.
    static func ask(
        _ call: HostCall, _ core: ContextCore, _ function: String, _ parameter: String,
        opening: (@Sendable (ModelQuestion) async throws(ModelError) -> AnswerStream)? = nil,
        answer: @escaping @Sendable (ModelQuestion, ProgramTools) async throws(ModelError) -> ModelAnswer
    ) -> HostReply {
        guard core.mayAskModels(call, for: "\(function)()") else { return .answered }
        do throws(DanaFailure) {
            let arguments = try core.modelArguments(call, function, parameter)
            if opening == nil { try arguments.refuseToStream(function) }
            let tools = try ProgramTools(arguments.tools)
            let question = try arguments.question(core, function, parameter, tools)
            guard core.mayAsk([question]) else {
                core.outOfHostCalls(call)
                return .answered
            }
            if arguments.streams, let opening { return stream(question, core, opening) }
            let form = arguments.form
            return .later {
                do throws(ModelError) {
                    let answer = try await answer(question, tools)
                    return { call in core.answer(call) { try core.makeValue(answer, form, $0) } }
                } catch {
                    return core.failing(error)
                }
            }
        } catch {
            return core.fail(call, error)
        }
    }

    /// Opens a stream, and answers the call with it.
    static func stream(
        _ question: ModelQuestion, _ core: ContextCore,
        _ opening: @escaping @Sendable (ModelQuestion) async throws(ModelError) -> AnswerStream
    ) -> HostReply {
        .later {
            do throws(ModelError) {
                let object = ModelTextStream(try await opening(question))
                return { call in core.answer(call) { try core.handle(for: object, $0) } }
            } catch {
                return core.failing(error)
            }
        }
    }
}
