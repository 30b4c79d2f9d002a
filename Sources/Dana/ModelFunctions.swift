import DanaData
import DanaLanguage
import DanaModels

/// The functions by which programs ask language models; they need the capability `llm`.
enum ModelFunctions {
    /// `reason(prompt, options=null)`: what the model answers, as text or in the form that the program declares.
    static func reason(_ call: HostCall, _ core: ContextCore) -> HostReply {
        ask(call, core, "reason", "prompt") { question, tools throws(ModelError) in
            try await core.models(question.options.model).answer(question, tools)
        }
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
            let questions = try arguments.questions(core, function, "prompts")
            let form = arguments.form
            return .later {
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
        } catch {
            return core.fail(call, error)
        }
    }

    /// Reads a question, asks it, and answers the call.
    static func ask(
        _ call: HostCall, _ core: ContextCore, _ function: String, _ parameter: String,
        _ answer: @escaping @Sendable (ModelQuestion, ProgramTools) async throws(ModelError) -> ModelAnswer
    ) -> HostReply {
        guard core.mayAskModels(call, for: "\(function)()") else { return .answered }
        do throws(DanaFailure) {
            let arguments = try core.modelArguments(call, function, parameter)
            let tools = try ProgramTools(arguments.tools)
            let question = try arguments.question(core, function, parameter, tools)
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
}
