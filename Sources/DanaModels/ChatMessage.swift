import DanaData

/// One message of a conversation.
public struct ChatMessage: Sendable, Hashable {
    public enum Role: String, Sendable, Hashable {
        case system
        case user
        case assistant
        /// What a tool answered.
        case tool
    }

    public var role: Role
    public var text: String
    /// What the assistant thought, in its provider's own form, which wants it back with what the tools answer.
    public var thoughts: [Tape] = []
    /// What the assistant asked tools for.
    public var toolCalls: [ToolCall] = []
    /// Which call a tool's message answers.
    public var toolCallID: String?

    public init(_ role: Role, _ text: String) {
        self.role = role
        self.text = text
    }

    public static func system(_ text: String) -> ChatMessage { ChatMessage(.system, text) }
    public static func user(_ text: String) -> ChatMessage { ChatMessage(.user, text) }

    public static func assistant(_ text: String, toolCalls: [ToolCall] = []) -> ChatMessage {
        var message = ChatMessage(.assistant, text)
        message.toolCalls = toolCalls
        return message
    }

    public static func toolResult(_ text: String, for call: ToolCall) -> ChatMessage {
        var message = ChatMessage(.tool, text)
        message.toolCallID = call.id
        return message
    }
}
