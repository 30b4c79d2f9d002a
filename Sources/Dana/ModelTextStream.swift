import DanaLanguage
import DanaModels
import Synchronization

/// An answer that arrives bit by bit, as programs walk it: each item is a piece of the text. Its attribute `text` is what
/// has arrived so far.
final class ModelTextStream: HostObject {
    private struct State {
        var iterator: AnswerStream.AsyncIterator?
        var text = ""
    }

    private let state: Mutex<State>

    init(_ stream: AnswerStream) { state = Mutex(State(iterator: stream.makeAsyncIterator())) }

    var identity: UInt { UInt(bitPattern: ObjectIdentifier(self).hashValue) }
    let typeName = "llm_stream"
    let isFunction = false

    func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply {
        switch operation {
        case .iterate: core.answer(call) { try core.handle(for: self, $0) }
        case .next, .nextOfLoop: .later { [self] in await next(core) }
        case .attribute(let name) where name.text == "text":
            core.answer(call) { try $0.string(self.state.withLock { $0.text }) }
        case .truth: core.answer(call) { _ in Interpreter.bool(true) }
        case .method(let name) where name.text == "close":
            close(call, core)
        case .builtin(let name) where name == "str" || name == "repr":
            core.answer(call) { try $0.string("<llm_stream>") }
        default: core.fail(call, .typeError, "a stream of an llm is walked with 'for', and has 'text' and 'close()'")
        }
    }

    /// The next piece of text.
    private func next(_ core: ContextCore) async -> HostAnswering {
        // One walks it at a time; another one finds it ended meanwhile.
        guard var iterator = state.withLock({ $0.iterator.take() }) else { return { call in core.end(call) } }
        do throws(ModelError) {
            while let chunk = try await iterator.next(isolation: nil) {
                guard case .text(let text) = chunk else { continue }
                let kept = iterator
                state.withLock { state in
                    state.iterator = kept
                    state.text += text
                }
                return { call in core.answer(call) { try $0.string(text) } }
            }
            return { call in core.end(call) }
        } catch {
            return core.failing(error)
        }
    }

    private func close(_ call: HostCall, _ core: ContextCore) -> HostReply {
        var iterator = state.withLock { $0.iterator.take() }
        iterator?.close()
        return core.answer(call) { _ in Interpreter.null }
    }
}
