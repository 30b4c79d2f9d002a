import DanaModels
import PythonBridge

/// An answer that arrives bit by bit, as the Python side reads it: from a thread that waits or from an event loop.
final class AnswerStreamHandle: PythonExported, Sendable {
    private let text: AnswerText

    init(_ stream: AnswerStream) { text = AnswerText(stream) }

    static let pythonClass = PythonClass("AnswerStream", doc: "An answer that arrives bit by bit.") {
        function("next", "self", doc: "The next piece of the text, or None at the end.") {
            (stream: AnswerStreamHandle) throws -> String? in
            try Python.wait("stream", instead: "the pieces of get_llm_async().stream()", on: .caller) {
                try await stream.text.next()
            }
        }
        function("pieces", "self", doc: "The pieces of the text, for an event loop.") { (stream: AnswerStreamHandle) in
            PythonStream("stream") { TextPieces(stream.text) }
        }
        property("answer", doc: "All of it, once it has ended well, or None.") { (stream: AnswerStreamHandle) in
            stream.text.answer.map(AnswerRow.init)
        }
        function("close", "self", doc: "Ends the request at the provider.") { (stream: AnswerStreamHandle) in
            stream.text.close()
            return Nothing()
        }
        function("__repr__", "self") { (_: AnswerStreamHandle) in "<Dana answer stream>" }
    }
}

/// The pieces of an answer's text as a sequence.
struct TextPieces: AsyncSequence, AsyncIteratorProtocol, Sendable {
    private let text: AnswerText

    init(_ text: AnswerText) { self.text = text }

    func makeAsyncIterator() -> TextPieces { self }

    func next(isolation actor: isolated (any Actor)?) async throws(ModelError) -> String? { try await text.next() }
}
