/// A language model that can be asked, wherever it runs.
public protocol LanguageModel: Sendable {
    /// The provider and the model, such as `openai/gpt-5`.
    var name: String { get }
    var capabilities: ModelCapabilities { get }
    /// The server that is asked; nil where there is none, or one of several.
    var server: ServerAddress? { get }

    /// The whole answer. Cancelling the task ends the request at the provider.
    func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply

    /// The answer bit by bit, once the provider has begun to answer. Cancelling the task that reads it, or letting go
    /// of the stream, ends the request at the provider.
    func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream

    /// A vector for each text, in their order.
    func embed(_ texts: [String]) async throws(ModelError) -> [[Float]]

    func countTokens(_ request: ModelRequest) async throws(ModelError) -> TokenCount
}

extension LanguageModel {
    public var server: ServerAddress? { nil }

    public func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] {
        throw ModelError(.unsupported, "this provider has no embeddings: name another model for them", model: name)
    }

    public func countTokens(_ request: ModelRequest) async throws(ModelError) -> TokenCount {
        TokenCount(tokens: request.estimatedTokens, isExact: false)
    }
}
