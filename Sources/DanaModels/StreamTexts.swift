import DanaData

/// The texts of a streamed answer, each of which comes in pieces that may part a character.
struct StreamTexts {
    private var text = JoinedText()
    private var reasoning = JoinedText()
    private var arguments: [Int: JoinedText] = [:]

    mutating func text(_ piece: TapeValue?) -> [ModelChunk] {
        guard let said = piece.map({ text.add($0) }), !said.isEmpty else { return [] }
        return [.text(said)]
    }

    mutating func reasoning(_ piece: TapeValue?) -> [ModelChunk] {
        guard let said = piece.map({ reasoning.add($0) }), !said.isEmpty else { return [] }
        return [.reasoning(said)]
    }

    /// The arguments may be JSON as a text, or a value.
    mutating func call(_ index: Int, id: String?, name: String?, arguments piece: TapeValue?) -> ModelChunk {
        let written =
            if let piece, piece.text != nil { arguments[index, default: JoinedText()].add(piece) } else {
                piece?.writtenJSON ?? ""
            }
        return .toolCall(index: index, id: id, name: name, arguments: written)
    }

    /// What stands for halves of characters whose other ones did not come; at the end.
    mutating func rest() -> [ModelChunk] {
        var chunks: [ModelChunk] = []
        let (thought, said) = (reasoning.rest(), text.rest())
        if !thought.isEmpty { chunks.append(.reasoning(thought)) }
        if !said.isEmpty { chunks.append(.text(said)) }
        for index in arguments.keys.sorted() {
            let written = arguments[index]?.rest() ?? ""
            if !written.isEmpty {
                chunks.append(.toolCall(index: index, id: nil, name: nil, arguments: written))
            }
        }
        arguments = [:]
        return chunks
    }
}
