import DanaData

/// Holds answers against a schema, and says what to ask when one does not fit.
struct AnswerJudge {
    enum Verdict {
        case fits(Tape)
        /// What is wrong, in words.
        case doesNotFit(String)
    }

    let schema: ReplySchema

    init(_ schema: ReplySchema) { self.schema = schema }

    func judge(_ text: String) -> Verdict {
        let tape: Tape
        do {
            tape = try JSONReader.read(Self.withoutFence(text))
        } catch {
            return .doesNotFit("it is not JSON: \(error)")
        }
        let faults = JSONSchema(schema.schema).faults(in: tape.root)
        guard faults.isEmpty else { return .doesNotFit(faults.map(\.description).joined(separator: "; ")) }
        return .fits(tape)
    }

    /// What a model that keeps to no schemas by itself is told.
    var instruction: String {
        let text = (try? JSONWriter.string(schema.schema.root)) ?? "{}"
        return "Answer with JSON only, of this JSON Schema: \(text)"
    }

    /// The turn that asks for a better answer.
    func repair(_ answer: String, _ fault: String) -> [ChatMessage] {
        [.assistant(answer), .user("This answer does not have the right form: \(fault). \(instruction)")]
    }

    /// Models like to put JSON into a fence of Markdown.
    private static func withoutFence(_ text: String) -> String {
        let lines = text.split { ["\n", "\r\n", "\r"].contains($0) }.filter { $0.contains { !$0.isWhitespace } }
        guard lines.count >= 2, lines[0].hasPrefix("```"), lines[lines.count - 1].hasPrefix("```") else { return text }
        return lines.dropFirst().dropLast().joined(separator: "\n")
    }
}
