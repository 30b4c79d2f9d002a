/// Something with attributes, held from outside its context: an instance of a struct, an enum's member, an iterator.
public struct DanaObject: Sendable {
    public let reference: ValueReference
    public let typeName: String

    public init(_ reference: ValueReference, typeName: String) {
        self.reference = reference
        self.typeName = typeName
    }

    /// An attribute: a field's value, or a method.
    public func get<Result: DanaConvertible>(_ name: String, as: Result.Type = Result.self) async throws -> Result {
        let core = reference.core
        return try await core.withTurn { _ in
            try Result(
                try core.locked { interpreter in
                    let value = try interpreter.attribute(name, of: reference.value)
                    return try core.takeOut(value, interpreter)
                })
        }
    }

    /// Sets a field.
    public func set(_ name: String, to value: some DanaConvertible) async throws {
        let core = reference.core
        try await core.withTurn { _ in
            try core.locked { interpreter in
                let made = try core.makeValue(value.danaValue, interpreter)
                defer { interpreter.release(made) }
                try interpreter.setAttribute(name, of: reference.value, to: made)
            }
        }
    }

    /// Calls a method.
    public func call<Result: DanaConvertible>(
        _ method: String, _ arguments: any DanaConvertible..., as: Result.Type = Result.self
    ) async throws -> Result {
        guard case .function(let function) = try await get(method, as: DanaValue.self) else {
            throw DanaFailure.usage("TypeError", "'\(typeName).\(method)' is not a method")
        }
        return try await function.call(arguments)
    }

    /// What an iterator gives, one after the other; the program goes on only as far as it is asked.
    public var values: DanaIteration { DanaIteration(reference) }
}
