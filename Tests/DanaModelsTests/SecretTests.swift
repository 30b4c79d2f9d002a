import DanaData
import DanaHTTP
import FaultServer
import Foundation
import Synchronization
import Testing

@testable import DanaModels

/// No key is told anywhere: not by errors, configurations, models, metrics, nor by the engine's process.
@Suite struct SecretTests {
    private static let key = "a-key-of-no-known-form-0123"

    /// All that a text, a reflection or a dump shows of a value.
    private func shown(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(reflecting: value)) \(dumped)"
    }

    /// Whether a key is in a text, also with its letters escaped or in another case.
    private func tells(_ value: Any) -> Bool {
        shown(value).lowercased().contains(Self.key)
    }

    private static let file = """
        [models.a]
        model = "openai/x"
        key = "\(key)"
        retries = 0
        [models.b]
        model = "anthropic/x"
        key_variable = "KEY"
        retries = 0
        [models.all]
        models = ["a", "b"]
        retries = 0
        cache = { always = true }
        coalesce = true
        hedge_after = 1000
        """

    private func configuration() throws -> ModelConfiguration {
        try ModelConfiguration(environment: ["KEY": Self.key], toml: try TOMLReader.read(Self.file))
    }

    @Test func configurationsAndModelsTellNoKey() throws {
        let configuration = try configuration()
        for name in ["a", "b"] {
            let (setup, endpoint) = (try configuration.setup(name), try configuration.endpoint(name))
            #expect(!tells(setup) && !tells(endpoint))
        }
        let model = try configuration.model("all", transport: ScriptedTransport(), meter: ModelMeter())
        #expect(!tells(model))
        #expect(!tells(configuration))
    }

    @Test(arguments: ["key = 123456789", "key = ['\(key)']", "key = { a = '\(key)' }", "x = '\(key)'", "\(key) = "])
    func faultsTellNoKey(line: String) throws {
        let text = "[models.a]\nmodel = 'openai/x'\n\(line)"
        do {
            _ = try ModelConfiguration(environment: [:], toml: try TOMLReader.read(text))
            Issue.record("it is accepted")
        } catch {
            #expect(!tells(error) && !"\(error)".contains("123456789"), "\(error)")
        }
    }

    @Test(arguments: ["a", "b", "all"])
    func errorsAndMetricsTellNoKey(name: String) async throws {
        let key = Self.key
        let bodies = [
            key, "{\"error\":{\"message\":\"\(key)\",\"code\":\"\(key)\"}}", "{\"\(key)\":", "{\"a\":\"\(key)\"}",
        ]
        for body in bodies {
            for (status, streams) in [(200, false), (200, true), (400, false), (401, true), (503, false)] {
                let answers = (0..<4).map { _ in
                    var answer = ScriptedTransport.Answer.json(
                        body, status: status, headers: ["x-request-id": key, "Retry-After": key])
                    if streams, status == 200 {
                        answer.headers = ["Content-Type": "text/event-stream"]
                        answer.pieces = [Array("data: \(body)\n\n".utf8)]
                    }
                    return answer
                }
                let meter = ModelMeter()
                let transport = ScriptedTransport(answers.map { .success($0) })
                let model = try configuration().model(name, transport: transport, meter: meter)
                let error = await Conversation.failure { () throws(ModelError) in
                    let request = ModelRequest("x")
                    _ = streams ? try await model.stream(request).collect() : try await model.complete(request)
                }
                #expect(!transport.requests.isEmpty)
                #expect(!tells(try #require(error, "\(body) \(status)")), "\(shown(error as Any))")
                #expect(!tells(meter.metrics.prometheusText) && !tells(meter.metrics) && !tells(model))
            }
        }
    }

    @Test func theEnginesKeyIsToldToItsProcessAlone() async throws {
        var settings = EmbeddedSettings(script: FaultServer.fakeEngine)
        settings.modelFile = "well"
        let told = Mutex<[String]>([])
        let engine = Engine(settings, name: "embedded") { event in told.withLock { $0.append("\(event)") } }
        let endpoint = try await engine.endpoint()
        let key = try #require(endpoint.key?.revealed)
        let process = try #require(engine.processID)
        for file in ["cmdline", "environ"] {
            let bytes = try Data(contentsOf: URL(filePath: "/proc/\(process)/\(file)"))
            #expect(!bytes.isEmpty && !String(decoding: bytes, as: UTF8.self).contains(key))
        }
        let folder = URL(filePath: try #require(endpoint.socketPath)).deletingLastPathComponent()
        let errors = try String(contentsOf: folder.appending(path: "errors.txt"), encoding: .utf8)
        #expect(!errors.contains(key))
        #expect(!shown(engine).contains(key) && !shown(endpoint).contains(key))
        #expect(told.withLock { $0.count } > 0 && !told.withLock { $0.joined() }.contains(key))
        for word in ["die", "break"] {
            let model = HTTPModel(try await engine.endpoint(), transport: CurlTransport())
            let error = await Conversation.failure { () throws(ModelError) in
                _ = try await model.complete(ModelRequest(word))
            }
            #expect(!shown(try #require(error)).contains(key))
        }
        engine.close()
    }
}
