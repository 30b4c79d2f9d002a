import DanaData
import Testing

@testable import DanaLanguage

/// The JSON Schema of declared types and of functions' parameters.
@Suite struct TypeSchemaTests {
    /// The schema of `x: ...`.
    private func schema(_ annotation: String, _ definitions: String = "") throws -> String {
        let host = try DeclaredTypeProgram("\(definitions)\nx: \(annotation) = reason()")
        let call = try #require(try host.question())
        let type = try #require(host.interpreter.expectedType(of: call))
        return try JSONWriter.string(host.interpreter.jsonSchema(ofType: type).root)
    }

    @Test func plainTypesHaveTheirNames() throws {
        #expect(try schema("int") == #"{"type":"integer"}"#)
        #expect(try schema("float") == #"{"type":"number"}"#)
        #expect(try schema("str") == #"{"type":"string"}"#)
        #expect(try schema("bool") == #"{"type":"boolean"}"#)
        #expect(try schema("None") == #"{"type":"null"}"#)
        #expect(try schema("list") == #"{"type":"array","items":{}}"#)
    }

    @Test func containersSayWhatTheyHold() throws {
        #expect(try schema("list[int]") == #"{"type":"array","items":{"type":"integer"}}"#)
        #expect(try schema("set[str]") == #"{"type":"array","items":{"type":"string"},"uniqueItems":true}"#)
        #expect(try schema("tuple[int, ...]") == #"{"type":"array","items":{"type":"integer"}}"#)
        #expect(
            try schema("tuple[int, str]")
                == #"{"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}],"items":false,"#
                + #""minItems":2,"maxItems":2}"#)
        #expect(try schema("dict[str, float]") == #"{"type":"object","additionalProperties":{"type":"number"}}"#)
        #expect(try schema("int | None") == #"{"anyOf":[{"type":"integer"},{"type":"null"}]}"#)
        #expect(try schema("list[Any]") == #"{"type":"array","items":{}}"#)
    }

    @Test func structsAreObjects() throws {
        let definitions = """
            enum Mood:
                GOOD
                BAD = "bad"

            struct Step:
                text: str
                cost: float = 1.5
                mood: Mood = Mood.GOOD

            struct Plan:
                "What to do."
                steps: list[Step]
                note: str | None = null
                tags: list[str] = []
            """
        let expected =
            #"{"title":"Plan","description":"What to do.","type":"object","properties":{"#
            + #""steps":{"type":"array","items":{"title":"Step","type":"object","properties":{"#
            + #""text":{"type":"string"},"cost":{"type":"number","description":"default: 1.5"},"#
            + #""mood":{"title":"Mood","type":"string","enum":["GOOD","BAD"]}},"#
            + #""required":["text"],"additionalProperties":false}},"#
            + #""note":{"anyOf":[{"type":"string"},{"type":"null"}],"description":"default: null"},"#
            + #""tags":{"type":"array","items":{"type":"string"}}},"#
            + #""required":["steps"],"additionalProperties":false}"#
        #expect(try schema("Plan", definitions) == expected)
    }

