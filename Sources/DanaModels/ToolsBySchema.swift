import DanaData

/// Gives tools to a model that has none: it is asked for an answer of a form, which is either the call of a tool or the
/// answer. One tool is called at a time, and a stream comes in one piece, because only a whole answer tells which it is.
public struct ToolsBySchema: LanguageModel {
    private let model: any LanguageModel

    public init(_ model: any LanguageModel) { self.model = model }

    public var name: String { model.name }
    public var capabilities: ModelCapabilities { model.capabilities.union(.tools) }
    public var server: ServerAddress? { model.server }

    public func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        guard let question = try question(request) else { return try await model.complete(request.withoutTools) }
        let (step, judge) = try await model.completeJudged(question.request) { question.cutAnswer($0) != nil }
        if let cut = question.cutAnswer(step) { return cut }
        let reply = question.reply(try model.structured(step, judge))
        guard request.toolChoice == .automatic, request.hasAnswers(to: reply.toolCalls) else { return reply }
        // A small model asks again for what it was told already: it answers with what it has.
        var last = request.withoutTools
        last.messages = ToolQuestion.inFacts(request.messages)
        var answer = try await model.complete(last)
        answer.usage += reply.usage
        return answer
    }

    public func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
        guard !request.tools.isEmpty, request.toolChoice != .none else {
            return try await model.stream(request.withoutTools)
        }
        return ModelStream(ReplyStream(try await complete(request)))
    }

    public func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] { try await model.embed(texts) }

    public func countTokens(_ request: ModelRequest) async throws(ModelError) -> TokenCount {
        try await model.countTokens(try question(request)?.request ?? request.withoutTools)
    }

    /// Nil when no tool may be called.
    private func question(_ request: ModelRequest) throws(ModelError) -> ToolQuestion? {
        guard !request.tools.isEmpty, request.toolChoice != .none else { return nil }
        do {
            return try ToolQuestion(request)
        } catch {
            throw ModelError(error.code, error.message, model: name)
        }
    }
}

extension ModelRequest {
    fileprivate var withoutTools: ModelRequest {
        var request = self
        request.tools = []
        request.toolChoice = .automatic
        request.messages = ToolQuestion.inWords(messages)
        return request
    }

    /// Whether these calls were all made before.
    fileprivate func hasAnswers(to calls: [ToolCall]) -> Bool {
        func same(_ left: ToolCall, _ right: ToolCall) -> Bool {
            guard left.name == right.name else { return false }
            let (one, other) = (try? JSONReader.read(left.arguments), try? JSONReader.read(right.arguments))
            return one == other
        }
        let made = messages.flatMap(\.toolCalls)
        return !calls.isEmpty && calls.allSatisfy { call in made.contains { same($0, call) } }
    }
}
