/// A line that a program logged.
public struct ContextLog: Sendable {
    public let level: String
    public let text: String
    public let context: UInt64
    /// Where in Dana, as `file:line`.
    public let place: String?
    /// The function of Dana's that logged it; `<module>` for the lines of a module.
    public let function: String?
}
