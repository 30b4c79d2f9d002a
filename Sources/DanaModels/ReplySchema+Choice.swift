import DanaData

extension ReplySchema {
    /// Whether the answer is one of a few: a choice, or yes or no.
    var isChoice: Bool {
        let answer = isWrapped ? schema.root["properties"]?[Self.field] : schema.root
        guard let answer else { return false }
        return Self.isChoice(answer) || answer["anyOf"]?.array?.allSatisfy(Self.isChoice) ?? false
    }

    private static func isChoice(_ schema: TapeValue) -> Bool {
        schema["enum"] != nil || schema["const"] != nil || ["boolean", "null"].contains(schema["type"]?.string)
    }
}
