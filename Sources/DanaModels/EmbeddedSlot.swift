/// The embedded model as one of those who may ask it at the same time. What it was asked before is kept in the engine,
/// so that the next question is read from where it differs.
struct EmbeddedSlot: LanguageModel {
    let model: EmbeddedModel
    let number: Int

    var name: String { model.name }
    var capabilities: ModelCapabilities { model.capabilities }

    func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        try await stream(request).collect()
    }

    func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
        try await model.stream(request, slot: number)
    }
}
