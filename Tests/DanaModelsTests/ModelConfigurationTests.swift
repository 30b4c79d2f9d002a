import Testing

@testable import DanaModels

/// Models out of the environment and of files.
@Suite struct ModelConfigurationTests {
    private func configuration(
        _ toml: String = "", _ environment: [String: String] = [:]
    ) throws -> ModelConfiguration {
        try ModelConfiguration(environment: environment, toml: try TOMLReader.read(toml))
    }

    @Test func nothingConfiguredMeansTheEmbeddedModel() throws {
        let configuration = try configuration("", ["OPENAI_API_KEY": "k", "DANA_MODEL": ""])
        #expect(configuration.defaultName == nil && configuration.names.isEmpty)
    }

    @Test func aFileNamesModels() throws {
        let configuration = try configuration(
            """
            [models]
            default = "own"
            [models.own]
            model = "compatible/org/qwen"
            base_url = "http://gpu:8000/v1"
            key_variable = "GPU_KEY"
            dialect = "responses"
            [models.fast]
            model = "openai/gpt"
            key = "in-the-file"
            """, ["GPU_KEY": "secret"])
        #expect(configuration.defaultName == "own" && configuration.names == ["fast", "own"])
        let own = try configuration.endpoint("own")
        #expect(own.name == "compatible/org/qwen" && own.model == "org/qwen" && own.dialect == .responses)
        #expect(own.baseURL == "http://gpu:8000/v1" && own.key == Secret("secret"))
        #expect(try configuration.endpoint("fast").key == Secret("in-the-file"))
    }

    @Test func aModelIsNamedWithoutAFile() throws {
        let configuration = try configuration("", ["ANTHROPIC_API_KEY": "k"])
        let endpoint = try configuration.endpoint("anthropic/claude")
        #expect(endpoint.dialect == .messages && endpoint.key == Secret("k"))
        #expect(endpoint.baseURL == "https://api.anthropic.com/v1")
        #expect(try configuration.endpoint("ollama/llama").key == nil)
    }

    @Test func theEnvironmentNamesTheDefault() throws {
        let own = try configuration(
            "", ["DANA_MODEL": "qwen", "DANA_BASE_URL": "http://gpu/v1", "DANA_API_KEY": "k"])
        #expect(own.defaultName == "qwen")
        let endpoint = try own.endpoint("qwen")
        #expect(
            endpoint.name == "compatible/qwen" && endpoint.baseURL == "http://gpu/v1" && endpoint.key == Secret("k"))
        let file = "[models]\ndefault = \"a\"\n[models.a]\nmodel = \"ollama/x\"\n[models.b]\nmodel = \"ollama/y\""
        #expect(try configuration(file, ["DANA_MODEL": "b"]).defaultName == "b")
        let address = ["OPENAI_BASE_URL": "http://proxy/v1"]
        #expect(try configuration("", address).endpoint("openai/gpt").baseURL == "http://proxy/v1")
    }

    @Test func aMissingKeyIsToldBeforeARequest() async throws {
        let endpoint = try configuration().endpoint("openai/gpt")
        let transport = ScriptedTransport()
        let model = HTTPModel(endpoint, transport: transport)
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.complete(ModelRequest("x"))
        }
        #expect(error?.code == .authentication && error?.message.contains("OPENAI_API_KEY") == true)
        #expect(transport.requests.isEmpty)
    }

    @Test(arguments: [
        ("models = 1", "models is an integer"),
        ("[models]\na = 1", "models.a is an integer"),
        ("[models.a]\nmodel = 'gpt'", "must name provider and model"),
        ("[models.a]\nmodel = 'openai/'", "must name provider and model"),
        ("[models.a]\nmodel = 'nobody/x'", "nobody is no provider"),
        ("[models.a]\nmodel = 'compatible/x'", "needs a base_url"),
        ("[models.a]\nmodel = 'openai/x'\nurl = 'y'", "models.a.url is no setting"),
        ("[models.a]\nmodel = 'openai/x'\ndialect = 'y'", "y is none of chat, responses, messages"),
        ("[models.a]\nmodel = 'openai/x'\nkey_variable = 'NO'", "no variable NO"),
        ("[models.a]\nmodel = ''", "not empty"),
        ("[models]\ndefault = 'b'\n[models.a]\nmodel = 'ollama/x'", "there is no model \"b\" (there are a)"),
    ])
    func faultsSayWhatAndWhere(toml: String, expected: String) throws {
        let fault = #expect(throws: ModelConfiguration.Fault.self) { try configuration(toml) }
        #expect(fault?.description.contains(expected) == true, "\(String(describing: fault))")
    }

    @Test func noKeyIsToldByTheConfiguration() throws {
        let configuration = try configuration("[models.a]\nmodel = \"openai/x\"\nkey = \"sk-hidden\"")
        var dumped = ""
        dump(try configuration.endpoint("a"), to: &dumped)
        #expect(!dumped.contains("sk-hidden"))
        #expect(!"\(try configuration.endpoint("a"))".contains("sk-hidden"))
    }
}
