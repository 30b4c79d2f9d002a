import DanaData

/// A tool offered to a model.
public struct ToolDefinition: Sendable, Hashable {
    public var name: String
    public var description: String
    /// The JSON Schema of the arguments, an object.
    public var parameters: Tape

    public init(name: String, description: String, parameters: Tape) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}
