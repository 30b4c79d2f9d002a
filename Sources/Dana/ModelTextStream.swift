import DanaLanguage
import DanaModels

/// An answer that arrives bit by bit, as programs walk it: each item is a piece of the text. Its attribute `text` is what
/// has arrived so far.
final class ModelTextStream: HostObject {
    private let answer: AnswerText

    init(_ stream: AnswerStream) { answer = AnswerText(stream) }

    var identity: UInt { UInt(bitPattern: ObjectIdentifier(self)) }
    let typeName = "llm_stream"
    let isFunction = false

    func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply {
        switch operation {
        case .iterate: core.answer(call) { try core.handle(for: self, $0) }
        case .next, .nextOfLoop: .later { [self] in await next(core) }
        case .attribute(let name) where name.text == "text":
            core.answer(call) { try $0.string(self.answer.text) }
        case .truth: core.answer(call) { _ in Interpreter.bool(true) }
        case .method(let name) where name.text == "close":
            close(call, core)
        case .builtin(let name) where name == "str" || name == "repr":
            core.answer(call) { try $0.string("<llm_stream>") }
        default: core.fail(call, .typeError, "a stream of an llm is walked with 'for', and has 'text' and 'close()'")
        }
    }

    private func next(_ core: ContextCore) async -> HostAnswering {
        do throws(ModelError) {
            guard let piece = try await answer.next() else { return { call in core.end(call) } }
            return { call in core.answer(call) { try $0.string(piece) } }
        } catch {
            return core.failing(error)
        }
    }

    private func close(_ call: HostCall, _ core: ContextCore) -> HostReply {
        answer.close()
        return core.answer(call) { _ in Interpreter.null }
    }
}
