import DanaData
import DanaLanguage
import DanaModels
import Synchronization

/// A language model as programs hold it. Asked as it is, it borrows a place in its pool for each call; for the length of
/// a `with` it keeps one. It remembers the conversation that `chat` leads.
final class LentModel: HostObject {
    private struct State {
        var lease: ModelLease?
        /// How many `with` are inside each other: the inner ones have the place of the outermost.
        var depth = 0
        var conversation: [ChatMessage] = []
    }

    private let pool: ModelPool
    private let state = Mutex(State())

    init(_ pool: ModelPool) { self.pool = pool }

    /// What ends within a `with`, as by a limit, leaves the place to be given back here.
    deinit { state.withLock { $0.lease }?.release() }

    var identity: UInt { UInt(bitPattern: ObjectIdentifier(self)) }
    let typeName = "llm"
    let isFunction = false

    func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply {
        switch operation {
        case .method(let name): method(name.text, call, core)
        case .attribute(let name): attribute(name.text, call, core)
        case .enter: enter(call, core)
        case .exit: exit(call, core)
        case .truth, .builtin("bool"): core.answer(call) { _ in Interpreter.bool(true) }
        case .builtin(let name) where name == "str" || name == "repr":
            core.answer(call) { try $0.string("<llm \(self.pool.modelName)>") }
        default: core.fail(call, .typeError, "an llm has the methods \(Self.methods.joined(separator: ", ")), no more")
        }
    }

    private static let methods = ["generate", "reason", "chat", "stream", "embed", "count_tokens"]

    private func attribute(_ name: String, _ call: HostCall, _ core: ContextCore) -> HostReply {
        switch name {
        case "name": core.answer(call) { try $0.string(self.pool.name) }
        case "model": core.answer(call) { try $0.string(self.pool.modelName) }
        case "messages":
            core.answer(call) { interpreter in
                try core.makeValue(
                    .list(
                        self.state.withLock { $0.conversation }.map {
                            .dict([("role", .string($0.role.rawValue)), ("content", .string($0.text))])
                        }), interpreter)
            }
        default: core.fail(call, .attributeError, "an llm has no attribute '\(name)'")
        }
    }

    private func method(_ name: String, _ call: HostCall, _ core: ContextCore) -> HostReply {
        switch name {
        case "reason":
            ModelFunctions.ask(
                call, core, name, "prompt",
                opening: { [self] question throws(ModelError) in try await asker.stream(question) },
                answer: { [self] question, tools throws(ModelError) in try await answer(question, tools) })
        case "generate":
            ModelFunctions.ask(
                call, core, name, "prompt",
                answer: { [self] question, tools throws(ModelError) in try await answer(question, tools) })
        case "chat":
            ModelFunctions.ask(
                call, core, name, "messages",
                answer: { [self] question, tools throws(ModelError) in try await chat(question, tools) })
        case "stream": stream(call, core)
        case "embed": embed(call, core)
        case "count_tokens": countTokens(call, core)
        default: core.fail(call, .attributeError, "an llm has no method '\(name)'")
        }
    }

    // MARK: Asking

    private var asker: any ModelAsker { state.withLock { $0.lease } ?? pool }

    private func answer(
        _ question: ModelQuestion, _ tools: ProgramTools
    ) async throws(ModelError) -> ModelAnswer {
        try await asker.answer(question, tools)
    }

    /// A text goes on with the conversation; a list of messages stands for itself.
    private func chat(_ question: ModelQuestion, _ tools: ProgramTools) async throws(ModelError) -> ModelAnswer {
        guard question.messages.count == 1, let message = question.messages.first else {
            return try await answer(question, tools)
        }
        var whole = question
        whole.messages = state.withLock { $0.conversation } + [message]
        let answer = try await answer(whole, tools)
        var kept = message
        if question.options.data != nil, kept.role == .user { kept.text = question.told }
        state.withLock { $0.conversation += [kept, .assistant(answer.text)] }
        return answer
    }

    private func stream(_ call: HostCall, _ core: ContextCore) -> HostReply {
        do throws(DanaFailure) {
            let arguments = try core.modelArguments(call, "stream", "prompt")
            let question = try arguments.question(core, "stream", "prompt", ProgramTools(arguments.tools))
            return ModelFunctions.stream(question, core) { [self] question throws(ModelError) in
                try await asker.stream(question)
            }
        } catch {
            return core.fail(call, error)
        }
    }

    private func embed(_ call: HostCall, _ core: ContextCore) -> HostReply {
        StandardArguments(call, core, "embed", ["texts"]).reply { arguments throws(DanaFailure) in
            guard case .list(let items)? = arguments["texts"] else {
                throw StandardArguments.fault(.typeError, "embed() expects a list of strings at argument 'texts'")
            }
            let texts = items.compactMap { item -> String? in
                if case .string(let text) = item { text } else { nil }
            }
            guard texts.count == items.count else {
                throw StandardArguments.fault(.typeError, "embed() expects a list of strings at argument 'texts'")
            }
            let sent = texts.map { core.redacted($0, in: "prompt") }
            return .later { [self] in
                do throws(ModelError) {
                    let vectors = try await asker.embed(sent)
                    let value = DanaValue.list(vectors.map { .list($0.map { .float(Double($0)) }) })
                    return { call in core.answer(call) { try core.makeValue(value, $0) } }
                } catch {
                    return core.failing(error)
                }
            }
        }
    }

    private func countTokens(_ call: HostCall, _ core: ContextCore) -> HostReply {
        StandardArguments(call, core, "count_tokens", ["text"]).reply { arguments throws(DanaFailure) in
            let question = core.withoutSecrets(ModelQuestion(try arguments.text("text")))
            return .later { [self] in
                do throws(ModelError) {
                    let count = try await asker.countTokens(question)
                    return { call in core.answer(call) { try $0.integer(count.tokens) } }
                } catch {
                    return core.failing(error)
                }
            }
        }
    }

    // MARK: The length of a `with`

    private func enter(_ call: HostCall, _ core: ContextCore) -> HostReply {
        let isInside = state.withLock { state in
            if state.depth > 0 { state.depth += 1 }
            return state.depth > 0
        }
        if isInside { return core.answer(call) { try core.handle(for: self, $0) } }
        return .later { [self] in
            do throws(ModelError) {
                keep(try await pool.lease())
                return { call in core.answer(call) { try core.handle(for: self, $0) } }
            } catch {
                return core.failing(error)
            }
        }
    }

    /// Who waited at the same time has one of two places too many.
    private func keep(_ lease: ModelLease) {
        let surplus = state.withLock { state -> ModelLease? in
            state.depth += 1
            guard state.lease == nil else { return lease }
            state.lease = lease
            return nil
        }
        surplus?.release()
    }

    private func exit(_ call: HostCall, _ core: ContextCore) -> HostReply {
        let lease = state.withLock { state -> ModelLease? in
            state.depth = max(0, state.depth - 1)
            return state.depth == 0 ? state.lease.take() : nil
        }
        lease?.release()
        return core.answer(call) { _ in Interpreter.bool(false) }
    }
}
