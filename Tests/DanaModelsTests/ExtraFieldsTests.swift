import DanaData
import Testing

@testable import DanaModels

/// Fields of the provider's own do not say again what options say.
@Suite struct ExtraFieldsTests {
    private func failure(_ dialect: ModelEndpoint.Dialect, _ request: ModelRequest) async -> ModelError? {
        let transport = ScriptedTransport()
        let model = Conversation.model(dialect, transport)
        let error = await Conversation.failure { () throws(ModelError) in _ = try await model.complete(request) }
        #expect(transport.requests.isEmpty == (error?.code == .invalidRequest))
        return error
    }

    @Test(arguments: [
        (ModelEndpoint.Dialect.chat, "model", "use the option 'model'"), (.chat, "models", "use the option 'model'"),
        (.chat, "messages", "use the messages"), (.chat, "max_tokens", "use the option 'max_tokens'"),
        (.chat, "max_completion_tokens", "use the option 'max_tokens'"), (.chat, "stream", "ask for a stream"),
        (.chat, "n_predict", "use the option 'max_tokens'"), (.chat, "tools", "use the option 'tools'"),
        (.responses, "model", "use the option 'model'"), (.responses, "input", "use the messages"),
        (.responses, "max_output_tokens", "use the option 'max_tokens'"), (.responses, "store", "nothing is kept"),
        (.messages, "model", "use the option 'model'"), (.messages, "max_tokens", "use the option 'max_tokens'"),
        (.messages, "system", "use the option 'system'"), (.messages, "stop_sequences", "use the option 'stop'"),
    ])
    func whatAnOptionSaysIsRefused(dialect: ModelEndpoint.Dialect, name: String, advice: String) async throws {
        var request = ModelRequest("x")
        request.extras = [.init(name: name, value: try Conversation.tape("9"))]
        let error = await failure(dialect, request)
        #expect(error?.code == .invalidRequest)
        #expect(error?.message.hasPrefix("the option 'extra' cannot set '\(name)': \(advice)") == true)
    }

    @Test(arguments: [
        (ModelEndpoint.Dialect.chat, "response_format"), (.responses, "text"), (.messages, "tool_choice"),
    ])
    func whatARequestHasIsRefused(dialect: ModelEndpoint.Dialect, name: String) async throws {
        var request = ModelRequest("x")
        request.extras = [.init(name: name, value: try Conversation.tape("{}"))]
        #expect(await failure(dialect, request)?.code == .transport(.connectionRefused))
        request.schema = ReplySchema(schema: try Conversation.tape(#"{"type":"object"}"#))
        #expect(await failure(dialect, request)?.message.contains("'\(name)', which this request has already") == true)
    }

    @Test func aFieldStandsOnce() async throws {
        var request = ModelRequest("x")
        request.extras = [.init(name: "user", value: Tape(1)), .init(name: "user", value: Tape(2))]
        #expect(await failure(.chat, request)?.message.contains("'user'") == true)
    }
}
