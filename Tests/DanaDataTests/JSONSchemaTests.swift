import Testing

@testable import DanaData

/// Values held against schemas.
@Suite struct JSONSchemaTests {
    private func faults(_ schema: String, _ value: String) throws -> [String] {
        let tape = try JSONReader.read(value)
        return JSONSchema(try JSONReader.read(schema)).faults(in: tape.root).map(\.description)
    }

    @Test(arguments: [
        ("{}", "[1,null]"), ("true", "1"), (#"{"type":"integer"}"#, "1"), (#"{"type":"integer"}"#, "2.0"),
        (#"{"type":"number"}"#, "1"), (#"{"type":["string","null"]}"#, "null"), (#"{"enum":[1,"a"]}"#, "1.0"),
        (#"{"const":{"a":[1]}}"#, #"{"a":[1]}"#), (#"{"minimum":1,"maximum":1}"#, "1"),
        (#"{"minLength":1}"#, "\"\u{1f600}\""),
        (#"{"maxLength":1}"#, "\"\u{1f600}\""), (#"{"minItems":1,"items":{"type":"integer"}}"#, "[1]"),
        (#"{"prefixItems":[{"type":"string"}],"items":{"type":"integer"}}"#, #"["a",1,2]"#),
        (#"{"properties":{"a":{"type":"integer"}},"required":["a"]}"#, #"{"a":1,"b":2}"#),
        (#"{"additionalProperties":{"type":"integer"}}"#, #"{"a":1}"#),
        (#"{"anyOf":[{"type":"string"},{"type":"integer"}]}"#, "1"), (#"{"not":{"type":"string"}}"#, "1"),
        (#"{"oneOf":[{"minimum":5},{"maximum":1}]}"#, "1"), (#"{"allOf":[{"minimum":1},{"maximum":3}]}"#, "2"),
        (
            ##"{"$defs":{"tree":{"type":"object","properties":{"next":{"$ref":"#/$defs/tree"}}}},"$ref":"#/$defs/tree"}"##,
            #"{"next":{"next":{}}}"#
        ),
        (#"{"patternProperties":{"^x":{}},"additionalProperties":false}"#, #"{"x1":1}"#),
        (#"{"multipleOf":3}"#, "9"), (#"{"multipleOf":0.1}"#, "0.3"),
        (#"{"multipleOf":7}"#, "700000000000000000000000"),
        (#"{"uniqueItems":true}"#, #"[1,2,"1",[1],[2]]"#), (#"{"uniqueItems":false}"#, "[1,1]"),
        (#"{"if":{"type":"string"},"then":{"minLength":2},"else":{"minimum":2}}"#, "2"),
        (#"{"if":false,"then":false}"#, "2"), (#"{"contains":{"type":"string"}}"#, #"[1,"a"]"#),
        (#"{"contains":{"type":"string"},"minContains":0}"#, "[]"), (#"{"items":[{"type":"string"}]}"#, #"["a",1]"#),
        (#"{"dependentRequired":{"a":["b"]}}"#, "{}"), (#"{"propertyNames":{"maxLength":1}}"#, #"{"a":1}"#),
        (##"{"$defs":{"x":{"$anchor":"n","type":"integer"}},"$ref":"#n"}"##, "1"),
        (
            #"{"allOf":[{"properties":{"a":{}}}],"anyOf":[{"properties":{"b":{}}}],"unevaluatedProperties":false}"#,
            #"{"a":1,"b":2}"#
        ),
        (#"{"allOf":[{"prefixItems":[{}]}],"unevaluatedItems":{"type":"integer"}}"#, #"["a",1]"#),
        (##"{"$defs":{"a/b":{"type":"integer"}},"$ref":"#/$defs/a~1b"}"##, "1"), (#"{"pattern":"^x"}"#, "\"y\""),
    ])
    func thisFits(schema: String, value: String) throws {
        #expect(try faults(schema, value) == [])
    }

    @Test(arguments: [
        ("false", "1", "at $: nothing may stand here"),
        (#"{"type":"integer"}"#, "1.5", "at $: must be integer, found number"),
        (#"{"type":["string","null"]}"#, "[]", "at $: must be string or null, found array"),
        (#"{"enum":["a",1]}"#, "true", #"at $: must be one of "a", 1"#),
        (#"{"const":1}"#, "2", "at $: must be 1"), (#"{"minimum":1}"#, "0", "at $: must be at least 1"),
        (#"{"maximum":5}"#, "1000000000000000000000000000000", "at $: must be at most 5"),
        (#"{"minimum":0}"#, "-99999999999999999999", "at $: must be at least 0"),
        (#"{"maximum":9007199254740992}"#, "9007199254740993", "at $: must be at most 9007199254740992"),
        (#"{"maximum":1.5}"#, "2", "at $: must be at most 1.5"),
        (#"{"maxLength":1}"#, #""\ud83dab""#, "at $: must have at most 1 characters, has 3"),
        (#"{"exclusiveMaximum":1}"#, "1", "at $: must be less than 1"),
        (#"{"maxLength":1}"#, "\"ab\"", "at $: must have at most 1 characters, has 2"),
        (#"{"minItems":1}"#, "[]", "at $: must have at least 1 elements, has 0"),
        (#"{"minProperties":1}"#, "{}", "at $: must have at least 1 properties, has 0"),
        (#"{"items":{"type":"integer"}}"#, "[1,null]", "at $[1]: must be integer, found null"),
        (#"{"required":["a"]}"#, "{}", "at $: a is missing"),
        (
            #"{"properties":{"a":{"properties":{"b":{"type":"string"}}}}}"#, #"{"a":{"b":1}}"#,
            "at $.a.b: must be string, found integer"
        ),
        (#"{"additionalProperties":false}"#, #"{"a":1}"#, "at $: a is no property here"),
        (#"{"anyOf":[{"type":"string"},{"type":"null"}]}"#, "1", "at $: fits none of the 2 forms that are allowed"),
        (#"{"oneOf":[{"minimum":1},{"maximum":3}]}"#, "2", "at $: fits 2 of the forms of which it must fit one"),
        (#"{"not":{"type":"integer"}}"#, "1", "at $: has the form that it must not have"),
        (#"{"multipleOf":3}"#, "10", "at $: must be a multiple of 3"),
        (#"{"multipleOf":0.1}"#, "0.35", "at $: must be a multiple of 0.1"),
        (#"{"multipleOf":7}"#, "700000000000000000000001", "at $: must be a multiple of 7"),
        (#"{"uniqueItems":true}"#, "[1,2,1.0]", "at $[2]: stands here already, and each may only once"),
        (#"{"if":{"type":"string"},"then":{"minLength":2}}"#, "\"a\"", "at $: must have at least 2 characters, has 1"),
        (#"{"if":{"type":"string"},"else":{"minimum":2}}"#, "1", "at $: must be at least 2"),
        (#"{"contains":{"type":"string"}}"#, "[1]", "at $: must have at least 1 elements of a certain form, has 0"),
        (#"{"contains":true,"maxContains":1}"#, "[1,2]", "at $: must have at most 1 elements of a certain form, has 2"),
        (#"{"items":[{"type":"string"}],"additionalItems":false}"#, #"["a",1]"#, "at $[1]: nothing may stand here"),
        (#"{"dependentRequired":{"a":["b"]}}"#, #"{"a":1}"#, "at $: b is missing, which a needs"),
        (
            #"{"dependentSchemas":{"a":{"maxProperties":1}}}"#, #"{"a":1,"b":2}"#,
            "at $: must have at most 1 properties, has 2"
        ),
        (#"{"propertyNames":{"maxLength":1}}"#, #"{"ab":1}"#, "at $: must have at most 1 characters, has 2"),
        (
            #"{"allOf":[{"properties":{"a":{}}}],"unevaluatedProperties":false}"#, #"{"a":1,"b":2}"#,
            "at $: b is no property here"
        ),
        (
            #"{"anyOf":[{"properties":{"a":{"const":1}},"required":["a"]},true],"unevaluatedProperties":false}"#,
            #"{"a":2}"#, "at $: a is no property here"
        ),
        (
            #"{"allOf":[{"prefixItems":[{}]}],"unevaluatedItems":{"type":"integer"}}"#, #"["a","b"]"#,
            "at $[1]: must be integer, found string"
        ),
        (##"{"$ref":"#/$defs/none"}"##, "1", "at $: the schema has no #/$defs/none"),
        (##"{"$ref":"#"}"##, "1", "at $: the schema leads further than can be followed"),
    ])
    func thisDoesNotFit(schema: String, value: String, fault: String) throws {
        #expect(try faults(schema, value) == [fault])
    }

    @Test(arguments: [
        (#"{"type":"objekt"}"#, "at #/type: objekt is no type: there are null, boolean"),
        (#"{"type":[]}"#, "at #/type: [] is no type"), (#"{"type":["string",1]}"#, "at #/type: 1 is no type"),
        (##"{"items":{"$ref":"#/$defs/none"}}"##, "at #/items/$ref: the schema has no #/$defs/none"),
        (#"{"$ref":"other.json"}"#, "at #/$ref: other.json leads out of the schema"),
        (#"{"properties":{"a":1}}"#, "at #/properties/a: a schema is an object, or true or false"),
        (#"{"properties":[]}"#, "at #/properties: an object of schemas is expected"),
        (#"{"anyOf":[]}"#, "at #/anyOf: a list of schemas that is not empty is expected"),
        (#"{"required":"a"}"#, "at #/required: a list of strings is expected"),
        (#"{"minLength":-1}"#, "at #/minLength: a whole number of at least 0 is expected"),
        (#"{"minimum":"1"}"#, "at #/minimum: a number is expected"), (#"{"enum":"a"}"#, "at #/enum: a list of values"),
        (#"{"multipleOf":0}"#, "at #/multipleOf: a number above 0 is expected"),
        (##"{"$dynamicRef":"#a"}"##, "at #: references that change with their place"), ("1", "at #: a schema is an"),
    ])
    func aFaultOfASchemaIsFoundInIt(schema: String, fault: String) throws {
        let found = JSONSchema(try JSONReader.read(schema)).fault?.description
        #expect(found?.hasPrefix(fault) == true, "\(found ?? "none")")
    }

    @Test(arguments: [
        "true", #"{"$schema":"x","title":"a","default":1,"examples":[1],"x-own":{"type":"what"}}"#,
        #"{"properties":{"type":{"const":{"type":"what"}},"$ref":{"type":"string"}},"required":["type"]}"#,
        ##"{"$defs":{"a":{"$ref":"#"}},"items":{"$ref":"#/$defs/a"},"minLength":1.0}"##,
        #"{"items":[{"type":"string"},true],"additionalItems":false}"#,
    ])
    func aSchemaWithoutFaultsHasNone(schema: String) throws {
        #expect(JSONSchema(try JSONReader.read(schema)).fault == nil)
    }

    @Test func whatASchemaAsksForIsBounded() throws {
        let endless = ##"{"anyOf":[{"$ref":"#"},{"$ref":"#"},{"$ref":"#"}]}"##
        let schema = JSONSchema(try JSONReader.read(endless), mostSteps: 1000)
        let found = schema.faults(in: try JSONReader.read("1").root)
        #expect(found.map(\.message) == ["fits none of the 3 forms that are allowed"])
        let many = "[" + repeatElement("null", count: 100).joined(separator: ",") + "]"
        #expect(try faults(#"{"items":{"type":"integer"}}"#, many).count == JSONSchema.mostFaults)
    }
}
