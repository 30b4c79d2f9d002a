import DanaPools
import DanaSystem

/// A model that is lent: so many may ask it at once, the others wait their turn.
public final class ModelPool: Sendable {
    /// The name by which the model is asked for.
    public let name: String
    /// The provider and the model, such as `openai/gpt-5`.
    public let modelName: String
    public let capabilities: ModelCapabilities
    let server: ServerAddress?
    private let pool: ResourcePool<ModelSlot>
    private let listener: @Sendable (ModelCallEvent) -> Void

    /// `model` gives the model for each of those who may ask at the same time, who are numbered from 0.
    public init(
        _ name: String, limits: PoolLimits = PoolLimits(),
        listener: @escaping @Sendable (ModelCallEvent) -> Void = { _ in },
        model: @escaping @Sendable (_ slot: Int) -> any LanguageModel
    ) throws(PoolError) {
        self.name = name
        self.listener = listener
        let first = model(0)
        modelName = first.name
        capabilities = first.capabilities
        server = first.server
        let numbers = SlotNumbers()
        pool = try ResourcePool(
            name: name, limits: limits,
            hooks: PoolHooks(
                make: {
                    let number = numbers.take()
                    return ModelSlot(number: number, model: model(number))
                },
                close: { slot in
                    slot.calls.close()
                    numbers.giveBack(slot.number)
                }, executor: InlineExecutor.shared))
    }

    // MARK: Lending

    /// Lends the model until the lease is released. Cancelling the task ends the wait.
    public nonisolated(nonsending) func lease(
        priority: PoolPriority = .normal, tenant: String? = nil, deadline: PoolDeadline = .standard,
        file: String = #fileID, line: Int = #line
    ) async throws(ModelError) -> ModelLease {
        do {
            return ModelLease(
                try await pool.lease(priority: priority, tenant: tenant, deadline: deadline, file: file, line: line),
                of: self)
        } catch {
            throw failure(error)
        }
    }

    /// Lends the model as it is wished for; at once where a place is free.
    public nonisolated(nonsending) func lease(
        _ wish: PlaceWish, file: String = #fileID, line: Int = #line
    ) async throws(ModelError) -> ModelLease {
        if wish.isPlain, let lease = tryLease(tenant: wish.tenant, file: file, line: line) { return lease }
        return try await lease(
            priority: wish.priority, tenant: wish.tenant,
            deadline: wish.timeout.map { .after($0) } ?? .standard, file: file, line: line)
    }

    /// Lends the model if a place is free and nobody waits for one.
    public func tryLease(tenant: String? = nil, file: String = #fileID, line: Int = #line) -> ModelLease? {
        guard let lease = pool.tryLease(tenant: tenant, file: file, line: line) else { return nil }
        return ModelLease(lease, of: self)
    }

    /// Lends the model for the length of the body.
    public nonisolated(nonsending) func withModel<Answer>(
        priority: PoolPriority = .normal, tenant: String? = nil, deadline: PoolDeadline = .standard,
        file: String = #fileID, line: Int = #line, _ body: nonisolated(nonsending) (ModelLease) async throws -> Answer
    ) async throws -> Answer {
        let lease = try await lease(priority: priority, tenant: tenant, deadline: deadline, file: file, line: line)
        defer { lease.release() }
        return try await body(lease)
    }

    // MARK: Asking

    /// Asks with a lease for this one call; a question in batches is asked batch by batch.
    public nonisolated(nonsending) func answer(_ question: ModelQuestion) async throws(ModelError) -> ModelAnswer {
        if question.options.batchSize != nil { return try await answerInBatches(question) }
        let call = ModelCall(.chat, in: self)
        let lease = try await lease(for: question.options, call)
        defer { lease.release() }
        return try await lease.answer(question, call)
    }

    /// The answer to a request as it is, tools and all; the options say who asks.
    public nonisolated(nonsending) func answer(
        to request: ModelRequest, _ options: ModelOptions = ModelOptions()
    ) async throws(ModelError) -> ModelAnswer {
        let call = ModelCall(.chat, in: self)
        let lease = try await lease(for: options, call)
        defer { lease.release() }
        return try await lease.answer(to: request, notes: [], call)
    }

    /// The answer bit by bit; the lease ends with the stream.
    public nonisolated(nonsending) func stream(_ question: ModelQuestion) async throws(ModelError) -> AnswerStream {
        let call = ModelCall(.stream, in: self)
        let lease = try await lease(for: question.options, call)
        do {
            return try await lease.stream(question, call, isOwn: true)
        } catch {
            lease.release()
            throw error
        }
    }

    /// A vector for each text, in their order.
    public nonisolated(nonsending) func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] {
        guard !texts.isEmpty else { return [] }
        let lease = try await lease()
        defer { lease.release() }
        return try await lease.embed(texts)
    }

    /// How many tokens the model reads for a question.
    public nonisolated(nonsending) func countTokens(_ question: ModelQuestion) async throws(ModelError) -> TokenCount {
        let lease = try await lease()
        defer { lease.release() }
        return try await lease.countTokens(question)
    }

    private nonisolated(nonsending) func lease(
        for options: ModelOptions, _ call: ModelCall
    ) async throws(ModelError) -> ModelLease {
        var place = options.place
        place.timeout = min(options.timeout, place.timeout ?? pool.limits.acquisitionTimeout)
        do {
            return try await lease(place)
        } catch {
            throw call.failed(error)
        }
    }

    // MARK: Figures, and the end

    public var statistics: PoolStatistics { pool.statistics }
    public var limits: PoolLimits { pool.limits }

    /// Calls the listener with each event of the pool, until `ignore`.
    @discardableResult
    public func listen(_ listener: @escaping @Sendable (PoolEvent) -> Void) -> Int { pool.listen(listener) }

    public func ignore(_ number: Int) { pool.ignore(number) }

    /// Lends nothing more, gives borrowers their time, and ends.
    public nonisolated(nonsending) func drain(within time: Duration? = nil) async { await pool.drain(within: time) }

    /// Begins what `drain` does, and waits for nothing.
    public func beginDrain(within time: Duration? = nil) { pool.beginDrain(within: time) }

    func tell(_ event: ModelCallEvent) { listener(event) }

    private func failure(_ error: any Error) -> ModelError {
        switch error {
        case let error as ModelError: return error
        case is CancellationError: return ModelError(.cancelled, "the call was cancelled", model: name)
        case let error as PoolError:
            if case .timedOut(_, let waited, nil) = error { return noPlace(after: waited) }
            let code: ModelError.Code =
                switch error {
                case .queueFull: .overloaded
                case .timedOut, .hookTimedOut: .timedOut
                case .closed: .noModelLeft
                case .unavailable, .invalidLimit: .configuration
                }
            return ModelError(code, error.description, model: name)
        default: return ModelError(.serverFailed, "\(error)", model: name)
        }
    }

    private func noPlace(after waited: Duration) -> ModelError {
        ModelError(
            .timedOut,
            "no place was free within \(waited.told), and \(limits.maxSize) are lent at most: raise `timeout` or "
                + "`max_size`, or look for who was lent the model and does not give it back", model: name)
    }
}
