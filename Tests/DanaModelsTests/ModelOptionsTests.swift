import DanaData
import Testing

@testable import DanaModels

/// The options of a question, and what of them reaches the model.
@Suite struct ModelOptionsTests {
    private func options(_ text: String) throws -> ModelOptions { try ModelOptions(Conversation.tape(text).root) }

    @Test func whatIsSaidReachesTheRequest() throws {
        let options = try options(
            #"""
            {"mode": "brief", "system": "Be kind.", "max_tokens": 5, "temperature": 1, "top_p": 0.5, "seed": 7,
             "stop": "END", "timeout": 2.5, "priority": "high", "tenant": "t", "extra": {"logprobs": true}}
            """#)
        let (request, notes) = ModelQuestion("why?", options: options).request()
        #expect(request.system == "Be kind.\n\nAnswer in one or two short sentences.")
        #expect(request.maxTokens == 5 && request.temperature == 1 && request.topP == 0.5 && request.seed == 7)
        #expect(request.stop == ["END"] && request.timeouts.total == .seconds(2.5) && notes.isEmpty)
        #expect(request.extras.map(\.name) == ["logprobs"])
        #expect(options.place.priority == .high && options.place.tenant == "t")
    }

    @Test func whatIsNotSaidIsLeftToTheProvider() throws {
        let (request, _) = ModelQuestion("why?", options: try options(#"{"seed": null}"#)).request()
        #expect(request == ModelRequest("why?"))
    }

    @Test func aMannerHasItsTemperature() throws {
        #expect(ModelQuestion("a", options: try options(#"{"mode":"precise"}"#)).request().request.temperature == 0)
        let own = try options(#"{"mode":"precise","temperature":0.5}"#)
        #expect(ModelQuestion("a", options: own).request().request.temperature == 0.5)
    }

    @Test(arguments: [
        (#"{"nonsense": 1}"#, OptionFault.Kind.value, "there is no option 'nonsense'; there are: batch_size, "),
        (#"{"max_tokenz": 1}"#, .value, "there is no option 'max_tokenz': did you mean 'max_tokens'?"),
        (#"{"max_tokens": "x"}"#, .type, "Expected int, got string at option 'max_tokens'"),
        (#"{"max_tokens": 0}"#, .value, "option 'max_tokens' must be 1 or more, got 0"),
        (
            #"{"max_tokens": 4611686018427387904}"#, .value,
            "option 'max_tokens' must be 1000000000 or less, got 4611686018427387904"
        ),
        (#"{"temperature": 9}"#, .value, "option 'temperature' must be from 0.0 to 2.0, got 9.0"),
        (#"{"mode": "odd"}"#, .value, "option 'mode' must be one of brief, detailed, "),
        (#"{"stop": [1]}"#, .type, "Expected list of strings, an item of it, got int at option 'stop'"),
        (#"{"timeout": -1}"#, .value, "option 'timeout' must be from 0.0"),
        (#"{"choices": []}"#, .value, "option 'choices' must have at least one choice"),
        (#"{"choices": ["a"], "schema": {}}"#, .value, "give either 'schema' or 'choices', not both"),
        (#"{"schema": 1}"#, .type, "Expected dict, got int at option 'schema'"),
        (#"{"extra": []}"#, .type, "Expected dict, got list at option 'extra'"),
        ("[]", .type, "Expected dict, got list at argument 'options'"),
    ])
    func whatMakesNoSenseIsNamed(text: String, kind: OptionFault.Kind, message: String) throws {
        let fault = #expect(throws: OptionFault.self) { try options(text) }
        #expect(fault?.kind == kind && fault?.description.hasPrefix(message) == true, "\(fault as Any)")
    }

    @Test func choicesAreAForm() async throws {
        let schema = try #require(try options(#"{"choices": ["yes", "no"]}"#).schema)
        #expect(schema.isWrapped)
        #expect(
            try JSONWriter.string(schema.schema.root)
                == #"{"type":"object","properties":{"answer":{"enum":["yes","no"]}},"required":["answer"],"additionalProperties":false}"#
        )
        let pool = try ModelPool("m") { _ in FakeModel("m", [.text(#"{"answer":"yes"}"#)]) }
        let question = ModelQuestion("a", options: try options(#"{"choices": ["yes", "no"]}"#))
        let answer = try await pool.answer(question)
        #expect(answer.text == "yes" && answer.value?.root.string == "yes")
    }

    @Test(arguments: [
        (#"{"enum": ["a"]}"#, true), (#"{"type": "boolean"}"#, true), (#"{"const": 1}"#, true),
        (#"{"anyOf": [{"enum": ["a"]}, {"type": "null"}]}"#, true), (#"{"type": "integer"}"#, false),
        (#"{"anyOf": [{"enum": ["a"]}, {"type": "string"}]}"#, false),
        (#"{"type": "object", "properties": {"answer": {"type": "boolean"}}}"#, false),
    ])
    func oneOfAFewIsAChoice(schema: String, isChoice: Bool) throws {
        #expect(ReplySchema(answer: try Conversation.tape(schema)).isChoice == isChoice)
    }

    @Test func conversationsAreRead() throws {
        let question = try ModelQuestion(
            Conversation.tape(
                #"{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}], "options": {}}"#
            ).root)
        #expect(question.messages == [.system("s"), .user("u")])
        for wrong in [#"{"messages": []}"#, #"{"messages": [5]}"#, #"{"messages": [{"role": "x"}]}"#, "{}"] {
            #expect(throws: OptionFault.self) { try ModelQuestion(Conversation.tape(wrong).root) }
        }
    }
}
