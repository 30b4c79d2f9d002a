import DanaLanguage

/// How a context is made. Everything has a default; nothing is granted by default.
public struct ContextSettings: Sendable {
    public var capabilities: Capabilities = []
    public var limits = Limits()
    /// Folders in which imports look, in order.
    public var searchPath: [String] = []
    /// Nanoseconds that the context may live; nil for no end.
    public var timeout: UInt64?
    /// What random numbers and the order of hashes begin with; nil for another at each time.
    public var seed: UInt64?
    /// The time that programs see, in seconds since 1970; nil for the real one.
    public var fixedTime: Double?
    /// Which scopes pass to a function of the host's that takes the context.
    public var passing = ScopePolicy()
    /// Lets an import that brings names into the global scope replace functions that another brought.
    public var mayOverwriteImports = false
    /// The files of an administrator's policy that allow no more, by what they bound: a limit or a capability.
    public var bounds: [String: String] = [:]
    /// How its maker is told to grant a capability, with the name in the place of `{}`.
    public var grantAdvice = "create_context(allowed_capabilities=['{}'])"
    /// Where `print` writes.
    public var output: @Sendable ([UInt8]) -> Void = { bytes in StandardOutput.write(bytes) }
    /// Is told when the context has ended and nothing more is written.
    public var outputEnded: (@Sendable () -> Void)?

    /// Where `log` goes.
    public var log: @Sendable (ContextLog) -> Void = { line in
        StandardOutput.write(Array("\(line.level): \(line.text)\n".utf8), to: .error)
    }
    /// How long waits are waited.
    public var sleep: @Sendable (_ nanoseconds: UInt64) async throws -> Void = { try await Task.sleep(nanoseconds: $0) }

    /// Interrupts functions of the host's on which a program of a context waits that is to stop; cancelled when its turn
    /// is over.
    public var interrupt: @Sendable (ContextCore) async -> Void = { _ in }

    /// Where the context does what is nobody's task in particular; nil for Swift's own place.
    public var executor: (any TaskExecutor)?

    public init(
        capabilities: Capabilities = [], limits: Limits = Limits(), searchPath: [String] = [], timeout: UInt64? = nil
    ) {
        self.capabilities = capabilities
        self.limits = limits
        self.searchPath = searchPath
        self.timeout = timeout
    }

    /// What the error says when something needs a capability that was not granted.
    func capabilityMessage(_ what: String, _ capability: String) -> String {
        let name = capability.prefix { $0 != ":" }
        let advice =
            bounds[String(name)].map { "the policy in \($0) does not allow it" }
            ?? grantAdvice.replacing("{}", with: capability)
        return "\(what) needs the capability '\(capability)', which this context was not granted: \(advice)"
    }

    /// Why a context can have no more of something limited; nil where its maker may say so.
    func reason(for limit: LimitKind) -> String? {
        bounds["\(limit)"].map { "the policy in \($0) allows no more" }
    }
}
