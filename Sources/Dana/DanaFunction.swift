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
