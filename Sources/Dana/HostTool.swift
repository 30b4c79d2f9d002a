import DanaData
import DanaModels

/// A function of the host's as a model may call it.
public struct HostTool: Sendable {
    /// What the function is called with; the last ones have the names.
    public struct Arguments: Sendable {
        public var values: [DanaValue]
        public var names: [String]

        public init(values: [DanaValue], names: [String]) {
            self.values = values
            self.names = names
        }
    }

    /// What the model is told.
    public let definition: ToolDefinition
    /// Makes arguments of what the model wrote, the text of a JSON object.
    let arguments: @Sendable (String) throws(DanaFailure) -> Arguments

    public init(
        _ definition: ToolDefinition, arguments: @escaping @Sendable (String) throws(DanaFailure) -> Arguments
    ) {
        self.definition = definition
        self.arguments = arguments
    }

    /// The arguments that a model wrote, the text of a JSON object.
    public static func object(writtenAs text: String) throws(DanaFailure) -> Tape {
        let fault: String
        do throws(JSONReadError) {
            let tape = try JSONReader.read(text)
            if tape.root.pairs != nil { return tape }
            fault = "this is none"
        } catch {
            fault = error.description
        }
        throw DanaFailure(
            .raised(.valueError), kind: "ValueError", "expected an object of arguments in JSON: \(fault)")
    }
}
