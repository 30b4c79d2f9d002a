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
    }

    private let model: String
    private let notes: [String]
    private let lease: ModelLease
    private let endsLease: Bool
    private let ending: (@Sendable () -> Void)?
    private let state: Mutex<State>

    init(
        _ chunks: ModelStream, of model: String, notes: [String], _ call: ModelCall, lease: ModelLease, endsLease: Bool
    ) {
        self.model = model
        self.notes = notes
        self.lease = lease
        self.endsLease = endsLease
        ending = chunks.ending
        state = Mutex(State(chunks: chunks, call: call))
    }

    deinit { close() }

    /// The whole answer, once the stream has ended well.
    public var answer: ModelAnswer? { state.withLock { $0.answer } }

    /// Nobody reads on: the request ends at once, and whoever waits for a piece is told that it was cancelled.
    public func close() {
        let (call, unread) = state.withLock { state -> (ModelCall?, ModelStream?) in
            defer { state.isOver = true }
            return (state.isOver ? nil : state.call, state.chunks.take())
        }
        withExtendedLifetime(unread) {}
        if call != nil { ending?() }
        _ = call?.failed(ModelError(.cancelled, "the stream was left before its end", model: model))
        if endsLease { lease.release() }
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
            do {
                let chunk = try await chunks?.next()
                if chunk == nil { chunks = nil }
                stream.note(chunk)
                return chunk
            } catch {
                stream.fail(error)
                throw error
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    private func note(_ chunk: ModelChunk?) {
        let isLast = state.withLock { state -> Bool in
            guard let chunk else { return !state.isOver }
            state.builder.add(chunk)
            if chunk.isContent { state.call.answered() }
            return false
        }
        if isLast { end() }
    }

    private func end() {
        let (finished, reply) = state.withLock { state in
            state.isOver = true
            return (state.call, state.builder.reply)
        }
        var call = finished
        call.ended(reply)
        let answer = ModelAnswer(reply, model: model, timing: call.timing, traceID: call.traceID, notes: notes)
        state.withLock { $0.answer = answer }
        if endsLease { lease.release() }
    }

    private func fail(_ error: ModelError) {
        let call = state.withLock { state -> ModelCall? in
            if state.isOver { return nil }
            state.isOver = true
            return state.call
        }
        _ = call?.failed(error)
        if endsLease { lease.release() }
    }
}
