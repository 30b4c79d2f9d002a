import DanaPools

/// A model that is asked a second time when its answer does not begin within a delay: the answer that begins first is
/// taken, the other request is cancelled. Once an answer has begun nothing is asked again. A whole answer is asked for
/// as a stream where the model streams, so that its beginning is seen.
///
/// The second request costs what a request costs: the delay should be longer than almost all answers take to begin.
public struct HedgingModel: LanguageModel {
    private let model: any LanguageModel
    private let delay: Duration
    private let clock: RouterClock

    public init(_ model: any LanguageModel, after delay: Duration, clock: RouterClock = .system) {
        self.model = model
        self.delay = delay
        self.clock = clock
    }

    public var name: String { model.name }
    public var capabilities: ModelCapabilities { model.capabilities }
    public var server: ServerAddress? { model.server }

    public func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        guard capabilities.contains(.streaming) else {
            return try await first { [model] waited throws(ModelError) in
                try await model.complete(request.after(waited))
            }
        }
        return try await stream(request).collect()
    }

    public func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
        let begun = try await first { [model] waited throws(ModelError) in
            try await BegunStream(try await model.stream(request.after(waited)))
        }
        return ModelStream(begun, isCached: begun.isCached)
    }

    public func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] { try await model.embed(texts) }

    public func countTokens(_ request: ModelRequest) async throws(ModelError) -> TokenCount {
        try await model.countTokens(request)
    }

    private enum Event<Answer: Sendable>: Sendable {
        case delayPassed
        case began(Answer)
        case failed(ModelError)
    }

    /// `ask` is told how much of the request's time has passed.
    private func first<Answer: Sendable>(
        _ ask: @escaping @Sendable (Duration) async throws(ModelError) -> Answer
    ) async throws(ModelError) -> Answer {
        let (clock, delay, start) = (clock, delay, clock.now())
        let attempt: @Sendable () async -> Event<Answer> = {
            do throws(ModelError) {
                return .began(try await ask(clock.now() - start))
            } catch {
                return .failed(error)
            }
        }
        let result = await withTaskGroup(of: Event<Answer>.self) { group -> Result<Answer, ModelError>? in
            var machine = HedgeMachine()
            var result: Result<Answer, ModelError>?
            group.addTask(operation: attempt)
            group.addTask {
                await clock.sleep(delay)
                return .delayPassed
            }
            for await event in group {
                switch event {
                case .delayPassed:
                    if !Task.isCancelled, machine.delayPassed() { group.addTask(operation: attempt) }
                case .began(let answer):
                    if machine.began() { result = .success(answer) }
                case .failed(let error):
                    if let error = machine.failed(error) { result = .failure(error) }
                }
                if result != nil { group.cancelAll() }
            }
            return result
        }
        guard let result else { throw ModelError(.cancelled, "the call was cancelled", model: name) }
        return try result.get()
    }
}
