import Foundation
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
            headers = { X-Tenant = "a-tenant", Authorization = "Basic eA==" }
            [models.fast]
            model = "openai/gpt"
            key = "in-the-file"
            """, ["GPU_KEY": "secret"])
        #expect(configuration.defaultName == "own" && configuration.names == ["fast", "own"])
        let own = try configuration.endpoint("own")
        #expect(own.name == "compatible/org/qwen" && own.model == "org/qwen" && own.dialect == .responses)
        #expect(own.baseURL == "http://gpu:8000/v1" && own.key == Secret("secret"))
        #expect(try configuration.endpoint("fast").key == Secret("in-the-file"))
        #expect(
            own.headers.map { "\($0.name): \($0.value.revealed)" } == [
                "Authorization: Basic eA==", "X-Tenant: a-tenant",
            ])
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

    @Test func whatTheEnvironmentSaysOfNoModelIsAFault() throws {
        for name in ["DANA_BASE_URL", "DANA_API_KEY"] {
            let fault = #expect(throws: ModelConfiguration.Fault.self) {
                try configuration("", [name: "http://gpu/v1"])
            }
            #expect(fault?.description.hasPrefix("\(name) is for the model that DANA_MODEL names") == true)
        }
    }

    @Test func spaceAroundAKeyIsNoneOfIt() throws {
        let configuration = try configuration(
            "[models.a]\nmodel = \"openai/x\"\nkey = \"k\\n\"",
            ["ANTHROPIC_API_KEY": " k\r\n", "OPENAI_API_KEY": " "])
        #expect(try configuration.endpoint("a").key == Secret("k"))
        #expect(try configuration.endpoint("anthropic/claude").key == Secret("k"))
        #expect(try configuration.endpoint("openai/gpt").missingKeyVariable == "OPENAI_API_KEY")
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
        ("[models.a]\nmodel = 'openai/x'\nkey = ' '", "models.a.key is empty"),
        ("[models.a]\nmodel = 'openai/x'\nheaders = { X = 1 }", "models.a.headers.X is an integer"),
        ("[models.a]\nmodel = 'openai/x'\nheaders = { Host = 'x' }", "models.a.headers: the field Host is written"),
        ("[models.a]\nmodel = '/m/x.gguf'\nkey = 'k'", "models.a.key is no setting"),
        ("[model.a]\nmodel = 'openai/x'", "dana.toml.model is no setting (known are models, dana)"),
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

    @Test func theNearestFileIsFound() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "configuration-\(UUID().uuidString)")
        let inner = folder.appending(path: "a/b")
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ text: String, _ path: String) throws {
            try text.write(to: folder.appending(path: path), atomically: true, encoding: .utf8)
        }
        func found() throws -> [String] { try ModelConfiguration(folder: inner.path, environment: [:]).names }
        try write("[tool.dana.models.project]\nmodel = \"ollama/x\"", "pyproject.toml")
        #expect(try found() == ["project"])
        try write("[tool.other]\nx = 1", "a/pyproject.toml")
        #expect(try found() == ["project"])
        try write("[models.file]\nmodel = \"ollama/x\"", "a/dana.toml")
        #expect(try found() == ["file"])
        try write("x =", "a/b/dana.toml")
        let fault = #expect(throws: ModelConfiguration.Fault.self) { try found() }
        #expect(fault?.description.hasSuffix("a/b/dana.toml: line 1: a value is expected") == true)
    }
}
