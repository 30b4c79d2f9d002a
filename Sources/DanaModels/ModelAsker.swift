import DanaPools

/// Who can be asked: a pool, which lends itself a place for each call, or a lease, which has one.
public protocol ModelAsker: AnyObject, Sendable {
    /// The name by which the model is asked for.
    var name: String { get }
    /// The provider and the model, such as `openai/gpt-5`.
    var modelName: String { get }

    nonisolated(nonsending) func answer(_ question: ModelQuestion) async throws(ModelError) -> ModelAnswer
    /// The answer to a request as it is, tools and all; the options say who asks whom.
    nonisolated(nonsending) func answer(
        to request: ModelRequest, _ options: ModelOptions
    ) async throws(ModelError) -> ModelAnswer
    nonisolated(nonsending) func stream(_ question: ModelQuestion) async throws(ModelError) -> AnswerStream
    nonisolated(nonsending) func embed(_ texts: [String]) async throws(ModelError) -> [[Float]]
    nonisolated(nonsending) func countTokens(_ question: ModelQuestion) async throws(ModelError) -> TokenCount
}

extension ModelPool: ModelAsker {}
extension ModelLease: ModelAsker {}
