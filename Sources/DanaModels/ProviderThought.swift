import DanaData

/// What providers of chat completions add to a message, or to a call in it, of what the model thought, and want back as it
/// came when the conversation goes on: Gemini's signatures, DeepSeek's and OpenRouter's reasoning.
enum ProviderThought {
    private static let fields = ["reasoning_content", "reasoning_details", "extra_content"]

    /// Those of a message or a call, each as an object of one field.
    static func found(in value: TapeValue) -> [Tape] {
        fields.compactMap { name in
            guard let thought = value[name], !thought.isNull else { return nil }
            var builder = TapeBuilder()
            builder.object { $0.field(name, thought) }
            return builder.finish()
        }
    }

    /// As fields of a message or a call; those of other protocols are left out.
    static func append(_ thoughts: [Tape], to json: inout TapeBuilder) {
        for thought in thoughts {
            for name in fields { if let value = thought.root[name] { json.field(name, value) } }
        }
    }
}
