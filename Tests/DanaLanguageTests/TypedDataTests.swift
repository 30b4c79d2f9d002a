import DanaData
import Testing

@testable import DanaLanguage

/// Plain data that becomes values of declared types.
@Suite struct TypedDataTests {
    private static let definitions = """
        enum Mood:
            GOOD
            BAD = "bad"
        struct Step:
            text: str
            cost: float = 1
            mood: Mood = Mood.GOOD
        struct Plan:
            steps: list[Step]
            note: str | None = null
            tags: list[str] = ["new" + "ly"]
        struct Tree:
            name: str
            children: list[Tree] = []
        struct Pair:
            span: tuple[int, float]
            names: set[str]
            counts: dict[int, bool]
            rest: Any = null
        struct Asking:
            answer: str = reason("?")
        struct Failing:
            x: int = 1 // 0
        struct A:
            x: int
        struct B:
            x: str
        number = int
        whole = float
        maybe = int | None
        either = A | B
        word = str
        many = list
        flag = bool
        """

    private func value(_ json: String, _ type: String) throws -> String {
        try DeclaredTypeProgram.run(TypedDataTests.definitions).value(json, of: type)
    }

    @Test func structsAreMadeOfObjects() throws {
        #expect(
            try value(#"{"steps":[{"text":"a","cost":2,"mood":"BAD"},{"text":"b"}],"note":"n","tags":[]}"#, "Plan")
                == "Plan(steps=[Step(text='a', cost=2.0, mood=Mood.BAD), Step(text='b', cost=1, mood=Mood.GOOD)], "
                + "note='n', tags=[])")
        #expect(try value(#"{"steps":[]}"#, "Plan") == "Plan(steps=[], note=None, tags=['newly'])")
        #expect(
            try value(#"{"name":"a","children":[{"name":"b"}]}"#, "Tree")
                == "Tree(name='a', children=[Tree(name='b', children=[])])")
        #expect(
            try value(#"{"span":[1,2],"names":["a","a"],"counts":{"3":true},"rest":{"a":[1.5,null]}}"#, "Pair")
                == "Pair(span=(1, 2.0), names={'a'}, counts={3: True}, rest={'a': [1.5, None]})")
        #expect(try value(#"{"steps":[],"steps":[{"text":"later"}]}"#, "Plan").contains("later"))
    }

    @Test func numbersAreTakenForEachOtherWhereNothingIsLost() throws {
        #expect(try value("3", "whole") == "3.0")
        #expect(try value("3.0", "number") == "3")
        #expect(try value("1e30", "number") == "1000000000000000019884624838656")
        #expect(try value("100000000000000000000", "number") == "100000000000000000000")
        #expect(try value("3.5", "number") == "TypeError: plan: expected int, got float")
        #expect(try value("true", "number") == "TypeError: plan: expected int, got bool")
        #expect(try value("1", "flag") == "TypeError: plan: expected bool, got int")
        #expect(try value("\"3\"", "number") == "TypeError: plan: expected int, got '3'")
    }

    @Test func membersAreNamedOrValued() throws {
        #expect(try value(#""GOOD""#, "Mood") == "Mood.GOOD")
        #expect(try value(#""bad""#, "Mood") == "Mood.BAD")
        #expect(try value("1", "Mood") == "Mood.GOOD")
        #expect(try value(#""worse""#, "Mood") == "TypeError: plan: expected Mood, got 'worse'")
        #expect(try value("[1]", "Mood") == "TypeError: plan: expected Mood, got list")
    }

    @Test func unionsTakeWhatFits() throws {
        #expect(try value("null", "maybe") == "None")
        #expect(try value("4", "maybe") == "4")
        #expect(try value(#"{"x":"a"}"#, "either") == "B(x='a')")
        #expect(try value(#"{"x":1}"#, "either") == "A(x=1)")
        #expect(try value(#"{"x":[]}"#, "either") == "TypeError: plan: expected A | B, got dict")
        #expect(try value("[]", "maybe") == "TypeError: plan: expected int | None, got list")
        #expect(try value(#"{"steps":[],"note":3}"#, "Plan") == "TypeError: plan.note: expected str | None, got int")
    }

