import Synchronization

/// What the answer of a stream takes, told once: as the provider says, or as a guess from its length when the stream
/// ends without that or its reader lets it go.
final class StreamAccount: Sendable {
    private struct State {
        var told: TokenUsage?
        var bytes = 0
        var isSettled = false
    }

    private let input: Int
    private let settle: @Sendable (TokenUsage) -> Void
    private let state = Mutex(State())

    /// `input` is the guess of the tokens of the request.
    init(input: Int, settle: @escaping @Sendable (TokenUsage) -> Void) {
        self.input = input
        self.settle = settle
    }

    deinit { close() }

    func passed(_ chunk: ModelChunk) {
        state.withLock { state in
            switch chunk {
            case .usage(let usage): state.told = usage
            case .text(let text), .reasoning(let text), .toolCall(_, _, _, let text): state.bytes += text.utf8.count
            case .asked, .start, .finish: break
            }
        }
    }

    /// The stream is over.
    func close() {
        let usage = state.withLock { state -> TokenUsage? in
            guard !state.isSettled else { return nil }
            state.isSettled = true
            return state.told ?? TokenUsage(input: input, output: state.bytes / 4)
        }
        if let usage { settle(usage) }
    }
}
