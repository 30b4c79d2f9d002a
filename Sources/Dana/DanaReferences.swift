import DanaLanguage

/// A Dana function, held from outside its context.
@dynamicCallable
public struct DanaFunction: Sendable {
    public let reference: ValueReference
    public let signature: CallableSignature?

    public init(_ reference: ValueReference, _ signature: CallableSignature?) {
        self.reference = reference
        self.signature = signature
    }

    /// Calls it.
    public func call<Result: DanaConvertible>(
        _ arguments: [any DanaConvertible] = [], keywords: KeyValuePairs<String, any DanaConvertible> = [:],
        as: Result.Type = Result.self
    ) async throws -> Result {
        let values = arguments.map(\.danaValue) + keywords.map(\.value.danaValue)
        return try Result(try await reference.core.call(reference.value, values, keywords: keywords.map(\.key)))
    }

    public func dynamicallyCall<Result: DanaConvertible>(
        withKeywordArguments arguments: KeyValuePairs<String, any DanaConvertible>
    ) async throws -> Result {
        let named = arguments.filter { !$0.key.isEmpty }
        let values = arguments.filter { $0.key.isEmpty } + named
        let result = try await reference.core.call(
            reference.value, values.map(\.value.danaValue), keywords: named.map(\.key))
        return try Result(result)
    }
}

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
                    return core.takeOut(value, interpreter)
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

/// What a Dana iterator gives, asked for one at a time.
public struct DanaIteration: AsyncSequence, Sendable {
    public typealias Element = DanaValue

    private let reference: ValueReference

    init(_ reference: ValueReference) { self.reference = reference }

    public struct AsyncIterator: AsyncIteratorProtocol {
        let reference: ValueReference
        var isAtEnd = false

        public mutating func next() async throws -> DanaValue? {
            if isAtEnd { return nil }
            do {
                return try await reference.core.next(of: reference.value)
            } catch let failure as DanaFailure where failure.cause == .raised(.stopIteration) {
                isAtEnd = true
                return nil
            }
        }
    }

    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(reference: reference) }
}

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
            interpreter.retain(value)
            return core.takeOut(value, interpreter)
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
