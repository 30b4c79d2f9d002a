import Synchronization

/// A model that is asked once for requests that are the same and under way at the same time; each gets the whole answer,
/// with the tokens that it took once. The request is cancelled when the last one who reads has left. An answer is read as
/// fast as it comes, and kept while somebody reads it. Only requests of temperature 0 are shared, unless it is told
/// otherwise.
public final class CoalescingModel: LanguageModel {
    private typealias Waiter = CheckedContinuation<SharedPiece, Never>

    private struct State {
        var machine = CoalescingMachine<Waiter>()
        var tasks: [Int: Task<Void, Never>] = [:]
    }

    private let model: any LanguageModel
    private let sharing: AnswerSharing
    private let state = Mutex(State())

    public init(_ model: any LanguageModel, sharing: AnswerSharing = .temperatureZero) {
        self.model = model
        self.sharing = sharing
    }

    public var name: String { model.name }
    public var capabilities: ModelCapabilities { model.capabilities }
    public var server: ServerAddress? { model.server }

    public func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        guard sharing.allows(request) else { return try await model.complete(request) }
        return try await stream(request).collect()
    }

    public func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
        guard sharing.allows(request) else { return try await model.stream(request) }
        let (reader, call) = state.withLock { $0.machine.join(request) }
        let place = Place(reader, in: self)
        if let call { start(call, request) }
        return ModelStream(Reading(place: place))
    }

    public func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] { try await model.embed(texts) }

    public func countTokens(_ request: ModelRequest) async throws(ModelError) -> TokenCount {
        try await model.countTokens(request)
    }

    // MARK: The call

    private func start(_ call: Int, _ request: ModelRequest) {
        let task = Task {
            do throws(ModelError) {
                let stream =
                    model.capabilities.contains(.streaming)
                    ? try await model.stream(request) : ModelStream(ReplyStream(try await model.complete(request)))
                for try await chunk in stream { arrived(chunk, of: call) }
                ended(call, nil)
            } catch {
                ended(call, error)
            }
        }
        let isWanted = state.withLock { state in
            if state.machine.isUnderWay(call) { state.tasks[call] = task }
            return state.machine.isWanted(call)
        }
        if !isWanted { task.cancel() }
    }

    private func arrived(_ chunk: ModelChunk, of call: Int) {
        for waiter in state.withLock({ $0.machine.arrived(chunk, of: call) }) {
            waiter.resume(returning: .chunk(chunk))
        }
    }

    private func ended(_ call: Int, _ error: ModelError?) {
        let waiters = state.withLock { state in
            state.tasks[call] = nil
            return state.machine.ended(call, error)
        }
        for waiter in waiters { waiter.resume(returning: error.map(SharedPiece.failure) ?? .end) }
    }

    // MARK: Readers

    fileprivate func next(_ reader: Int) async throws(ModelError) -> ModelChunk? {
        let piece = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: Waiter) in
                if let piece = state.withLock({ $0.machine.read(reader, waiter) }) { waiter.resume(returning: piece) }
            }
        } onCancel: {
            leave(reader)
        }
        switch piece {
        case .chunk(let chunk): return chunk
        case .end: return nil
        case .failure(let error): throw error
        case .left: throw ModelError(.cancelled, "the call was cancelled", model: name)
        }
    }

    fileprivate func leave(_ reader: Int) {
        let (waiter, task) = state.withLock { state in
            let (waiter, call) = state.machine.leave(reader)
            return (waiter, call.flatMap { state.tasks.removeValue(forKey: $0) })
        }
        waiter?.resume(returning: .left)
        task?.cancel()
    }

    /// A reader's place, which it leaves with its stream.
    private final class Place: Sendable {
        let number: Int
        let model: CoalescingModel

        init(_ number: Int, in model: CoalescingModel) {
            self.number = number
            self.model = model
        }

        deinit { model.leave(number) }
    }

    private struct Reading: ModelStream.Source {
        let place: Place

        var ending: (@Sendable () -> Void)? {
            { [model = place.model, number = place.number] in model.leave(number) }
        }

        nonisolated(nonsending) mutating func next() async throws(ModelError) -> ModelChunk? {
            try await place.model.next(place.number)
        }
    }
}
