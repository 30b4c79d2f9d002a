import DanaData
import Testing

@testable import DanaModels

/// Tools for models that have none.
@Suite struct ToolsBySchemaTests {
    private func request(_ parameters: String = #"{"type":"object","properties":{"city":{"type":"string"}}}"#) throws
        -> ModelRequest
    {
        var request = ModelRequest("How is Oslo?", system: "Be short.")
        request.tools = [
            ToolDefinition(
                name: "weather", description: "Tells the weather.", parameters: try Conversation.tape(parameters))
        ]
        return request
    }

    @Test func aCallIsReadOutOfTheForm() async throws {
        let fake = FakeModel("a", [.text(#"{"tool":"weather","arguments":{"city":"Oslo"}}"#)])
        let model = ToolsBySchema(fake)
        #expect(model.capabilities.contains(.tools) && model.name == "a")
        let reply = try await model.complete(try request())
        #expect(
            reply.toolCalls == [ToolCall(id: "call-1", name: "weather", arguments: #"{"city":"Oslo"}"#)]
                && reply.text.isEmpty && reply.finishReason == .toolCalls && reply.usage.total == 15)
        let asked = try #require(fake.requests.first)
        #expect(asked.tools.isEmpty && asked.system?.hasPrefix("Be short.\n\nAnswer with JSON only.") == true)
        #expect(asked.system?.contains("- weather: Tells the weather.") == true)
    }

    @Test func anAnswerIsReadOutOfTheForm() async throws {
        let model = ToolsBySchema(FakeModel("a", [.text(#"{"answer":"Rain \"again\"."}"#)]))
        let stream = try await model.stream(try request())
        #expect(
            try await Conversation.chunks(stream) == [
                .start(id: "1", model: "a"), .text("Rain \"again\"."), .usage(TokenUsage(input: 10, output: 5)),
                .finish(.stop),
            ])
    }

    @Test(arguments: [
        (#"{"answer":"Rain \"aga"#, "Rain \"aga"), (#"{"answer":"Rain\"#, "Rain"),
        (#"{"answer":"Rain \ud83c\udf"#, "Rain "), (#"{"answer": ""#, ""),
    ])
    func anAnswerInWordsMayBeCut(said: String, expected: String) async throws {
        let fake = FakeModel("a", [.cut(said)])
        let reply = try await ToolsBySchema(fake).complete(try request())
        #expect(reply.text == expected && reply.finishReason == .length && reply.toolCalls.isEmpty)
        #expect(fake.requests.count == 1)
    }

    @Test(arguments: [#"{"tool":"weather","argum"#, #"{"ans"#, #"{"answer":"#])
    func nothingElseMayBeCut(said: String) async throws {
        let (model, question) = (ToolsBySchema(FakeModel("a", [.cut(said), .cut(said)])), try request())
        let error = try #require(await #expect(throws: ModelError.self) { try await model.complete(question) })
        #expect(error.code == .schemaMismatch && error.message.contains("cut at the limit of tokens"))
    }

    @Test func theFormHasACallForEachToolAndAnAnswer() throws {
        let asked = try ToolQuestion(try request(##"{"$defs":{"c":{"type":"string"}},"$ref":"#/$defs/c"}"##)).request
        #expect(
            try JSONWriter.string(try #require(asked.schema).schema.root)
                == ##"{"anyOf":[{"type":"object","properties":{"tool":{"const":"weather"},"arguments":{"$defs":{"c":{"type":"string"}},"$ref":"#/anyOf/0/properties/arguments/$defs/c"}},"required":["tool","arguments"],"additionalProperties":false},{"type":"object","properties":{"answer":{"type":"string"}},"required":["answer"],"additionalProperties":false}]}"##
        )
    }

    @Test func referencesStillLeadSomewhere() throws {
        let parameters = ##"{"$defs":{"c":{"type":"string"}},"type":"object","properties":{"x":{"$ref":"#/$defs/c"}}}"##
        let schema = try #require(try ToolQuestion(try request(parameters)).request.schema).schema
        func faults(_ text: String) throws -> [String] {
            JSONSchema(schema).faults(in: try Conversation.tape(text).root).map(\.description)
        }
        #expect(try faults(#"{"tool":"weather","arguments":{"x":"y"}}"#) == [])
        #expect(try faults(#"{"tool":"weather","arguments":{"x":1}}"#) != [])
    }

    @Test func theChoiceIsKept() async throws {
        var request = try request()
        request.toolChoice = .required
        #expect(try ToolQuestion(request).request.schema?.schema.root["anyOf"]?.count == 1)
        request.toolChoice = .named("nothing")
        let (unknown, model) = (request, ToolsBySchema(FakeModel("a")))
        let error = await Conversation.failure { () throws(ModelError) in _ = try await model.complete(unknown) }
        #expect(error?.code == .invalidRequest)
        request.toolChoice = .none
        let fake = FakeModel("a")
        #expect(try await ToolsBySchema(fake).complete(request).text == "a")
        #expect(fake.requests.first?.tools.isEmpty == true && fake.requests.first?.schema == nil)
    }

    @Test func anAnswerMayHaveAFormOfItsOwn() async throws {
        var request = try request()
        request.schema = ReplySchema(schema: try Conversation.tape(#"{"enum":["good","bad"]}"#))
        let fake = FakeModel("a", [.text(#"{"answer":"so so"}"#), .text(#"{"answer":"bad"}"#)])
        let reply = try await ToolsBySchema(fake).complete(request)
        #expect(reply.text == #""bad""# && reply.usage.total == 30 && fake.requests.count == 2)
    }

    @Test func aWholeConversationIsToldInWords() async throws {
        let fake = FakeModel(
            "a", [.text(#"{"tool":"weather","arguments":{"city":"Oslo"}}"#), .text(#"{"answer":"It rains."}"#)])
        let reply = try await ToolsBySchema(fake).complete(try request()) { _ in "rain" }
        #expect(reply.text == "It rains.")
        #expect(
            fake.requests.last?.messages == [
                .user("How is Oslo?"), .assistant(#"{"tool":"weather","arguments":{"city":"Oslo"}}"#),
                .user("The tool weather answered: rain"),
            ])
    }
}
