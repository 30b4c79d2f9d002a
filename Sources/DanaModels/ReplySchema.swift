import DanaData

/// The form an answer must have.
public struct ReplySchema: Sendable, Hashable {
    /// A name of letters, digits, `_` and `-`; providers want one.
    public var name: String
    /// JSON Schema.
    public var schema: Tape

    public init(name: String = "answer", schema: Tape) {
        self.name = name
        self.schema = schema
    }
}
