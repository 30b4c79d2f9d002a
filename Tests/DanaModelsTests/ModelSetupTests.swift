import DanaHTTP
import Testing

@testable import DanaModels

/// Several models in one, and the terms of each, out of a file.
@Suite struct ModelSetupTests {
    private static let file = """
        [models.fast]
        model = "openai/gpt"
        key = "k"
        max_size = 20
        requests_per_minute = 500
        tokens_per_minute = 200000
        price = { input = 0.25, output = 2, cached_input = 0.025 }
        timeout = 3600
        [models.own]
        model = "compatible/qwen"
        base_url = "http://gpu/v1"
        [models.safe]
        models = ["fast", "own", "embedded"]
        retries = 0
        budget = { tokens = 1000000, money = 5.0 }
        cache = { size = 10, seconds = 600 }
        coalesce = true
        hedge_after = 2.5
        [models.shared]
        weights = { safe = 3, own = 1.5 }
        order = "latency"
        """

    private func configuration(
        _ toml: String = ModelSetupTests.file, _ environment: [String: String] = [:]
    ) throws -> ModelConfiguration {
        try ModelConfiguration(environment: environment, toml: try TOMLReader.read(toml))
    }

    @Test func termsAreRead() throws {
        let configuration = try configuration()
        let fast = try configuration.setup("fast")
        #expect(fast.requestsPerMinute == 500 && fast.tokensPerMinute == 200_000 && fast.timeout == .seconds(3600))
        #expect(fast.price == ModelPrice(input: 0.25, output: 2, cachedInput: 0.025))
        #expect(configuration.poolSize("fast") == 20 && configuration.poolSize("own") == nil)
        #expect(configuration.poolSize("nothing") == nil && fast.routerSettings.deadline == .seconds(3600))
        #expect(fast.routerSettings.retry.attempts == 3)
    }

