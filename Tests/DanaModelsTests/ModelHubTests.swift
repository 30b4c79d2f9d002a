import DanaPools
import Synchronization
import Testing

@testable import DanaModels

/// A runtime's models by their names.
@Suite struct ModelHubTests {
    private func hub(
        _ toml: String = "", _ environment: [String: String] = [:], embedded: EmbeddedSettings? = nil
    ) -> ModelHub {
        var settings = ModelHubSettings { () throws(ModelConfiguration.Fault) in
            let settings: [String: TOMLValue]
            do throws(TOMLError) {
                settings = try TOMLReader.read(toml)
            } catch {
                throw ModelConfiguration.Fault(description: "\(error)")
            }
            return try ModelConfiguration(environment: environment, toml: settings)
        }
        settings.embedded = embedded
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
        try hub.add("a", FakeModel("first"))
        let other = await Conversation.failure { () throws(ModelError) in _ = try hub.pool("b") }
        #expect(other?.message.contains("there is no model \"b\" (there are a)") == true, "\(other as Any)")
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
        let blank = await Conversation.failure { () throws(ModelError) in
            try hub.add("c", model: "openai/x", key: Secret(" \n"))
        }
        #expect(blank?.message == "the key is empty")
        let pool = try hub.pool("b")
        #expect(pool.modelName == "compatible/qwen" && pool.limits.maxSize == 4)
    }

    @Test func aFileIsAModelHoweverItIsNamed() async throws {
        let hub = hub(
            "[models.mine]\nmodel = \"/m/own-7b.gguf\"\nmax_size = 3\n[models.both]\nmodels = [\"mine\", \"embedded\"]",
            ["DANA_MODEL": "/m/default.gguf"], embedded: EmbeddedSettings(python: "/nowhere/python3"))
        try hub.add("added", model: "m/added.gguf", size: 1)
        #expect(try hub.pool().modelName == "embedded/default")
        #expect(try hub.pool("mine").modelName == "embedded/own-7b" && hub.pool("mine").limits.maxSize == 3)
        #expect(try hub.pool("added").modelName == "embedded/added" && hub.pool("added").limits.maxSize == 1)
        #expect(try hub.pool("both").modelName == "both" && hub.pool("x.gguf").modelName == "embedded/x")
        #expect(try hub.pool("llamacpp/x.gguf").modelName == "llamacpp/x.gguf")
        #expect(try hub.pool("embedded").modelName == "embedded/smollm2-135m-instruct")
        let unknown = try ["/m/default.gguf", "mine", "added", "embedded", "x.gguf", "/other.gguf", "llamacpp/x.gguf"]
            .map { try hub.isUnknownFile($0) }
        #expect(unknown == [false, false, false, false, true, true, false])
        let keyed = await Conversation.failure { () throws(ModelError) in
            try hub.add("k", model: "/m/x.gguf", key: Secret("k"))
        }
        #expect(keyed?.message == "a file on this machine wants no key and no headers")
    }

    @Test func poolsThatOnlyNamesMadeAreLetGo() async throws {
        let hub = hub("[models.own]\nmodel = \"vllm/qwen\"")
        let own = try hub.pool("own")
        let busy = try hub.pool("vllm/busy")
        let lease = try await busy.lease()
        let first = try hub.pool("vllm/first")
        for number in 0..<200 { _ = try hub.pool("vllm/\(number)") }
        #expect(hub.names.count == 1 + 1 + 64)
        #expect(try hub.pool("own") === own && hub.pool("vllm/busy") === busy && hub.pool("vllm/first") !== first)
        lease.release()
    }

    @Test func whatAHubAsksMayAskTheHub() throws {
        let asked = Mutex<ModelHub?>(nil)
        var settings = ModelHubSettings { () throws(ModelConfiguration.Fault) in
            asked.withLock { $0 }?.ignore(0)
            return try ModelConfiguration(environment: ["OPENAI_API_KEY": "k"])
        }
        settings.transport = {
            _ = asked.withLock { $0 }?.processIDs
            return ScriptedTransport()
        }
        settings.secret = { _ in _ = asked.withLock { $0 }?.names }
        let hub = ModelHub(settings)
        asked.withLock { $0 = hub }
        #expect(try hub.pool("openai/x").modelName == "openai/x")
        asked.withLock { $0 = nil }
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

    /// Gives no answer before its call is cancelled.
    private struct PatientModel: LanguageModel {
        let name = "patient"
        let capabilities: ModelCapabilities = []

        func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
            throw ModelError(.cancelled, "it was told to stop", model: name)
        }

        func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
            ModelStream(ReplyStream(try await complete(request)))
        }
    }

    @Test func closingEndsWhatIsAskedAndNotWhoAsks() async throws {
        let hub = hub()
        try hub.add("a", PatientModel())
        let pool = try hub.pool("a")
        let asking = Task {
            let error = await Conversation.failure { () throws(ModelError) in
                _ = try await pool.answer(ModelQuestion("x"))
            }
            return (error, Task.isCancelled)
        }
        while pool.statistics.leased == 0 { await Task.yield() }
        hub.beginClose()
        let (error, isCancelled) = await asking.value
        #expect(error?.code == .noModelLeft && error?.message.contains("the model was closed") == true)
        #expect(!isCancelled && pool.statistics.leased == 0)
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
