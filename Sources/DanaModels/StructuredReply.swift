import DanaData

/// An answer that has the form of a schema.
public struct StructuredReply: Sendable {
    public let value: Tape
    /// The answer as the model gave it; its usage counts the repair too.
    public let reply: ModelReply

    public init(value: Tape, reply: ModelReply) {
        self.value = value
        self.reply = reply
    }
}
