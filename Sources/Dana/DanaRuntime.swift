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

    /// Makes a context for the length of `body` and closes it whatever happens.
    public nonisolated func withContext<Result: Sendable>(
        _ settings: ContextSettings = ContextSettings(), _ body: @Sendable (DanaContext) async throws -> Result
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

    /// Offers a function to the programs of contexts made from here on.
    public nonisolated func register(
        _ name: String, namespace: String? = nil, overwrite: Bool = false,
        _ function: @escaping @Sendable ([DanaValue], [String: DanaValue]) async throws -> DanaValue
    ) throws {
        try core.functions.register(
            name, namespace: namespace, origin: "Swift", overwrite: overwrite, SwiftFunction(name, function))
    }

    /// What happens in this runtime from now on.
    public nonisolated var events: AsyncStream<AuditEvent> { core.audit.events() }

    /// Closes every context and makes no more.
    public func close() async {
        let open = core.openContexts
        core.close()
        for context in open { await context.close() }
    }
}
