import DanaPools
import Synchronization
import Testing

@testable import DanaModels

/// A runtime's models by their names.
@Suite struct ModelHubTests {
    private func hub(_ toml: String = "", _ environment: [String: String] = [:]) -> ModelHub {
        var settings = ModelHubSettings { () throws(ModelConfiguration.Fault) in
            let settings: [String: TOMLValue]
            do throws(TOMLError) {
                settings = try TOMLReader.read(toml)
            } catch {
                throw ModelConfiguration.Fault(description: "\(error)")
            }
            return try ModelConfiguration(environment: environment, toml: settings)
        }
        settings.embedded = nil
        return ModelHub(settings)
    }

    @Test func aModelIsKnownByItsNameAndLentByOnePool() throws {
        let hub = hub("[models]\ndefault = \"own\"\n[models.own]\nmodel = \"vllm/qwen\"\nmax_size = 3")
        let pool = try hub.pool()
        #expect(pool.name == "own" && pool.modelName == "vllm/qwen" && pool.limits.maxSize == 3)
        #expect(try hub.pool("own") === pool)
        #expect(try hub.pool("ollama/llama").limits.maxSize == 100)
        #expect(hub.names == ["embedded", "ollama/llama", "own"])
        #expect(try hub.defaultName() == "own")
    }

    @Test func whatIsNotThereIsNamed() async throws {
        let hub = hub()
        let unknown = await Conversation.failure { () throws(ModelError) in _ = try hub.pool("nope") }
        #expect(unknown?.code == .configuration && unknown?.message.contains("no model \"nope\"") == true)
        let embedded = await Conversation.failure { () throws(ModelError) in _ = try hub.pool() }
        #expect(embedded?.message.contains("there is no embedded model here") == true)
        let wrong = self.hub("[models]\nfast = 5")
        let fault = await Conversation.failure { () throws(ModelError) in _ = try wrong.pool("fast") }
        #expect(fault?.message == "dana.toml: models.fast is an integer, a table is expected", "\(fault as Any)")
    }

    @Test func modelsAreAddedAndReplaced() async throws {
        let hub = hub()
        try hub.add("a", isDefault: true, FakeModel("first"))
        let first = try hub.pool()
        try hub.add("a", FakeModel("second"))
        #expect(try await hub.pool().answer(ModelQuestion("x")).text == "second")
        let late = await Conversation.failure { () throws(ModelError) in
            _ = try await first.answer(ModelQuestion("x"))
        }
        #expect(late?.code == .noModelLeft)
        try hub.add("b", model: "qwen", address: "http://gpu:8000/v1", key: Secret("k-123456"), size: 4)
        let pool = try hub.pool("b")
        #expect(pool.modelName == "compatible/qwen" && pool.limits.maxSize == 4)
    }

    @Test func aPoolOutlivesItsHub() async throws {
        func pool() throws -> ModelPool {
            let hub = self.hub()
            try hub.add("a", FakeModel("still there"))
            return try hub.pool("a")
        }
        #expect(try await pool().answer(ModelQuestion("x")).text == "still there")
    }

    @Test func keysAreToldSoThatTheyStayOutOfTexts() throws {
        let told = Mutex<[String]>([])
        var settings = ModelHubSettings { () throws(ModelConfiguration.Fault) in
            try ModelConfiguration(environment: ["OPENAI_API_KEY": "sk-from-environment"])
        }
        settings.secret = { key in told.withLock { $0.append(key) } }
        let hub = ModelHub(settings)
        _ = try hub.pool("openai/gpt-5")
        try hub.add("own", model: "x", address: "http://h/v1", key: Secret("sk-given"))
        #expect(told.withLock { $0 } == ["sk-from-environment", "sk-given"])
    }

    @Test func callsAreToldAndCounted() async throws {
        let hub = hub()
        let told = Mutex<[String]>([])
        let number = hub.listen { event in told.withLock { $0.append(event.name) } }
        try hub.add("a", FakeModel("m"))
        _ = try await hub.pool("a").answer(ModelQuestion("x"))
        hub.ignore(number)
        _ = try await hub.pool("a").answer(ModelQuestion("x"))
        #expect(told.withLock { $0 } == ["a"])
        #expect(hub.meter.metrics.prometheusText.contains("pool=\"a\""))
    }

    @Test func aClosedHubLendsNothing() async throws {
        let hub = hub()
        try hub.add("a", FakeModel("m"))
        let pool = try hub.pool("a")
        await hub.close()
        let closed = await Conversation.failure { () throws(ModelError) in _ = try hub.pool("a") }
        #expect(closed?.code == .noModelLeft && closed?.message.contains("the runtime is closed") == true)
        let old = await Conversation.failure { () throws(ModelError) in _ = try await pool.answer(ModelQuestion("x")) }
        #expect(old?.code == .noModelLeft)
    }
}
