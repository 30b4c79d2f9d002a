import DanaData
import Testing

@testable import DanaModels

/// Answers in a given form.
@Suite struct StructureTests {
    private func request() throws -> ModelRequest {
        var request = ModelRequest("How is it?", system: "Be short.")
        let schema = #"{"type":"object","properties":{"mood":{"enum":["good","bad"]}},"required":["mood"]}"#
        request.schema = ReplySchema(schema: try JSONReader.read(schema))
        return request
    }

    @Test(arguments: [
        #"{"mood":"good"}"#, "```json\n{\"mood\":\"good\"}\n```", "```json\r\n{\"mood\":\"good\"}\r\n```",
        " {\"mood\": \"good\"}\n",
    ])
    func anAnswerThatFitsIsRead(text: String) async throws {
        let model = FakeModel("a", [.text(text)])
        let answer = try await model.completeStructured(try request())
        #expect(answer.value.root["mood"]?.string == "good" && answer.reply.usage.total == 15)
        let asked = try #require(model.requests.first)
        #expect(asked.schema == nil && asked.system?.hasPrefix("Be short.\n\nAnswer with JSON only") == true)
    }

    @Test func anAnswerThatDoesNotFitIsSentBackOnce() async throws {
        let model = FakeModel("a", [.text(#"{"mood":"so so"}"#), .text(#"{"mood":"bad"}"#)])
        let answer = try await model.completeStructured(try request())
        #expect(answer.value.root["mood"]?.string == "bad" && answer.reply.usage.total == 30)
        let turns = try #require(model.requests.last).messages
        #expect(turns.map(\.role) == [.user, .assistant, .user])
        #expect(turns.last?.text.contains(#"at $.mood: must be one of "good", "bad""#) == true)
    }

    @Test func thenItIsAnErrorWithTheAnswer() async throws {
        let (model, request) = (FakeModel("a", [.text("Fine."), .text("Well.")]), try request())
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.completeStructured(request)
        }
        #expect(error?.code == .schemaMismatch && error?.body == "Well." && model.requests.count == 2)
    }

    @Test func whatTheFilterStoppedIsNotAskedForAgain() async throws {
        let transport = ScriptedTransport(
            .json(#"{"choices":[{"message":{"content":"{\"mo"},"finish_reason":"content_filter"}]}"#))
        let (model, request) = (Conversation.model(.chat, transport), try request())
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.completeStructured(request)
        }
        #expect(error?.code == .contentFiltered && error?.body == "{\"mo" && transport.requests.count == 1)
    }

    @Test(arguments: [
        (#"{"type":"objekt"}"#, "at #/type: objekt is no type"),
        (
            ##"{"type":"object","properties":{"a":{"$ref":"#/$defs/none"}}}"##,
            "at #/properties/a/$ref: the schema has no"
        ),
        (#"{"type":"object","properties":{"a":{"$ref":"https://example.com/a.json"}}}"#, "leads out of the schema"),
    ])
    func aFaultySchemaIsRefusedBeforeARequest(schema: String, expected: String) async throws {
        let model = FakeModel("a")
        var request = ModelRequest("x")
        request.schema = ReplySchema(schema: try JSONReader.read(schema))
        let asked = request
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.completeStructured(asked)
        }
        #expect(error?.code == .invalidRequest && model.requests.isEmpty)
        #expect(error?.message.contains(expected) == true, "\(error?.message ?? "")")
        let given = try Conversation.tape(#"{"prompt":"x","options":{"schema":\#(schema)}}"#)
        let fault = #expect(throws: OptionFault.self) { try ModelQuestion(given.root) }
        #expect(fault?.description.contains(expected) == true)
    }

    @Test func aModelThatKeepsToSchemasIsGivenTheSchema() async throws {
        let transport = ScriptedTransport(
            .json(#"{"choices":[{"message":{"content":"{\"mood\":\"good\"}"},"finish_reason":"stop"}]}"#))
        _ = try await Conversation.model(.chat, transport).completeStructured(try request())
        #expect(try Conversation.body(transport).contains("response_format"))
        #expect(try !Conversation.body(transport).contains("Answer with JSON only"))
    }

    @Test func aKeyInAnAnswerIsNotRepeatedByTheError() async throws {
        let key = "sk-proj-0123456789abcdef"
        let answers = (0..<2).map { _ in FakeModel.Answer.text("{\"mood\":\"good\",\"\(key)\":1}") }
        let (model, asked) = (FakeModel("a", answers), try request())
        var request = asked
        request.schema?.schema = try Conversation.tape(#"{"type":"object","additionalProperties":false}"#)
        let strict = request
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.completeStructured(strict)
        }
        #expect(error?.code == .schemaMismatch && error?.body?.contains("<secret>") == true)
        let told = "\(String(describing: error)) \(error?.body ?? "")"
        #expect(!told.contains(key))
    }

    @Test(arguments: [
        (
            ##"{"anyOf":[{"type":"null"},{"type":"object","properties":{"next":{"$ref":"#"}},"required":["next"]}]}"##,
            #"{"next":{"next":null}}"#
        ),
        (##"{"definitions":{"N":{"type":"integer"}},"type":"array","items":{"$ref":"#/definitions/N"}}"##, "[1,2]"),
        (
            ##"{"$defs":{"L":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/L"},{"$ref":"#"}]}},"type":"array","items":{"$ref":"#/$defs/L"}}"##,
            "[null,[]]"
        ),
        (##"{"anyOf":[{"type":"integer"},{"type":"array","items":{"$ref":"#/anyOf/0"}}]}"##, "[1]"),
    ])
    func aWrappedFormKeepsItsReferences(schema: String, answer: String) async throws {
        var request = ModelRequest("x")
        request.schema = ReplySchema(answer: try Conversation.tape(schema))
        let model = FakeModel("a", [.text("{\"answer\":\(answer)}")])
        let structured = try await model.completeStructured(request)
        #expect(try JSONWriter.string(structured.value.root) == answer && model.requests.count == 1)
    }
}
