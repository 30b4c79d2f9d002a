import DanaHTTP
import Testing

@testable import DanaModels

/// The server of a model as those who watch its calls are told of it.
@Suite struct ServerAddressTests {
    @Test(arguments: [
        ("https://api.openai.com/v1", "api.openai.com", 443), ("http://GPU:8000", "gpu", 8000),
        ("http://[::1]:8080/v1", "::1", 8080), ("https://[2001:db8::1]?a=b", "2001:db8::1", 443),
        ("http://user:word@host/v1", "host", 80),
    ])
    func anAddressHasHostAndPort(url: String, host: String, port: Int) {
        #expect(ServerAddress(url: url) == ServerAddress(host: host, port: port))
    }

    @Test(arguments: ["", "host:80", "ftp://host", "http://", "http://:80", "http://[]"])
    func whatIsNoAddressHasNone(url: String) { #expect(ServerAddress(url: url) == nil) }

    private func model(_ url: String, socket: String? = nil) -> HTTPModel {
        HTTPModel(
            ModelEndpoint(provider: "own", model: "m", baseURL: url, socketPath: socket), transport: CurlTransport())
    }

    @Test func aModelAroundAnotherHasItsServer() {
        let inner = model("http://gpu:8000/v1")
        let models: [any LanguageModel] = [
            CachingModel(inner), CoalescingModel(inner), HedgingModel(inner, after: .seconds(1)),
            MeteredModel(inner, provider: "own", meter: ModelMeter()), ToolsBySchema(inner),
            Router([ModelRoute(inner)]), Router([ModelRoute(inner), ModelRoute(model("http://gpu:8000/v2"))]),
        ]
        for model in models { #expect(model.server == ServerAddress(host: "gpu", port: 8000)) }
    }

    @Test func aSocketIsItsFileAndSeveralServersAreNone() {
        #expect(model("http://localhost/v1", socket: "/run/m.sock").server == ServerAddress(host: "/run/m.sock"))
        #expect(Router([ModelRoute(model("http://a")), ModelRoute(model("http://b"))]).server == nil)
        #expect(Router([]).server == nil)
    }
}
