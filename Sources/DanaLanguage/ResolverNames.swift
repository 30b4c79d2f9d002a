/// The names that a program finds without setting them.
public struct ResolverNames: Sendable {
    /// Built-ins and what the host offers.
    public let known: Set<String>
    /// Names that are refused when they are read, with what to use instead.
    public let blocked: [String: String]

    public init(known: Set<String>, blocked: [String: String] = [:]) {
        self.known = known
        self.blocked = blocked
    }
}
