import DanaPools

/// An answer as its pieces arrive, to be read once by one task. A stream that ends without its end marker throws.
public struct ModelStream: AsyncSequence, Sendable {
    public typealias Element = ModelChunk
    public typealias Failure = ModelError

    /// Where the pieces come from: a value that is read by one task.
    public protocol Source: Sendable {
        nonisolated(nonsending) mutating func next() async throws(ModelError) -> ModelChunk?

        /// What ends the request at once, from any thread, whoever reads meanwhile: the read fails. It must not hold
        /// what ends the request by being let go. Nil where there is no request.
        var ending: (@Sendable () -> Void)? { get }
    }

    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        private var source: any Source

        fileprivate init(_ source: any Source) { self.source = source }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(ModelError) -> ModelChunk? {
            try await next()
        }

        /// The next piece, read where the caller runs; nil at the end.
        public nonisolated(nonsending) mutating func next() async throws(ModelError) -> ModelChunk? {
            try await source.next()
        }

        var ending: (@Sendable () -> Void)? { source.ending }
    }

    private let source: any Source
    /// The answer was kept from an earlier request.
    public let isCached: Bool

    public init(_ source: any Source, isCached: Bool = false) {
        self.source = source
        self.isCached = isCached
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source) }

    var ending: (@Sendable () -> Void)? { source.ending }

    /// The whole answer.
    public func collect() async throws(ModelError) -> ModelReply {
        var source = source
        var builder = ReplyBuilder()
        var began: PoolTime?
        while let chunk = try await source.next() {
            if began == nil, chunk.isContent { began = SystemPoolClock().now }
            builder.add(chunk)
        }
        var reply = builder.reply
        reply.isCached = isCached
        reply.began = isCached ? nil : began
        return reply
    }
}

extension ModelStream.Source {
    public var ending: (@Sendable () -> Void)? { nil }
}
