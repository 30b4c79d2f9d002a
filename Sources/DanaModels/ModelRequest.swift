import DanaData
import DanaHTTP

/// What a model is asked. What is nil or empty is left to the provider.
public struct ModelRequest: Sendable, Hashable {
    public var messages: [ChatMessage]
    /// Instructions that stand before the messages.
    public var system: String?
    public var tools: [ToolDefinition] = []
    public var toolChoice = ToolChoice.automatic
    public var schema: ReplySchema?
    /// The form that the answer must have where the instructions ask for it, and no schema does.
    var toldSchema: ReplySchema?
    public var temperature: Double?
    public var topP: Double?
    public var maxTokens: Int?
    public var seed: Int64?
    public var stop: [String] = []
    public var timeouts = HTTPTimeouts()
    /// Fields of the provider's own, put into the request as they are.
    public var extras: [Extra] = []

    public struct Extra: Sendable, Hashable {
        public var name: String
        public var value: Tape

        public init(name: String, value: Tape) {
            self.name = name
            self.value = value
        }
    }

    public init(_ messages: [ChatMessage], system: String? = nil) {
        self.messages = messages
        self.system = system
    }

    public init(_ prompt: String, system: String? = nil) {
        self.init([.user(prompt)], system: system)
    }

    /// The request when so much of its time has passed.
    func after(_ passed: Duration) -> ModelRequest {
        var request = self
        request.timeouts.total = max(.milliseconds(1), timeouts.total - passed)
        return request
    }

    /// A guess of the tokens of the request: a quarter of its bytes, and a few for each message.
    public var estimatedTokens: Int {
        let texts = messages.reduce((system ?? "").utf8.count) { sum, message in
            sum + message.text.utf8.count + message.toolCalls.reduce(0) { $0 + $1.arguments.utf8.count }
        }
        let tools = tools.reduce(0) { $0 + $1.description.utf8.count + $1.parameters.byteCount }
        return (texts + tools) / 4 + messages.count * 4
    }
}
