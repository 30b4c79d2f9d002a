import DanaModels
import PythonBridge
import Synchronization

/// An answer that arrives bit by bit, as the Python side reads it: from a thread that waits or from an event loop.
final class AnswerStreamHandle: PythonExported, Sendable {
    private struct State {
        /// Whoever reads takes it, and puts it back.
        var iterator: AnswerStream.AsyncIterator?
        var isClosed = false
    }

    private let stream: AnswerStream
    private let state: Mutex<State>

    init(_ stream: AnswerStream) {
        self.stream = stream
        state = Mutex(State(iterator: stream.makeAsyncIterator()))
    }

    static let pythonClass = PythonClass("AnswerStream", doc: "An answer that arrives bit by bit.") {
        function("next", "self", doc: "The next piece of the text, or None at the end.") {
            (stream: AnswerStreamHandle) throws -> String? in
            try Python.wait("stream") { try await stream.next() }
        }
        function("pieces", "self", doc: "The pieces of the text, for an event loop.") { (stream: AnswerStreamHandle) in
            PythonStream("stream") { TextPieces(stream) }
        }
        property("answer", doc: "All of it, once it has ended well, or None.") { (stream: AnswerStreamHandle) in
            stream.stream.answer.map(AnswerRow.init)
        }
        function("close", "self", doc: "Ends the request at the provider.") { (stream: AnswerStreamHandle) in
            stream.close()
            return Nothing()
        }
        function("__repr__", "self") { (_: AnswerStreamHandle) in "<Dana answer stream>" }
    }

    /// The next piece of text; nil at the end, and for who reads while another does.
    func next() async throws(ModelError) -> String? {
        guard var iterator = state.withLock({ $0.iterator.take() }) else { return nil }
        while let chunk = try await iterator.next(isolation: nil) {
            guard case .text(let text) = chunk else { continue }
            let kept = iterator
            // Who closed it meanwhile wants no more, and the request ends.
            return state.withLock { state in
                guard !state.isClosed else { return nil }
                state.iterator = kept
                return text
            }
        }
        return nil
    }

    private func close() {
        var iterator = state.withLock { state in
            state.isClosed = true
            return state.iterator.take()
        }
        iterator?.close()
        stream.close()
    }
}

/// The pieces of a stream's text as a sequence.
struct TextPieces: AsyncSequence, AsyncIteratorProtocol, Sendable {
    private let stream: AnswerStreamHandle

    init(_ stream: AnswerStreamHandle) { self.stream = stream }

    func makeAsyncIterator() -> TextPieces { self }

    func next(isolation actor: isolated (any Actor)?) async throws(ModelError) -> String? { try await stream.next() }
}
