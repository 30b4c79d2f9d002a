import Synchronization

/// The text of an answer that arrives bit by bit, for who reads it piece by piece from wherever: one reads at a time, and
/// anybody may end it.
public final class AnswerText: Sendable {
    private struct State {
        /// Whoever reads takes it, and puts it back.
        var iterator: AnswerStream.AsyncIterator?
        var text = ""
        var isClosed = false
    }

    private let stream: AnswerStream
    private let state: Mutex<State>

    public init(_ stream: AnswerStream) {
        self.stream = stream
        state = Mutex(State(iterator: stream.makeAsyncIterator()))
    }

    /// What has arrived so far.
    public var text: String { state.withLock { $0.text } }

    /// All of it, once it has ended well.
    public var answer: ModelAnswer? { stream.answer }

    /// The next piece; nil at the end, for who reads while another does, and when it was closed meanwhile.
    public nonisolated(nonsending) func next() async throws(ModelError) -> String? {
        guard var iterator = state.withLock({ $0.iterator.take() }) else { return nil }
        while let chunk = try await read(&iterator) {
            guard case .text(let piece) = chunk else { continue }
            let kept = iterator
            // Who closed it meanwhile wants no more, and the request ends.
            return state.withLock { state in
                guard !state.isClosed else { return nil }
                state.iterator = kept
                state.text += piece
                return piece
            }
        }
        return nil
    }

    private nonisolated(nonsending) func read(
        _ iterator: inout AnswerStream.AsyncIterator
    ) async throws(ModelError) -> ModelChunk? {
        do {
            return try await iterator.next()
        } catch {
            if state.withLock({ $0.isClosed }) { return nil }
            throw error
        }
    }

    /// Ends the request at once, whoever reads meanwhile; once more does nothing.
    public func close() {
        var iterator = state.withLock { state in
            state.isClosed = true
            return state.iterator.take()
        }
        iterator?.close()
        stream.close()
    }
}
