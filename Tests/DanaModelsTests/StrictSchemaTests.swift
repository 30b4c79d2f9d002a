import DanaData
import Testing

@testable import DanaModels

/// Schemas in the strict form that OpenAI wants, where they mean the same in it.
@Suite struct StrictSchemaTests {
    private func strict(_ schema: String) throws -> String? {
        try StrictSchema.strict(try Conversation.tape(schema)).map { try JSONWriter.string($0.root) }
    }

    @Test(arguments: [
        (
            #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#,
            #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"],"additionalProperties":false}"#
        ),
        (
            #"{"type":"object","properties":{"a":{"anyOf":[{"type":"integer"},{"type":"null"}],"default":null}}}"#,
            #"{"type":"object","properties":{"a":{"anyOf":[{"type":"integer"},{"type":"null"}]}},"required":["a"],"additionalProperties":false}"#
        ),
        (
            ##"{"$defs":{"M":{"title":"M","type":"object","properties":{"n":{"type":"number","minimum":0}},"required":["n"]}},"type":"object","properties":{"m":{"$ref":"#/$defs/M","description":"it"},"l":{"type":"array","items":{"$ref":"#/$defs/M"}},"c":{"enum":["x","y"]}},"required":["m","l","c"]}"##,
            ##"{"$defs":{"M":{"title":"M","type":"object","properties":{"n":{"type":"number","minimum":0}},"required":["n"],"additionalProperties":false}},"type":"object","properties":{"m":{"description":"it","anyOf":[{"$ref":"#/$defs/M"}]},"l":{"type":"array","items":{"$ref":"#/$defs/M"}},"c":{"enum":["x","y"],"type":"string"}},"required":["m","l","c"],"additionalProperties":false}"##
        ),
    ])
    func theseMeanTheSame(schema: String, expected: String) throws {
        #expect(try strict(schema) == expected)
    }

    @Test(arguments: [
        // A model would have to invent what may be left out.
        #"{"type":"object","properties":{"a":{"type":"integer","default":3}}}"#,
        #"{"type":"object","properties":{"a":{"type":"integer"}}}"#,
        #"{"type":"object","properties":{"a":{"type":"integer","default":null}}}"#,
        // Properties of any name.
        #"{"type":"object"}"#, #"{"type":"object","additionalProperties":{"type":"integer"}}"#,
        #"{"type":"object","properties":{"a":{"type":"object","additionalProperties":true}},"required":["a"]}"#,
        // Words that are not known there.
        #"{"type":"object","properties":{"a":{"oneOf":[{"type":"integer"}]}},"required":["a"]}"#,
        #"{"type":"object","properties":{"a":{"type":"string","format":"uri"}},"required":["a"]}"#,
        #"{"type":"object","properties":{"a":{"type":"array","prefixItems":[]}},"required":["a"]}"#,
        #"{"type":"object","properties":{"a":{"type":"array"}},"required":["a"]}"#,
        #"{"type":"object","properties":{"a":{}},"required":["a"]}"#,
        #"{"type":"object","properties":{"a":true},"required":["a"]}"#,
        #"{"type":"object","properties":{},"required":["a"]}"#, #"{"type":"string"}"#, "true", "[]",
    ])
    func theseDoNot(schema: String) throws {
        #expect(try strict(schema) == nil)
    }

    @Test func whatIsNotStrictIsSentAsItIs() async throws {
        let schema = #"{"type":"object","properties":{"a":{"type":"integer","default":3}}}"#
        for dialect in [ModelEndpoint.Dialect.chat, .responses] {
            let transport = ScriptedTransport()
            var request = ModelRequest("x")
            request.schema = ReplySchema(schema: try Conversation.tape(schema))
            let asked = request
            _ = await Conversation.failure { () throws(ModelError) in
                _ = try await Conversation.model(dialect, transport).complete(asked)
            }
            #expect(try Conversation.body(transport).contains(#""strict":false,"schema":\#(schema)}"#))
        }
    }

    @Test func aSchemaOfAnyDepthIsLookedAt() throws {
        let deep =
            String(repeating: #"{"type":"array","items":"#, count: 300) + #"{"type":"null"}"#
            + String(repeating: "}", count: 300)
        #expect(try strict(#"{"type":"object","properties":{"a":\#(deep)},"required":["a"]}"#) == nil)
    }
}
