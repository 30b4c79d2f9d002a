/// The body of an answer as pieces of bytes, to be read once by one task. The sender is kept waiting while nobody
/// reads; when the last reference goes before the end, the exchange is cancelled.
public struct HTTPBody: AsyncSequence, Sendable {
    public typealias Element = [UInt8]
    public typealias Failure = HTTPError

    /// Where the pieces come from. A source that goes away before its end gives up what it holds.
    public protocol Source: AnyObject, Sendable {
        /// The next piece, never empty; nil at the end. An error is told again by every later call.
        nonisolated(nonsending) func next() async throws(HTTPError) -> [UInt8]?

        /// The reader has what it needs: what is left, if it is short, is dropped, and the connection is free again.
        func finish()

        /// Ends the exchange, whoever reads meanwhile; from any thread. It does not keep the source alive.
        var ending: @Sendable () -> Void { get }
    }

    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        private let source: any Source

        fileprivate init(_ source: any Source) { self.source = source }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(HTTPError) -> [UInt8]? {
            try await next()
        }

        /// The next piece, read where the caller runs; nil at the end.
        public nonisolated(nonsending) mutating func next() async throws(HTTPError) -> [UInt8]? {
            try await source.next()
        }

        /// Says that nothing more is wanted, so that the connection can be used again.
        public func finish() { source.finish() }

        /// What ends the exchange at once, from any thread, whoever reads meanwhile: the read fails. It holds nothing
        /// of what would end when it is let go.
        public var ending: @Sendable () -> Void { source.ending }
    }

    private let source: any Source

    public init(_ source: any Source) { self.source = source }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source) }

    /// All of it, or the error that ended it.
    public func collect() async throws(HTTPError) -> [UInt8] {
        var whole = try await source.next() ?? []
        while let piece = try await source.next() { whole += piece }
        return whole
    }
}
