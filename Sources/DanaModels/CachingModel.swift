import Synchronization

/// A model whose answers are kept: a request that comes again is answered at once, at no cost, and its answer says that
/// it was kept. Only requests of temperature 0 are, unless it is told otherwise.
public final class CachingModel: LanguageModel {
    private let model: any LanguageModel
    private let sharing: AnswerSharing
    private let clock: RouterClock
    private let cache: Mutex<ReplyCache>

    public init(
        _ model: any LanguageModel, limits: ReplyCacheLimits = ReplyCacheLimits(),
        sharing: AnswerSharing = .temperatureZero, clock: RouterClock = .system
    ) {
        self.model = model
        self.sharing = sharing
        self.clock = clock
        cache = Mutex(ReplyCache(limits))
    }

    public var name: String { model.name }
    public var capabilities: ModelCapabilities { model.capabilities }
    public var server: ServerAddress? { model.server }

    public func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        guard sharing.allows(request) else { return try await model.complete(request) }
        if let reply = kept(request) { return reply }
        let reply = try await model.complete(request)
        keep(reply, for: request)
        return reply
    }

    public func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
        guard sharing.allows(request) else { return try await model.stream(request) }
        if let reply = kept(request) { return ModelStream(ReplyStream(reply), isCached: true) }
        let stream = try await model.stream(request)
        let keeping = Keeping(rest: stream.makeAsyncIterator()) { [self] reply in keep(reply, for: request) }
        return ModelStream(keeping, isCached: stream.isCached)
    }

    public func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] { try await model.embed(texts) }

    public func countTokens(_ request: ModelRequest) async throws(ModelError) -> TokenCount {
        try await model.countTokens(request)
    }

    private func kept(_ request: ModelRequest) -> ModelReply? {
        let now = clock.now()
        return cache.withLock { $0.reply(to: request, at: now) }
    }

    /// An answer that has not the form that was asked for is worth nothing to those who come later.
    private func keep(_ reply: ModelReply, for request: ModelRequest) {
        if let schema = request.schema ?? request.toldSchema, reply.toolCalls.isEmpty,
            case .doesNotFit = AnswerJudge(schema).judge(reply.text)
        {
            return
        }
        let now = clock.now()
        cache.withLock { $0.keep(reply, for: request, at: now) }
    }

    /// Keeps an answer when its stream has come to its end.
    private struct Keeping: ModelStream.Source {
        private var rest: ModelStream.AsyncIterator
        private var builder: ReplyBuilder? = ReplyBuilder()
        private let keep: @Sendable (ModelReply) -> Void

        init(rest: ModelStream.AsyncIterator, keep: @escaping @Sendable (ModelReply) -> Void) {
            self.rest = rest
            self.keep = keep
        }

        var ending: (@Sendable () -> Void)? { rest.ending }

        nonisolated(nonsending) mutating func next() async throws(ModelError) -> ModelChunk? {
            guard let chunk = try await rest.next() else {
                if let builder { keep(builder.reply) }
                builder = nil
                return nil
            }
            builder?.add(chunk)
            return chunk
        }
    }
}
