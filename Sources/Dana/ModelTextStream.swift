import DanaLanguage
import DanaModels

/// An answer that arrives bit by bit, as programs walk it: each item is a piece of the text. It ends with its `with`, and
/// is an iterator: what was given once does not come again. Its attribute `text` is what has arrived so far.
final class ModelTextStream: HostObject {
    private let answer: AnswerText

    init(_ stream: AnswerStream) { answer = AnswerText(stream) }

    var identity: UInt { UInt(bitPattern: ObjectIdentifier(self)) }
    let typeName = "llm_stream"
    let isFunction = false

    private static let members =
        "a stream of an llm is walked once, and has 'text', 'close()' and, at its end, 'result', 'usage' and "
        + "'finish_reason'"

    func perform(_ operation: HandleOperation, _ call: HostCall, in core: ContextCore) -> HostReply {
        switch operation {
        case .iterate, .enter: return core.answer(call) { try core.handle(for: self, $0) }
        case .exit:
            answer.close()
            return core.answer(call) { _ in Interpreter.bool(false) }
        case .next, .nextOfLoop: return .later { [self] in await next(core) }
        case .contains: return contains(call, core)
        case .attribute(let name): return attribute(name.text, call, core)
        case .truth, .builtin("bool"): return core.answer(call) { _ in Interpreter.bool(true) }
        case .method(let name) where name.text == "close":
            answer.close()
            return core.answer(call) { _ in Interpreter.null }
        case .builtin(let name): return builtin(name, call, core)
        default: return core.fail(call, .typeError, Self.members)
        }
    }

    private func attribute(_ name: String, _ call: HostCall, _ core: ContextCore) -> HostReply {
        switch name {
        case "text": return core.answer(call) { try $0.string(self.answer.text) }
        case "result", "usage", "finish_reason": break
        default: return core.fail(call, .attributeError, "there is no '\(name)': \(Self.members)")
        }
        guard let whole = answer.answer else { return core.answer(call) { _ in Interpreter.null } }
        return core.answer(call) { interpreter in
            switch name {
            case "result": try interpreter.string(whole.text)
            case "usage": try core.makeValue(Self.value(whole.usage), interpreter)
            default: try interpreter.string(whole.finishReason.word)
            }
        }
    }

    private static func value(_ usage: TokenUsage) -> DanaValue {
        let counts = [
            ("input", usage.input), ("output", usage.output), ("cached_input", usage.cachedInput),
            ("reasoning", usage.reasoning), ("total", usage.total),
        ]
        return .dict(counts.map { (key: .string($0), value: .int($1)) })
    }

    // MARK: Pieces

    private func next(_ core: ContextCore) async -> HostAnswering {
        do throws(ModelError) {
            guard let piece = try await answer.next() else { return { call in core.end(call) } }
            return { call in core.answer(call) { try $0.string(piece) } }
        } catch {
            return core.failing(error)
        }
    }

    private func contains(_ call: HostCall, _ core: ContextCore) -> HostReply {
        var wanted: String?
        do throws(DanaFailure) {
            let item = try core.locked { interpreter in
                try call.arguments.first.map { try core.lookAt($0, interpreter) } ?? .null
            }
            if case .string(let text) = item { wanted = text }
        } catch {
            return core.fail(call, error)
        }
        return .later { [self, wanted] in
            do throws(ModelError) {
                while let piece = try await answer.next() {
                    if piece == wanted { return { call in core.answer(call) { _ in Interpreter.bool(true) } } }
                }
                return { call in core.answer(call) { _ in Interpreter.bool(false) } }
            } catch {
                return core.failing(error)
            }
        }
    }

    /// What a built-in function makes of the pieces that are still to come.
    private func builtin(_ name: String, _ call: HostCall, _ core: ContextCore) -> HostReply {
        switch name {
        case "str", "repr", "ascii": return core.answer(call) { try $0.string("<llm_stream>") }
        // Null has the built-in go through the pieces one by one.
        case "sum", "any", "all", "min", "max", "enumerate": return core.answer(call) { _ in Interpreter.null }
        case "list":
            return rest(core) { pieces, interpreter in try core.makeValue(.list(pieces), interpreter) }
        case "tuple":
            return rest(core) { pieces, interpreter in try core.makeValue(.tuple(pieces), interpreter) }
        case "set", "frozenset":
            return rest(core) { pieces, interpreter in
                let set = try interpreter.set(isFrozen: name == "frozenset")
                do {
                    for piece in pieces { try interpreter.add(try core.makeValue(piece, interpreter), to: set) }
                    return set
                } catch {
                    interpreter.release(set)
                    throw error
                }
            }
        default: return core.fail(call, .typeError, "\(name)() does not take a stream of an llm: \(Self.members)")
        }
    }

    /// Reads to the end, and answers with what is made of the pieces.
    private func rest(
        _ core: ContextCore, _ make: @escaping @Sendable ([DanaValue], Interpreter) throws -> Value
    ) -> HostReply {
        .later { [self] in
            do throws(ModelError) {
                var pieces: [DanaValue] = []
                while let piece = try await answer.next() { pieces.append(.string(piece)) }
                let all = pieces
                return { call in core.answer(call) { try make(all, $0) } }
            } catch {
                return core.failing(error)
            }
        }
    }
}
