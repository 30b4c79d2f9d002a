import DanaLanguage
import DanaModels
import DanaPools
import Synchronization
import Testing

@testable import Dana

/// Programs that ask language models.
@Suite struct ModelFunctionTests {
    /// Answers with what it was asked, or with what it was told to.
    private final class EchoModel: LanguageModel {
        let name = "echo/one"
        let capabilities: ModelCapabilities = [.streaming, .schema, .tools]
        private let replies: Mutex<[ModelReply]>
        private let asked = Mutex<[ModelRequest]>([])

        init(_ replies: [ModelReply] = []) { self.replies = Mutex(replies.reversed()) }

        var requests: [ModelRequest] { asked.withLock { $0 } }

        func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
            asked.withLock { $0.append(request) }
            return replies.withLock { $0.popLast() } ?? ModelReply(text: request.messages.last?.text ?? "")
        }

        func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
            ModelStream(Words(words: try await complete(request).text.split(separator: " ").map(String.init)[...]))
        }

        func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] { texts.map { [Float($0.utf8.count)] } }

        private struct Words: ModelStream.Source {
            var words: ArraySlice<String>

            mutating func next() async throws(ModelError) -> ModelChunk? { words.popFirst().map(ModelChunk.text) }
        }
    }

    private func run(
        _ program: String, _ model: EchoModel = EchoModel(), capabilities: [String] = ["llm"]
    ) async throws -> DanaValue {
        let runtime = DanaRuntime()
        try runtime.core.models.add("echo", isDefault: true, model)
        var settings = ContextSettings()
        settings.capabilities = try Capabilities(parsing: capabilities)
        return try await runtime.withContext(settings) { context in try await context.run(program) }
    }

    private func failure(_ program: String, capabilities: [String] = ["llm"]) async -> String {
        do {
            return "no failure: \(try await run(program, capabilities: capabilities))"
        } catch let failure as DanaFailure {
            return "\(failure.kind): \(failure.message)"
        } catch {
            return "\(error)"
        }
    }

    @Test func reasonAnswersWithText() async throws {
        let model = EchoModel()
        #expect(try await run("reason('why?', {'max_tokens': 5}, temperature=0)", model) == "why?")
        #expect(model.requests.first?.maxTokens == 5 && model.requests.first?.temperature == 0)
        #expect(try await run("'why?' | reason") == "why?")
        #expect(try await run("reason_many(['a', 'b'])") == ["a", "b"])
    }

    @Test func declaredTypesAreTheForm() async throws {
        let model = EchoModel([ModelReply(text: #"{"goal":"tea","steps":["boil","pour"]}"#)])
        let plan = """
            struct Plan:
                goal: str
                steps: list[str]
            plan: Plan = reason("make tea")
            [plan.goal, plan.steps]
            """
        #expect(try await run(plan, model) == ["tea", ["boil", "pour"]])
        #expect(model.requests.first?.schema?.schema.root["type"]?.string == "object")
        let yes = EchoModel([ModelReply(text: #"{"answer":true}"#)])
        #expect(try await run("func good() -> bool:\n    return reason('good?')\ngood()", yes) == true)
        let given = EchoModel([ModelReply(text: #"{"answer":7}"#)])
        #expect(try await run("reason('number', returns=int)", given) == 7)
        #expect(try await run("text: str = reason('plain')") == nil)
    }

    @Test func ofSeveralAnswersTheTypeIsThatOfEach() async throws {
        let model = EchoModel([1, 2, 3].map { ModelReply(text: #"{"answer":\#($0)}"#) })
        #expect(try await run("n: list[int] = reason_many(['a'])\nn", model) == [1])
        #expect(try await run("n: list[int] = reason('a', data=[1, 2], batch_size=1)\nn", model) == [2, 3])
        let forms = model.requests.map { $0.schema?.schema.root["properties"]?["answer"]?["type"]?.string }
        #expect(forms == ["integer", "integer", "integer"])
        #expect(await failure("n: int = reason_many(['a'])").hasPrefix("TypeError: reason_many() gives a list"))
        #expect(await failure("n: int = reason('a', choices=['b'])").hasPrefix("ValueError: reason(): give either"))
    }

    @Test func toolsGetValuesOfTheTypesThatTheyDeclare() async throws {
        let call = ToolCall(id: "1", name: "name", arguments: #"{"place":{"name":"Rome"}}"#)
        let model = EchoModel([ModelReply(text: "", toolCalls: [call])])
        let program = """
            struct Place:
                name: str
            func name(place: Place):
                return place.name
            reason("?", tools=[name])
            """
        #expect(try await run(program, model) == "Rome")
    }

    @Test func dataIsWrittenAsItIs() async throws {
        let model = EchoModel()
        _ = try await run("reason('x', data=[2 ** 70, -(2 ** 64), 1.5, true, null, (1, 'a'), {1: 2}])", model)
        #expect(
            model.requests.first?.messages.first?.text
                == "x\n\nData:\n1180591620717411303424\n-18446744073709551616\n1.5\ntrue\nnull\n[1,\"a\"]\n{\"1\":2}")
    }

    @Test func aModelIsHeldAndRemembersWhatWasSaid() async throws {
        let model = EchoModel()
        let program = """
            with get_llm() as llm:
                first = llm.chat("one")
                second = llm.chat("two")
            [first, second, llm.model, len(llm.messages), llm.embed(["abc"]), llm.generate("x")]
            """
        #expect(try await run(program, model) == ["one", "two", "echo/one", 4, [[3.0]], "x"])
        #expect(model.requests[1].messages.map(\.text) == ["one", "one", "two"])
    }

    @Test func aConversationKeepsItsData() async throws {
        let program = """
            llm = get_llm()
            llm.chat("one", data=[1, 2])
            llm.chat("two")
            [message["content"] for message in llm.messages]
            """
        #expect(
            try await run(program) == ["one\n\nData:\n1\n2", "one\n\nData:\n1\n2", "two", "two"])
    }

    @Test func anAnswerInAFormDoesNotStream() async {
        let message = await failure(#"get_llm().stream("a", choices=["b"])"#)
        #expect(message.contains("an answer in a form does not stream"), "\(message)")
    }

    @Test func oneWithInsideAnotherHasTheSamePlace() async throws {
        let runtime = DanaRuntime()
        var limits = PoolLimits()
        limits.maxSize = 1
        try runtime.core.models.add("one", limits: limits, isDefault: true, EchoModel())
        let program = """
            llm = get_llm()
            with llm:
                with llm as inner:
                    first = inner.reason("a")
                second = llm.reason("b")
                tokens = llm.count_tokens("four words of it")
            [first, second, tokens, reason("c")]
            """
        var settings = ContextSettings()
        settings.capabilities = [Capability(.languageModel)]
        let value = try await runtime.withContext(settings) { try await $0.run(program) }
        #expect(value == ["a", "b", 8, "c"])
        #expect(try runtime.core.models.pool().statistics.leased == 0)
    }

    @Test func aFileIsRunForWhoWasGrantedIt() async throws {
        let refused = await failure("get_llm('/nowhere/made-up.gguf')")
        #expect(refused.hasPrefix("CapabilityError: /nowhere/made-up.gguf: a file is run only for who was granted it"))
        let other = await failure("get_llm('/b.gguf')", capabilities: ["llm:/a.gguf"])
        #expect(other.contains("allowed_capabilities=['llm:/b.gguf']"))
        #expect(try await run("get_llm('/a.gguf').model", capabilities: ["llm", "llm:/a.gguf"]) == "embedded/a")
    }

    @Test func whyAModelGaveNoAnswerIsKeptForTheHost() async throws {
        let failure = await #expect(throws: DanaFailure.self) { try await run("reason('x', model='nope')") }
        #expect((failure?.origin as? ModelFault)?.error.code == .configuration)
        #expect(
            try await run(
                "try:\n    reason('x', model='nope')\nexcept LookupError as e:\n    text = str(e)\ntext != ''") == true)
    }

    @Test func streamsAreWalked() async throws {
        let program = """
            stream = get_llm().stream("a b c")
            pieces = [piece for piece in stream]
            [pieces, stream.text]
            """
        #expect(try await run(program) == [["a", "b", "c"], "abc"])
        #expect(try await run("s = get_llm('echo').stream('a b')\ns.close()\n[p for p in s]") == [])
    }

    @Test func toolsRunInTheProgramsContext() async throws {
        let call = ToolCall(id: "1", name: "add", arguments: #"{"a": 2, "b": 3}"#)
        let bad = ToolCall(id: "2", name: "add", arguments: #"{"a": 2, "b": 0}"#)
        let model = EchoModel([
            ModelReply(text: "", toolCalls: [call, bad], finishReason: .toolCalls), ModelReply(text: "done"),
        ])
        let program = """
            private:seen = []
            func add(a: int, b: int = 1) -> int:
                "Adds."
                private:seen.append(a)
                if b == 0:
                    raise ValueError("zero")
                return a + b
            [reason("add", {"tools": [add]}), private:seen]
            """
        #expect(try await run(program, model) == ["done", [2, 2]])
        #expect(model.requests.first?.tools.map(\.name) == ["add"])
        #expect(model.requests.first?.tools.first?.description == "Adds.")
        #expect(model.requests.last?.messages.suffix(2).map(\.text) == ["5", "error: ValueError: zero"])
    }

    @Test func secretsStayOutOfPrompts() async throws {
        let model = EchoModel()
        _ = try await run("reason('the key is sk-abcdefghijklmnopqrstuvwxyz123456')", model)
        #expect(model.requests.first?.messages.first?.text.contains("[redacted]") == true)
        let key = "sk-abcdefghijklmnopqrstuvwxyz123456"
        let elsewhere = EchoModel()
        _ = try await run("reason('a', system='\(key)', data=['\(key)'])", elsewhere)
        let request = try #require(elsewhere.requests.first)
        #expect(request.system?.contains(key) == false && request.messages.first?.text.contains(key) == false)
    }

    @Test(arguments: [
        ("reason('a')", [String](), "CapabilityError: reason() needs the capability 'llm'"),
        ("get_llm()", [], "CapabilityError: get_llm() needs the capability 'llm'"),
        ("reason('a')", ["llm:other"], "CapabilityError: echo: this context was not granted the capability 'llm:echo'"),
        ("reason()", ["llm"], "TypeError: reason() needs argument 'prompt'"),
        ("reason(5)", ["llm"], "TypeError: reason() expects string at argument 'prompt', got int"),
        ("reason('a', 5)", ["llm"], "TypeError: reason() expects dict at argument 'options', got int"),
        ("reason('a', {1: 2})", ["llm"], "TypeError: reason() expects strings as keys of 'options', got int"),
        ("reason('a', nope=1)", ["llm"], "ValueError: reason(): there is no option 'nope'"),
        ("reason('a', tools=[5])", ["llm"], "TypeError: option 'tools' expects functions, got int"),
        ("reason('a', model='no')", ["llm"], "LookupError: no: there is no model \"no\""),
        (
            "func f(a: int) -> int:\n    return a\nget_llm().stream('a', tools=[f])", ["llm"],
            "ValueError: echo/one: tools are not called while an answer streams"
        ),
        (
            "func f(a: int) -> int:\n    return a\nreason_many(['a'], tools=[f])", ["llm"],
            "ValueError: echo/one: tools are not called for several questions at once"
        ),
        (
            "with get_llm() as llm:\n    llm.generate('a', model='other')", ["llm"],
            "ValueError: echo/one: the option 'model' names 'other', but this is 'echo'"
        ),
        ("get_llm().fly()", ["llm"], "AttributeError: an llm has no method 'fly'"),
        ("get_llm() + 1", ["llm"], "TypeError: an llm has the methods"),
    ])
    func whatIsWrongIsSaid(program: String, capabilities: [String], expected: String) async {
        let failure = await failure(program, capabilities: capabilities)
        #expect(failure.hasPrefix(expected), "\(failure)")
    }

    @Test func secretsStayOutOfOtherOptions() async throws {
        let key = "sk-abcdefghijklmnopqrstuvwxyz123456"
        let choosing = EchoModel([ModelReply(text: "no"), ModelReply(text: #"{"answer":"b"}"#)])
        let program = """
            asked = reason('a', choices=['\(key)', 'b'], stop=['\(key)'], extra={'user': ['\(key)']})
            [asked, get_llm().embed(['\(key)', 'b'])]
            """
        #expect(try await run(program, choosing) == ["b", [[10.0], [1.0]]])
        #expect(choosing.requests.count == 2)
        for request in choosing.requests { #expect(!"\(request)".contains(key) && "\(request)".contains("[redacted]")) }
    }
}
