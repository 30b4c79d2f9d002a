/// What a context may do. Nothing is granted that is not named.
public struct Capabilities: Sendable, Equatable, ExpressibleByArrayLiteral {
    public private(set) var granted: Set<Capability>

    public init(_ granted: Set<Capability> = []) { self.granted = granted }

    public init(arrayLiteral elements: Capability...) { granted = Set(elements) }

    public init(parsing texts: some Sequence<String>) throws(DanaFailure) {
        granted = []
        for text in texts { granted.insert(try Capability(parsing: text)) }
    }

    public mutating func grant(_ capability: Capability) { granted.insert(capability) }

    /// Whether something is granted everywhere.
    public func allows(_ name: Capability.Name) -> Bool { granted.contains(Capability(name)) }

    /// Whether something is granted everywhere or somewhere.
    public func allowsAny(_ name: Capability.Name) -> Bool { granted.contains { $0.name == name } }

    /// The places to which a capability is granted; nil when it is granted everywhere.
    public func scopes(of name: Capability.Name) -> [String]? {
        if allows(name) { return nil }
        return granted.filter { $0.name == name }.compactMap(\.scope).sorted()
    }
}
