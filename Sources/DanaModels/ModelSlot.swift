/// What a pool of models lends: the model, as one of those who may ask it at the same time.
struct ModelSlot: Sendable {
    let number: Int
    let model: any LanguageModel
    /// What runs on this place.
    let calls = RunningCalls()
}
