import DanaPools
import Synchronization
import Testing

@testable import DanaModels

/// The text of a stream, read from one place and ended from another.
@Suite struct AnswerTextTests {
    /// Says a word each time that it is let, and tells when somebody waits for one.
    private final class Pace: Sendable {
        private struct State {
            var reader: CheckedContinuation<Bool, Never>?
            var waiter: CheckedContinuation<Void, Never>?
        }
        private let state = Mutex(State())

        /// False when it has ended.
        func word() async -> Bool {
            await withCheckedContinuation { reader in
                state.withLock { state in
                    state.reader = reader
                    state.waiter.take()?.resume()
                }
            }
        }

        func isAwaited() async {
            await withCheckedContinuation { waiter in
                state.withLock { state in
                    if state.reader == nil { state.waiter = waiter } else { waiter.resume() }
                }
            }
        }

        func letGo() { state.withLock { $0.reader.take()?.resume(returning: true) } }
        func end() { state.withLock { $0.reader.take()?.resume(returning: false) } }
    }

    private struct PacedModel: LanguageModel {
        let name = "paced"
        let capabilities: ModelCapabilities = [.streaming]
        let pace: Pace
        var endsAtOnce = false

        struct Words: ModelStream.Source {
            let pace: Pace
            let endsAtOnce: Bool

            var ending: (@Sendable () -> Void)? {
                guard endsAtOnce else { return nil }
                return { [pace] in pace.end() }
            }

            mutating func next() async throws(ModelError) -> ModelChunk? {
                guard await pace.word() else { throw ModelError(.cancelled, "ended", model: "paced") }
                return .text("word ")
            }
        }

        func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply { ModelReply(text: "") }
        func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
            ModelStream(Words(pace: pace, endsAtOnce: endsAtOnce))
        }
    }

    @Test func whatArrivedIsKept() async throws {
        let pool = try ModelPool("m", listener: { _ in }, model: { _ in FakeModel("said") })
        let text = AnswerText(try await pool.stream(ModelQuestion("a")))
        #expect(text.text == "" && text.answer == nil)
        #expect(try await text.next() == "said")
        #expect(try await text.next() == nil)
        #expect(text.text == "said" && text.answer?.text == "said" && pool.statistics.leased == 0)
    }

    @Test func whoClosesWhileAnotherReadsEndsIt() async throws {
        let pace = Pace()
        let pool = try ModelPool("m", listener: { _ in }, model: { _ in PacedModel(pace: pace) })
        let text = AnswerText(try await pool.stream(ModelQuestion("a")))
        async let first = text.next()
        await pace.isAwaited()
        #expect(try await text.next() == nil, "one reads at a time")
        pace.letGo()
        #expect(try await first == "word ")
        async let second = text.next()
        await pace.isAwaited()
        text.close()
        text.close()
        #expect(pool.statistics.leased == 0)
        pace.letGo()
        #expect(try await second == nil)
        #expect(try await text.next() == nil && text.text == "word ")
    }

    @Test func closingReachesTheRequestWhileAnotherWaits() async throws {
        let pace = Pace()
        let pool = try ModelPool("m", listener: { _ in }, model: { _ in PacedModel(pace: pace, endsAtOnce: true) })
        let text = AnswerText(try await pool.stream(ModelQuestion("a")))
        async let first = text.next()
        await pace.isAwaited()
        text.close()
        #expect(try await first == nil && pool.statistics.leased == 0)

        let stream = try await pool.stream(ModelQuestion("b"))
        let reader = Task { for try await _ in stream {} }
        await pace.isAwaited()
        stream.close()
        let result = await reader.result
        let error = #expect(throws: ModelError.self) { try result.get() }
        #expect(error?.code == .cancelled && pool.statistics.leased == 0)
    }
}
