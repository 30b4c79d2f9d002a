import DanaData
import DanaHTTP
import Testing

@testable import DanaModels

/// What the tests of the three protocols have in common.
enum Conversation {
    static let key = Secret("sk-very-secret-0123456789")

    static func tape(_ text: String) throws -> Tape { try JSONReader.read(text) }

    /// A request that uses all that the protocols share.
    static func full() throws -> ModelRequest {
        let parameters = try tape(#"{"type":"object","properties":{"city":{"type":"string"}}}"#)
        let call = ToolCall(id: "call-1", name: "weather", arguments: #"{"city":"Oslo"}"#)
        var request = ModelRequest(
            [
                .user("How is Oslo?"), .assistant("", toolCalls: [call]), .toolResult("rain", for: call),
                .user("And \"Bergen\"?"),
            ], system: "Be short.")
        request.tools = [ToolDefinition(name: "weather", description: "Tells the weather.", parameters: parameters)]
        request.temperature = 0.2
        request.topP = 0.9
        request.maxTokens = 50
        return request
    }

    static func model(
        _ dialect: ModelEndpoint.Dialect, _ transport: any HTTPTransport, provider: String = "test"
    ) -> HTTPModel {
        HTTPModel(
            ModelEndpoint(
                provider: provider, model: "m-1", baseURL: "http://host/v1/", dialect: dialect, key: key),
            transport: transport)
    }

    /// The JSON of the only request that was sent.
    static func body(_ transport: ScriptedTransport) throws -> String {
        let request = try #require(transport.requests.first)
        return String(decoding: try #require(request.body), as: UTF8.self)
    }

    static func chunks(_ stream: ModelStream) async throws -> [ModelChunk] {
        var chunks: [ModelChunk] = []
        for try await chunk in stream { chunks.append(chunk) }
        return chunks
    }

    /// The error of an operation that must fail.
    static func failure(_ body: () async throws(ModelError) -> Void) async -> ModelError? {
        do {
            try await body()
            return nil
        } catch {
            return error
        }
    }
}

extension [ModelChunk] {
    /// The text of all pieces.
    var texts: String {
        map { chunk in if case .text(let text) = chunk { text } else { "" } }.joined()
    }
}