    @Test func faultsNameTheirPlace() throws {
        #expect(
            try value(#"{"steps":[{"text":"a"},{"text":"b","cost":"c"}]}"#, "Plan")
                == "TypeError: plan.steps[1].cost: expected float, got 'c'")
        #expect(try value(#"{"steps":[{"cost":1}]}"#, "Plan") == "TypeError: plan.steps[0].text: is missing")
        #expect(try value(#"{"steps":[],"stops":1}"#, "Plan") == "TypeError: plan: Plan has no field 'stops'")
        #expect(
            try value(#"{"span":[1],"names":[],"counts":{}}"#, "Pair")
                == "TypeError: plan.span: expected 2 items, got 1")
        #expect(
            try value(#"{"span":[1,2],"names":[],"counts":{"x":true}}"#, "Pair")
                == "TypeError: plan.counts['x']: expected int, got 'x'")
        #expect(
            try value(#"{"span":[1,2],"names":[],"counts":{"1":0}}"#, "Pair")
                == "TypeError: plan.counts['1']: expected bool, got int")
        #expect(try value("[]", "Plan") == "TypeError: plan: expected Plan, got list")
    }

    @Test func defaultsThatAskOrFailSaySo() throws {
        #expect(
            try value("{}", "Asking")
                == "TypeError: plan.answer: its default asks the host, so that the data must name it")
        #expect(try value(#"{"answer":"a"}"#, "Asking") == "Asking(answer='a')")
        #expect(try value("{}", "Failing").hasPrefix("ZeroDivisionError: "))
    }

    @Test func deepDataIsRefusedOnASmallStack() throws {
        nonisolated(unsafe) let host = try DeclaredTypeProgram.run(TypedDataTests.definitions)
        let tree = { @Sendable (depth: Int) in
            String(repeating: #"{"name":"a","children":["#, count: depth)
                + String(repeating: "]}", count: depth)
        }
        let lists = { @Sendable (depth: Int) in
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        let answers = onSmallStack {
            [(tree(40), "Tree"), (tree(400), "Tree"), (lists(90), "many"), (lists(900), "many")].map {
                (try? host.value($0.0, of: $0.1)) ?? ""
            }
        }
        let all = try #require(answers)
        #expect(all[0].hasPrefix("Tree(name='a'"))
        #expect(all[1].hasSuffix("the data has more than 100 levels"))
        #expect(all[2].hasPrefix("[[["))
        #expect(all[3].hasSuffix("the data has more than 100 levels"))
    }

    @Test func unionsOfUnionsAreNotTriedForever() throws {
        let host = try DeclaredTypeProgram.run(
            "struct A:\n    next: A | B\nstruct B:\n    next: A | B\nstruct Row:\n    items: list[int | str | None]")
        let type = try host.variable("A")
        let deep = String(repeating: #"{"next":"#, count: 40) + "1" + String(repeating: "}", count: 40)
        let data = try JSONReader.read(deep)
        let machine = host.interpreter.machine
        do {
            host.interpreter.release(try TypedData.value(of: data.root, ofType: type, machine, mostFailures: 500))
            Issue.record("a number is taken for a struct")
        } catch {
            guard case .misfit(_, let message) = error else { throw error }
            #expect(message == "the data is unlike the types of unions more than 500 times")
        }
        let row = try JSONReader.read(#"{"items":[1,"a",null,2,"b"]}"#)
        let made = try TypedData.value(
            of: row.root, ofType: try host.variable("Row"), machine, mostFailures: 0)
        #expect(try host.interpreter.text(of: made) == "Row(items=[1, 'a', None, 2, 'b'])")
        host.interpreter.release(made)
    }

    @Test func nothingIsLeftBehind() throws {
        let host = try DeclaredTypeProgram.run(TypedDataTests.definitions)
        let texts = [
            #"{"steps":[{"text":"a","cost":2.5},{"text":"bbbbbbbb"}],"note":"nnnnnn"}"#,
            #"{"steps":[{"text":"a","cost":2.5},{"text":3}],"note":"n"}"#,
            #"{"steps":[{"text":"a","cost":2.5},{"text":"b"}],"nota":"n"}"#,
        ]
        for text in texts { _ = try host.value(text, of: "Plan") }
        let before = host.interpreter.bytesInUse
        for _ in 0..<50 {
            for text in texts { _ = try host.value(text, of: "Plan") }
            _ = try host.value(#"{"span":[1,2],"names":["a","b"],"counts":{"3":1}}"#, of: "Pair")
            _ = try host.schema(of: "Tree")
        }
        #expect(host.interpreter.bytesInUse <= before + 4096)
    }

    @Test func memoryIsBounded() throws {
        var limits = Limits()
        limits.memory = 4 << 20
        let host = try DeclaredTypeProgram("x: list[str] = reason()", limits: limits)
        let call = try #require(try host.question())
        let type = try #require(host.interpreter.expectedType(of: call))
        let text = "\"\(String(repeating: "x", count: 50))\""
        let data = try JSONReader.read("[\(Array(repeating: text, count: 100_000).joined(separator: ","))]")
        let fault = #expect(throws: ProgramError.self) { try host.interpreter.value(of: data.root, ofType: type) }
        #expect(fault?.cause == .limit(.memory))
    }
}
