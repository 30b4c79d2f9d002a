import DanaLanguage

/// A module that has been run, held from outside its context.
public struct DanaModule: Sendable {
    public let reference: ValueReference
    public let name: String

    public init(_ reference: ValueReference, name: String) {
        self.reference = reference
        self.name = name
    }

    /// The names that it gives to others.
    public var names: [String] {
        get throws { try reference.core.locked { $0.publicNames(ofModule: reference.value) } }
    }

    /// One of its variables.
    public func get<Result: DanaConvertible>(_ name: String, as: Result.Type = Result.self) throws -> Result {
        let core = reference.core
        let value = try core.locked { interpreter -> DanaValue in
            guard let value = try interpreter.variable(name, ofModule: reference.value) else {
                throw DanaFailure.usage("AttributeError", "module '\(self.name)' has no attribute '\(name)'")
            }
            if let reason = try interpreter.refusal(of: name, value, ofModule: reference.value) {
                throw DanaFailure.usage("AttributeError", reason)
            }
            interpreter.retain(value)
            return try core.takeOut(value, interpreter)
        }
        return try Result(value)
    }

    /// One of its functions.
    public func function(_ name: String) throws -> DanaFunction {
        guard case .function(let function) = try get(name, as: DanaValue.self) else {
            throw DanaFailure.usage("TypeError", "'\(self.name).\(name)' is not a function")
        }
        return function
    }

    /// Calls one of its functions.
    public func call<Result: DanaConvertible>(
        _ name: String, _ arguments: any DanaConvertible...,
        keywords: KeyValuePairs<String, any DanaConvertible> = [:], as: Result.Type = Result.self
    ) async throws -> Result {
        try await function(name).call(arguments, keywords: keywords)
    }
}