    @Test func routersAreRead() throws {
        let configuration = try configuration()
        let safe = try configuration.setup("safe")
        guard case .members(let members) = safe.source else { return #expect(Bool(false), "it is one model") }
        #expect(members.map(\.name) == ["fast", "own", "embedded"] && members.map(\.rank) == [0, 1, 2])
        #expect(safe.cache == ReplyCacheLimits(count: 10, age: .seconds(600)) && safe.coalesces)
        #expect(safe.hedgeAfter == .milliseconds(2500) && safe.cacheSharing == .temperatureZero)
        #expect(safe.routerSettings.retry.attempts == 1)
        #expect(safe.budget == Budget(tokens: 1_000_000, money: 5))
        let shared = try configuration.setup("shared")
        guard case .members(let weighted) = shared.source else { return #expect(Bool(false), "it is one model") }
        #expect(weighted == [.init(name: "own", weight: 1.5), .init(name: "safe", weight: 3)])
        #expect(shared.order == .latency)
        #expect(throws: ModelConfiguration.Fault.self) { try configuration.endpoint("safe") }
    }

    @Test(arguments: [
        ("[models.a]\nmodels = ['b']", "there is no model \"b\""),
        ("[models.a]\nmodels = ['b']\n[models.b]\nmodels = ['c']\n[models.c]\nmodels = ['a']", "a -> b -> c -> a"),
        ("[models.a]\nmodels = ['a']", "the models lead in a circle: a -> a"),
        ("[models.a]\nmodels = []", "models.a.models is an array, a list of texts"),
        ("[models.a]\nmodels = [1]", "a list of texts that is not empty is expected"),
        ("[models.a]\nweights = {}", "weights names no model"),
        ("[models.a]\nweights = { b = -1 }\n[models.b]\nmodel = 'ollama/x'", "models.a.weights.b is -1"),
        ("[models.a]\nmodels = ['x/y']\nweights = {}", "models and weights"),
        ("[models.a]\nmodels = ['nobody/y']", "models.a: model \"nobody/y\": nobody is no provider"),
        ("[models.a]\nmodels = ['ollama/y']\nprice = { input = 1 }", "models.a.price is no setting"),
        ("[models.a]\nmodels = ['ollama/y']\norder = 'random'", "random is none of given, cost, latency"),
        ("[models.a]\nmodel = 'ollama/y'\nprice = { in = 1 }", "models.a.price.in is no setting"),
        ("[models.a]\nmodel = 'ollama/y'\nmax_size = 0", "models.a.max_size is 0, a whole number of at least 1"),
        ("[models.a]\nmodel = 'ollama/y'\ntimeout = 0", "models.a.timeout is 0, a number of seconds"),
        ("[models.a]\nmodel = 'ollama/y'\ntimeout = 1e300", "a number of seconds, more than 0 and at most"),
        ("[models.a]\nmodel = 'ollama/y'\nretries = 1.5", "models.a.retries is 1.5"),
        ("[models.a]\nmodel = 'ollama/y'\ncoalesce = 'yes'", "models.a.coalesce is text, true or false"),
        ("[models.a]\nmodel = 'ollama/y'\nbudget = { money = nan }", "models.a.budget.money is nan"),
        ("[models.a]\nweights = { b = 0 }\n[models.b]\nmodel = 'ollama/x'", "models.a.weights are all 0"),
        ("[models.a]\nmodel = 'ollama/y'\nbudget = { money = 1 }", "no model in it has a price"),
        (
            "[models.a]\nmodels = ['b', 'openai/y']\nbudget = { money = 1 }\n[models.b]\nmodel = 'openai/x'\n"
                + "price = { input = 1 }", "models.a has a budget of money, and openai/y has no price"
        ),
        (
            "[models.a]\nmodels = ['b']\nbudget = { money = 1 }\n[models.b]\nmodels = ['ollama/x']",
            "does not count what b costs"
        ),
        ("[models.a]\nmodel = 'openai/y'\nkey = 'k'\napi_key = 'k'", "models.a has key and api_key"),
        ("[models.a]\nmodel = 'ollama/y'\nbase_url = 'http://h/v1#x'", "base_url has a part behind #"),
        ("[models.a]\nmodel = 'ollama/y'\nbase_url = 'http://a:b@h/v1'", "holds credentials: send them in a header"),
        ("[models.a]\nmodel = 'ollama/y'\nbase_url = 'http://h /v1'", "base_url: the address holds spaces"),
        ("[models.a]\nmodel = 'ollama/y'\ncache = true", "models.a.cache is true, a table is expected"),
    ])
    func faultsSayWhatAndWhere(toml: String, expected: String) throws {
        let fault = #expect(throws: ModelConfiguration.Fault.self) { try configuration(toml) }
        #expect(fault?.description.contains(expected) == true, "\(String(describing: fault))")
    }

    @Test func aKeyHasTwoNames() throws {
        let endpoint = try configuration("[models.a]\nmodel = 'openai/y'\napi_key = 'k'").endpoint("a")
        #expect(endpoint.key == Secret("k") && endpoint.missingKeyVariable == nil)
    }

    @Test func aQueryStaysBehindThePath() throws {
        let url = "http://h/v1/?api-version=1&x=a/b"
        let endpoint = try configuration("[models.a]\nmodel = 'ollama/y'\nbase_url = '\(url)'").endpoint("a")
        #expect(endpoint.url("/chat/completions") == "http://h/v1/chat/completions?api-version=1&x=a/b")
    }

    @Test func manyWaysToOneModelAreCheckedOnce() throws {
        let levels = (0..<60).map { "[models.a\($0)]\nmodels = ['a\($0 + 1)', 'a\($0 + 1)']" }
        let file = levels.joined(separator: "\n") + "\n[models.a60]\nmodel = 'ollama/x'"
        #expect(try configuration(file).model("a0", transport: ScriptedTransport()).name == "a0")
    }

    @Test func theEnvironmentMayNameARouter() throws {
        #expect(try configuration(Self.file, ["DANA_MODEL": "safe"]).defaultName == "safe")
        #expect(try configuration(Self.file, ["DANA_MODEL": "embedded"]).defaultName == nil)
        #expect(try configuration("[models]\ndefault = 'embedded'").defaultName == nil)
        let fault = #expect(throws: ModelConfiguration.Fault.self) {
            try configuration(Self.file, ["DANA_MODEL": "safe", "DANA_API_KEY": "k"])
        }
        #expect(fault?.description.contains("DANA_API_KEY") == true)
    }

    // MARK: The models

    private static let answer = ScriptedTransport.Answer.json(
        #"{"choices":[{"message":{"content":"hello"},"finish_reason":"stop"}]}"#)

    @Test func aModelByItselfIsARouterOfOne() async throws {
        let meter = ModelMeter()
        let transport = ScriptedTransport(.json("{}", status: 503, headers: ["retry-after-ms": "1"]), Self.answer)
        let model = try configuration().model("fast", transport: transport, meter: meter)
        #expect(model is Router && model.name == "openai/gpt")
        #expect(try await model.complete(ModelRequest("x")).text == "hello")
        #expect(transport.requests.map(\.timeouts.total).allSatisfy { $0 <= .seconds(3600) })
        #expect(meter.metrics.prometheusText.contains(#"gen_ai_request_model="gpt",error_type="overloaded"} 1"#))
        #expect(try configuration().model("ollama/x", transport: transport).name == "ollama/x")
    }

    @Test func aChainFallsBackAndItsAnswersAreKept() async throws {
        let gone = ScriptedTransport.Answer.json("{}", status: 404)
        let stream = ScriptedTransport.Answer.events([
            #"{"choices":[{"delta":{"content":"hello"},"finish_reason":"stop"}]}"#, "[DONE]",
        ])
        let transport = ScriptedTransport(gone, stream)
        let model = try configuration().model("safe", transport: transport, embedded: FakeModel("embedded"))
        #expect(model is CachingModel && model.name == "safe")
        var request = ModelRequest("x")
        request.temperature = 0
        #expect(try await model.complete(request).text == "hello")
        #expect(transport.requests.map(\.url).last == "http://gpu/v1/chat/completions")
        #expect(try await model.complete(request).isCached && transport.requests.count == 2)
        request.temperature = 0.5
        #expect(try await model.complete(request).text == "embedded")
    }

    @Test func theEmbeddedModelIsAMember() async throws {
        let (embedded, meter) = (FakeModel("embedded"), ModelMeter())
        let alone = try configuration().model(
            "embedded", transport: ScriptedTransport(), embedded: embedded, meter: meter)
        #expect(try await alone.complete(ModelRequest("x")).text == "embedded")
        #expect(meter.metrics.prometheusText.contains(#"gen_ai_provider_name="embedded""#))
        let fault = #expect(throws: ModelConfiguration.Fault.self) {
            try configuration().model("shared", transport: ScriptedTransport())
        }
        #expect(fault?.description.contains("embedded") == true)
    }
}
