import DanaLanguage
import DanaModels

/// Makes contexts and keeps what they share: compiled programs, the host's functions, audit events. Nothing is shared
/// between two runtimes.
public actor DanaRuntime {
    public nonisolated let core: RuntimeCore
    public init(core: RuntimeCore = RuntimeCore()) { self.core = core }

    /// The language models that programs and the host may ask, by their names.
    public nonisolated var models: ModelHub { core.models }

    /// Makes a context, which the caller closes.
    public func createContext(_ settings: ContextSettings = ContextSettings()) throws -> DanaContext {
        try core.makeContext(settings) { DanaContext(core: $0) }
    }

    /// A context that goes on where a saved one stood, for its `goOn()`; the caller closes it.
    public func resume(
        _ bytes: [UInt8], key: SealKey, _ settings: ContextSettings = ContextSettings()
    ) throws -> DanaContext {
        try core.restoreContext(bytes, key: key, settings) { DanaContext(core: $0) }
    }

    /// Makes a context for the length of `body` and closes it whatever happens.
    public nonisolated(nonsending) func withContext<Result>(
        _ settings: ContextSettings = ContextSettings(),
        _ body: nonisolated(nonsending) (DanaContext) async throws -> Result
    ) async throws -> Result {
        let context = try await createContext(settings)
        do {
            let result = try await body(context)
            await context.close()
            return result
        } catch {
            await context.close()
            throw error
        }
    }

    /// Offers a function to the programs of contexts: it gets the arguments as they come.
    public nonisolated func register(
        _ name: String, namespace: String? = nil, overwrite: Bool = false,
        _ function: @escaping @Sendable ([DanaValue], [String: DanaValue]) async throws -> DanaValue
    ) throws {
        for part in [name] + (namespace?.split(separator: ".", omittingEmptySubsequences: false).map(String.init) ?? [])
        where !Self.isIdentifier(part) {
            throw DanaFailure.usage("ValueError", "'\(part)' is no name that a program could write")
        }
        try core.functions.register(
            name, namespace: namespace, origin: "Swift", overwrite: overwrite, SwiftFunction(name, function))
    }

    /// Offers a function whose parameters have types, `parameters` being the names by which they may be passed, too. A call
    /// that does not fit is a `TypeError` of the program's.
    public nonisolated func register<each Argument: DanaConvertible, Result: DanaConvertible>(
        _ name: String, parameters: [String], namespace: String? = nil, overwrite: Bool = false,
        _ function: @escaping @Sendable (repeat each Argument) async throws -> Result
    ) throws {
        try register(name, namespace: namespace, overwrite: overwrite) { positional, keywords in
            var given = TypedArguments(name, parameters, positional, keywords)
            let arguments = (repeat try given.take((each Argument).self))
            try given.end()
            return try await function(repeat each arguments).danaValue
        }
    }

    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first == "_" || first.properties.isXIDStart else { return false }
        return text.unicodeScalars.allSatisfy { $0.properties.isXIDContinue }
    }

    /// Takes a value out of logs, errors, audit events and prompts; one of fewer than six bytes stays, as it would be found
    /// in other words.
    public nonisolated func addSecret(_ value: String) { core.filter.add(secret: value) }

    /// Takes what matches a regular expression out of logs, errors, audit events and prompts.
    public nonisolated func addSecretPattern(_ pattern: String) throws(DanaFailure) {
        try core.filter.add(pattern: pattern)
    }

    /// What happens in this runtime from now on, until it is closed. Of events that are not taken in time the newest 4,096
    /// are kept, and one of the kind `lost` counts the others.
    public nonisolated var events: AsyncStream<AuditEvent> { core.audit.events() }

    /// Closes every context and the models, and makes no more.
    public func close() async {
        let open = core.openContexts
        core.close()
        for context in open { await context.close() }
        await core.models.close(within: .zero)
    }
}
