/// Something that happened in a runtime and that its owner may want to know.
public struct AuditEvent: Sendable {
    public enum Kind: String, Sendable {
        case contextCreated = "context_created"
        case contextClosed = "context_closed"
        case registered
        case removed
        case imported
        case called
        case hostCalled = "host_called"
        /// A request was sent over the network.
        case requested
        case contextPassed = "context_passed"
        case denied
        case failed
        case limitReached = "limit_reached"
        case saved
        case resumed
        case redacted
        case modelCalled = "model_called"
        /// Events came faster than whoever awaits them took them; the detail is how many are missing here.
        case lost
    }

    public let kind: Kind
    /// The context's number; 0 for the runtime itself.
    public let context: UInt64
    /// What it is about: a function's, a module's or a capability's name.
    public let subject: String
    public let detail: String
    /// Where in Dana, as `file:line`.
    public let place: String?
    /// The function of Dana's there; `<module>` for the lines of a module.
    public let function: String?
    /// Nanoseconds since the machine started.
    public let time: UInt64
}
