import DanaData
import Testing

@testable import DanaLanguage

/// What a host learns of the types that a program declares.
@Suite struct DeclaredTypeTests {
    private static let plan = """
        struct Plan:
            goal: str

        """

    private func expected(_ statements: String, isStrict: Bool = false) throws -> [String] {
        try DeclaredTypeProgram.expected(in: DeclaredTypeTests.plan + statements, isStrict: isStrict)
    }

    // MARK: What a call is to give

    @Test func assignmentsDeclareTypes() throws {
        #expect(try expected("x: Plan = reason('?')") == ["Plan"])
        #expect(try expected("x: list[Plan] | None = reason('?', n=2)") == ["list[Plan] | None"])
        #expect(try expected("x: dict[str, tuple[int, ...]] = reason(*['?'])") == ["dict[str, tuple[int, ...]]"])
        #expect(try expected("x: Plan = model().reason('?')") == ["Plan"])
        #expect(try expected("m = model()\nx: int = m.count") == ["int"])
        #expect(try expected("m = model()\nx: Plan = m['plan']") == ["Plan"])
        #expect(try expected("m = model()\nx: Plan = m.reason('?', n=1)") == ["Plan"])
        #expect(try expected("x: Plan = reason('?') if true else null") == ["Plan"])
        #expect(try expected("x: Plan = 0 or reason('?')") == ["Plan"])
        #expect(try expected("func f():\n    x: Plan = reason('?')\nf()") == ["Plan"])
        #expect(try expected("x: list[int] = []\nx[0]: Plan = reason('?')") == ["Plan"])
    }

    @Test func whatDeclaresNothingSaysSo() throws {
        let without = [
            "x = reason('?')", "reason('?')", "x: Any = reason('?')", "x: Plan = [reason('?')]",
            "x: str = str(reason('?'))", "x: int = 1 + reason('?')", "func f():\n    return reason('?')\nf()",
            "func f() -> Plan:\n    reason('?')\n    return null\nf()", "y = reason('?')\nx: Plan = y",
            "func ask(q):\n    return reason(q)\nx: Plan = ask('?')", "print(f'{reason(1)}')",
            "func f() -> Missing:\n    return reason('?')\nf()", "x: Plan = reason('?') or 0",
            "func f() -> Plan:\n    yield reason('?')\nlist(f())",
        ]
        for program in without {
            #expect(try expected(program) == ["nothing"], "\(program)")
        }
    }

    @Test func pipesDeclareTypes() throws {
        #expect(try expected("x: Plan = '?' | reason") == ["Plan"])
        #expect(try expected("x: Plan = '?' | reason | reason") == ["nothing", "Plan"])
        #expect(try expected("x: Plan = '?' | reason($$, 2)") == ["Plan"])
        #expect(try expected("x: Plan = '?' as q | reason(q, 2) as answer") == ["Plan"])
        #expect(try expected("x: Plan = '?' | str | model().reason($$)") == ["Plan"])
        #expect(try expected("x: list[Plan] = '?' | [reason, reason]") == ["nothing", "nothing"])
    }

    @Test func resultsDeclareTypes() throws {
        #expect(try expected("func f() -> Plan:\n    return reason('?')\nf()") == ["Plan"])
        #expect(try expected("func f() -> Later:\n    return reason('?')\nstruct Later:\n    a: int\nf()") == ["Later"])
        #expect(try expected("func f() -> Plan = reason('?')\nf()") == ["Plan"])
        #expect(try expected("Either = Plan | int\nfunc f() -> Either:\n    return reason('?')\nf()") == ["Plan | int"])
        #expect(try expected("func f() -> 'list[Plan]':\n    return '?' | reason\nf()") == ["list[Plan]"])
        #expect(try expected("func f(q) -> Plan = reason\nf('?')") == ["Plan"])
        #expect(try expected("func f(q) -> Optional[Plan] = str | reason\nf('?')") == ["Plan | None"])
        #expect(try expected("func f(q) -> Plan = q | reason($$, 2)\nf('?')") == ["Plan"])
    }

