import DanaSystem
import Synchronization

/// An answer as its pieces arrive, to be read once by one task. At its end `answer` is all of it. Letting go of it ends
/// the request at the provider.
public final class AnswerStream: AsyncSequence, Sendable {
    public typealias Element = ModelChunk
    public typealias Failure = ModelError

    private struct State {
        /// Until somebody reads them or closes the stream: whoever holds them keeps the request alive.
        var chunks: ModelStream?
        var call: ModelCall
        var builder = ReplyBuilder()
        var answer: ModelAnswer?
        var isOver = false
        /// Its number among those of its place; nil when that place is closed.
        var running: Int?
        /// Its place was closed.
        var isClosed = false
    }

    private let model: String
    private let notes: [String]
    private let lease: ModelLease
    private let endsLease: Bool
    private let ending: (@Sendable () -> Void)?
    private let isCached: Bool
    private let forks = ForkCount.current
    private let state: Mutex<State>

    init(
        _ chunks: ModelStream, of model: String, notes: [String], _ call: ModelCall, lease: ModelLease, endsLease: Bool
    ) {
        self.model = model
        self.notes = notes
        self.lease = lease
        self.endsLease = endsLease
        ending = chunks.ending
        isCached = chunks.isCached
        state = Mutex(State(chunks: chunks, call: call))
        let running = lease.calls.add { [weak self] in self?.placeClosed() }
        state.withLock { $0.running = running }
        if running == nil { placeClosed() }
    }

    deinit { close() }

    /// The whole answer, once the stream has ended well.
    public var answer: ModelAnswer? { state.withLock { $0.answer } }

    /// Nobody reads on: the request ends at once, and whoever waits for a piece is told that it was cancelled.
    public func close() {
        // In a forked child it is the parent's.
        guard forks == ForkCount.current else { return }
        let (call, unread) = state.withLock { state -> (ModelCall?, ModelStream?) in
            defer { state.isOver = true }
            return (state.isOver ? nil : state.call, state.chunks.take())
        }
        withExtendedLifetime(unread) {}
        if call != nil { ending?() }
        _ = call?.failed(ModelError(.cancelled, "the stream was left before its end", model: model))
        left()
    }

    /// What reads on; the stream lives as long as it.
    public struct AsyncIterator: AsyncIteratorProtocol, Sendable {
        /// Nil for all but the first reader, and at the end.
        private var chunks: ModelStream.AsyncIterator?
        private let stream: AnswerStream

        fileprivate init(_ stream: AnswerStream) {
            chunks = stream.state.withLock { $0.chunks.take() }?.makeAsyncIterator()
            self.stream = stream
        }

        /// Nobody reads on: the request ends.
        public mutating func close() {
            chunks = nil
            stream.close()
        }

        public mutating func next(isolation actor: isolated (any Actor)?) async throws(ModelError) -> ModelChunk? {
            try await next()
        }

        /// The next piece, read where the caller runs; nil at the end.
        public nonisolated(nonsending) mutating func next() async throws(ModelError) -> ModelChunk? {
            guard chunks != nil else { return nil }
            guard stream.forks == ForkCount.current else { throw .forked(stream.model) }
            do {
                let chunk = try await chunks?.next()
                if chunk == nil { chunks = nil }
                try stream.note(chunk)
                return chunk
            } catch {
                throw stream.fail(error)
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    private func note(_ chunk: ModelChunk?) throws(ModelError) {
        let isLast = try state.withLock { state throws(ModelError) -> Bool in
            guard let chunk else { return !state.isOver }
            guard !state.isClosed else { throw lease.closedError }
            state.builder.add(chunk)
            if chunk.isContent { state.call.answered() }
            return false
        }
        if isLast { end() }
    }

    private func end() {
        var (call, reply) = state.withLock { state in
            state.isOver = true
            return (state.call, state.builder.reply)
        }
        reply.isCached = isCached
        call.ended(reply)
        let answer = ModelAnswer(reply, model: model, timing: call.timing, traceID: call.traceID, notes: notes)
        state.withLock { $0.answer = answer }
        left()
    }

    /// The stream has failed; gives the error as its reader is to see it.
    private func fail(_ error: ModelError) -> ModelError {
        let (call, isClosed) = state.withLock { state -> (ModelCall?, Bool) in
            defer { state.isOver = true }
            return (state.isOver ? nil : state.call, state.isClosed)
        }
        let error = isClosed && error.code == .cancelled ? lease.closedError : error
        defer { left() }
        return call?.failed(error) ?? error
    }

    /// The place that it has is closed: who reads is told so.
    private func placeClosed() {
        state.withLock { $0.isClosed = true }
        ending?()
    }

    private func left() {
        if let running = state.withLock({ $0.running.take() }) { lease.calls.remove(running) }
        if endsLease { lease.release() }
    }
}
