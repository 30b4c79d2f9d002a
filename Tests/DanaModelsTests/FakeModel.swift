import Synchronization

@testable import DanaModels

/// A model that answers what it is told, in order; then it says its name.
final class FakeModel: LanguageModel {
    enum Answer: Sendable {
        case text(String)
        /// What the limit of tokens left of a text.
        case cut(String)
        case error(ModelError)
        /// A stream that says these texts and then fails.
        case broken([String], ModelError)
    }

    private struct Source: ModelStream.Source {
        var chunks: [ModelChunk]
        var error: ModelError?

        mutating func next() async throws(ModelError) -> ModelChunk? {
            guard chunks.isEmpty else { return chunks.removeFirst() }
            if let error { throw error }
            return nil
        }
    }

    let name: String
    let capabilities: ModelCapabilities = [.streaming]
    private let answers: Mutex<[Answer]>
    private let asked = Mutex<[ModelRequest]>([])

    init(_ name: String, _ answers: [Answer] = []) {
        self.name = name
        self.answers = Mutex(answers.reversed())
    }

    var requests: [ModelRequest] { asked.withLock { $0 } }

    private func next(_ request: ModelRequest) -> Answer {
        asked.withLock { $0.append(request) }
        return answers.withLock { $0.popLast() } ?? .text(name)
    }

    func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        try await stream(request).collect()
    }

    func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
        let start = ModelChunk.start(id: "1", model: name)
        switch next(request) {
        case .text(let text): return ModelStream(Source(chunks: [start, .text(text)] + Self.end(.stop)))
        case .cut(let text): return ModelStream(Source(chunks: [start, .text(text)] + Self.end(.length)))
        case .error(let error): throw error
        case .broken(let texts, let error):
            return ModelStream(Source(chunks: [start] + texts.map(ModelChunk.text), error: error))
        }
    }

    private static func end(_ reason: FinishReason) -> [ModelChunk] {
        [.usage(TokenUsage(input: 10, output: 5)), .finish(reason)]
    }

    /// An error of this model.
    static func failure(_ code: ModelError.Code, retryAfter: Duration? = nil) -> Answer {
        var error = ModelError(code, "told to fail", model: "fake")
        error.retryAfter = retryAfter
        return .error(error)
    }
}