    @Test func structsLeadBackToThemselves() throws {
        let definitions = """
            struct Tree:
                name: str
                children: list[Tree]
                next: Pair | None = null
            struct Pair:
                left: "Tree"
                right: 'Tree | None'
            """
        let tape = try DeclaredTypeProgram.run(definitions).schema(of: "Tree")
        let schema = try JSONReader.read(tape)
        #expect(schema.root["type"]?.string == "object")
        #expect(schema.root["properties"]?["children"]?["items"]?["$ref"]?.string == "#/$defs/Tree")
        #expect(schema.root["$defs"]?["Tree"]?["properties"]?["name"]?["type"]?.string == "string")
        let leaf = #"{"name":"b","children":[],"next":null}"#
        let fits = #"{"name":"a","children":[\#(leaf)],"next":{"left":\#(leaf),"right":null}}"#
        #expect(try JSONSchema(schema).faults(in: JSONReader.read(fits).root).isEmpty)
        let misfits = #"{"name":"a","children":[{"name":1,"children":[],"next":null}],"next":null}"#
        #expect(
            try JSONSchema(schema).faults(in: JSONReader.read(misfits).root).map(\.description)
                == ["at $.children[0].name: must be string, found integer"])
    }

    @Test func structsOfOneNameAreToldApart() throws {
        let definitions = """
            struct Item:
                a: int
            First = Item
            struct Item:
                b: int
            struct Pair:
                x: list[First]
                y: list[First]
                z: list[Item]
                w: list[Item]
            """
        let schema = try JSONReader.read(try DeclaredTypeProgram.run(definitions).schema(of: "Pair"))
        #expect(schema.root["$defs"]?["Item"]?["properties"]?["a"] != nil)
        #expect(schema.root["$defs"]?["Item_2"]?["properties"]?["b"] != nil)
    }

    @Test func whatNoJSONStandsForIsNamed() throws {
        let definitions = """
            interface Shape:
                func area() -> float
            struct Plan:
                call: Callable
            struct Outer:
                inner: list[Plan]
            struct Drawing:
                shapes: list[Shape]
            struct Odd:
                byPair: dict[tuple[int, int], str]
            struct Raw:
                data: bytes
            """
        let host = try DeclaredTypeProgram.run(definitions)
        let faults = try ["Plan", "Outer", "Drawing", "Odd", "Raw", "reason"].map { name in
            do { return try host.schema(of: name) } catch let error as ProgramError { return error.message }
        }
        #expect(
            faults == [
                "Plan.call: no JSON stands for Callable", "Outer.inner[].call: no JSON stands for Callable",
                "Drawing.shapes[]: no JSON stands for Shape",
                "Odd.byPair: no JSON stands for a dict with keys of type tuple[int, int]",
                "Raw.data: no JSON stands for bytes", #"{"type":"null"}"#,
            ])
    }

    @Test func valuesThatAreNoTypesAreRefused() throws {
        let host = try DeclaredTypeProgram.run(
            "number = 5\nempty = ()\nround = [list, 1, int]\nround[2] = round\nwide = (int, str)\n"
                + "for i in range(30):\n    wide = (wide, wide)\n")
        let faults = try ["number", "empty", "round", "wide"].map { name in
            do { return try host.schema(of: name) } catch let error as ProgramError { return error.message }
        }
        #expect(
            faults == [
                "expected a type, got int", "expected a type, got tuple", "the type has more than 100 levels",
                "the type names more than 20000 types",
            ])
    }

    @Test func longRowsOfStructsNeedLittleStack() throws {
        var definitions = "struct S0:\n    a: int\n"
        for number in 1..<300 { definitions += "struct S\(number):\n    inner: S\(number - 1)\n" }
        let host = try DeclaredTypeProgram.run(definitions)
        nonisolated(unsafe) let unsafeHost = host
        let schema = try #require(onSmallStack { try? unsafeHost.schema(of: "S299") })
        let tape = try JSONReader.read(try #require(schema))
        #expect(tape.root["$defs"]?.count ?? 0 > 10)
        let deep = String(repeating: #"{"inner":"#, count: 60) + "1" + String(repeating: "}", count: 60)
        #expect(!JSONSchema(tape).faults(in: try JSONReader.read(deep).root).isEmpty)
    }

    // MARK: Parameters

    private func parameters(_ definition: String, of name: String = "f") throws -> String? {
        let host = try DeclaredTypeProgram.run(definition)
        let tape = try host.interpreter.jsonSchema(ofParametersOf: try host.variable(name))
        return try tape.map { try JSONWriter.string($0.root) }
    }

    @Test func parametersAreProperties() throws {
        #expect(
            try parameters("func f(a: int, b=2, *rest, c: list[str], d: 'str | None' = null, **more):\n    pass")
                == #"{"type":"object","properties":{"a":{"type":"integer"},"b":{"description":"default: 2"},"#
                + #""c":{"type":"array","items":{"type":"string"}},"#
                + #""d":{"anyOf":[{"type":"string"},{"type":"null"}],"description":"default: null"}},"#
                + #""required":["a","c"],"additionalProperties":false}"#)
        #expect(
            try parameters("func f():\n    pass")
                == #"{"type":"object","properties":{},"required":[],"additionalProperties":false}"#)
        #expect(
            try parameters("struct P:\n    x: int\nfunc (p: P) move(by: Sequence[int]):\n    pass\nf = P(1).move")
                == #"{"type":"object","properties":{"by":{"type":"array","items":{"type":"integer"}}},"#
                + #""required":["by"],"additionalProperties":false}"#)
        #expect(
            try parameters("struct P:\n    x: int\n    y: int = 2\nf = P")
                == #"{"type":"object","properties":{"x":{"type":"integer"},"#
                + #""y":{"type":"integer","description":"default: 2"}},"required":["x"],"additionalProperties":false}"#)
        #expect(
            try parameters("func f(a: Mapping[str, Later], b: Missing):\n    pass\nenum Later:\n    A")
                == #"{"type":"object","properties":{"a":{"type":"object","additionalProperties":{"title":"Later","#
                + #""type":"string","enum":["A"]}},"b":{}},"required":["a","b"],"additionalProperties":false}"#)
        #expect(try parameters("f = abs")?.contains(#""required":["#) == true)
    }

    @Test func whatHasNoSignatureHasNoParameters() throws {
        #expect(try parameters("f = reason") == nil)
        #expect(try parameters("f = 5") == nil)
        #expect(try parameters("f = int") == nil)
    }

    @Test func parametersThatNoJSONStandsForAreNamed() throws {
        let host = try DeclaredTypeProgram.run("func f(call: Callable[[int], str]):\n    pass")
        let function = try host.variable("f")
        let fault = #expect(throws: ProgramError.self) {
            try host.interpreter.jsonSchema(ofParametersOf: function)
        }
        #expect(fault?.message == "f(call): no JSON stands for Callable")
    }
}
