import DanaLanguage

/// Keeps a value of a context alive from outside; may be kept, sent and dropped on any thread.
public final class ValueReference: @unchecked Sendable {
    // Safe because the value is only handed to the core, which touches it under its lock.
    public let value: Value
    public let core: ContextCore

    /// Takes the reference over.
    public init(owning value: Value, in core: ContextCore) {
        self.value = value
        self.core = core
        core.keep(value)
    }

    deinit { core.drop(value) }
}