    @Test func resultsThatLeaveSomethingDeclareTypes() throws {
        let ways = [
            "try:\n        return reason('?')\n    except:\n        pass",
            "try:\n        return reason('?')\n    finally:\n        print('', end='')",
            "for i in [1]:\n        return reason('?')",
            "while true:\n        try:\n            return '?' | reason\n        finally:\n            pass",
            "try:\n        raise ValueError()\n    except ValueError as e:\n        return reason(e)",
            "match 1:\n        case 1:\n            return reason('?')",
            "if true:\n        return reason('?')",
            "return reason('?') if true else null",
            "return (y := reason('?'))",
        ]
        for way in ways {
            #expect(try expected("func f() -> Plan:\n    \(way)\nf()") == ["Plan"], "\(way)")
            #expect(try expected("@strict\nfunc f() -> Plan:\n    \(way)\nf()") == ["Plan"], "\(way)")
        }
        let managed = "func f() -> Plan:\n    with model() as m:\n        return m.reason('?')\nf()"
        #expect(try expected(managed) == ["Plan"])
    }

    @Test func strictResultsDeclareTypes() throws {
        #expect(try expected("@strict\nfunc f() -> Plan:\n    return reason('?')\nf()") == ["Plan"])
        #expect(try expected("func f(q) -> Plan = str | reason\nf('?')", isStrict: true) == ["Plan"])
        #expect(try expected("func f(q) -> Plan:\n    return q | reason\nf('?')", isStrict: true) == ["Plan"])
    }

    @Test func typesOfAFunctionAroundAreNotTakenForTheModules() throws {
        let program = """
            func outer():
                struct Plan:
                    other: int
                func inner() -> Plan:
                    return reason('?')
                x: Plan = reason('?')
                inner()
            outer()
            """
        let host = try DeclaredTypeProgram(DeclaredTypeTests.plan + program)
        let first = try #require(try host.question())
        let type = try #require(host.interpreter.expectedType(of: first))
        #expect(StructTypeObject(type)?.fieldNames.items.map { StringObject(known: $0).text } == ["other"])
        let made = try host.interpreter.value(of: JSONReader.read(#"{"other": 1}"#).root, ofType: type)
        host.interpreter.answer(first.identifier, with: made)
        #expect(host.interpreter.expectedType(of: try #require(try host.question())) == nil)
    }

    @Test func savedProgramsStillDeclareTypes() throws {
        let host = try DeclaredTypeProgram(
            DeclaredTypeTests.plan
                + "func f() -> list[Plan]:\n    x: Plan = reason('?')\n    return reason(x)\nf()[0].goal")
        var interpreter = host.interpreter
        func save() throws {
            interpreter = try Interpreter.restore(try interpreter.save(key: SealKey(5, 6)), key: SealKey(5, 6))
        }
        guard case .waiting(let first) = interpreter.run() else { throw SaveError(message: "no question") }
        try save()
        let plan = try #require(interpreter.expectedType(of: first[0]))
        let value = try interpreter.value(of: JSONReader.read(#"{"goal": "peace"}"#).root, ofType: plan)
        interpreter.answer(first[0].identifier, with: value)
        guard case .waiting(let second) = interpreter.run() else { throw SaveError(message: "no second question") }
        #expect(interpreter.expectedType(of: second[0]) != nil)
        try save()
        let plans = try #require(interpreter.expectedType(of: second[0]))
        #expect(interpreter.name(ofType: plans) == "list[Plan]")
        let list = try interpreter.value(of: JSONReader.read(#"[{"goal": "bread"}]"#).root, ofType: plans)
        interpreter.answer(second[0].identifier, with: list)
        guard case .finished = interpreter.run() else { throw SaveError(message: "no end") }
        #expect(Runner.describe(interpreter.result) == "'bread'")
    }

    @Test func anAnswerOfTheDeclaredTypeIsAccepted() throws {
        let host = try DeclaredTypeProgram(
            DeclaredTypeTests.plan + "x: list[Plan] = reason('?')\nx[0].goal + x[1].goal")
        let call = try #require(try host.question())
        let type = try #require(host.interpreter.expectedType(of: call))
        let data = try JSONReader.read(#"[{"goal": "a"}, {"goal": "b"}]"#)
        #expect(JSONSchema(try host.interpreter.jsonSchema(ofType: type)).faults(in: data.root).isEmpty)
        host.interpreter.answer(call.identifier, with: try host.interpreter.value(of: data.root, ofType: type))
        #expect(host.interpreter.expectedType(of: call) == nil)
        guard case .finished = host.interpreter.run() else { throw SaveError(message: "the program does not end") }
        #expect(Runner.describe(host.interpreter.result) == "'ab'")
    }
}
