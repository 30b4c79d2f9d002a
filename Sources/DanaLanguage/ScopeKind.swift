/// The scopes a program names with a prefix besides `local:`.
public enum ScopeKind: UInt8, CaseIterable, Sendable {
    /// The interpreter's own variables, seen by all its modules.
    case `private`
    /// Variables the host shares by its own rule.
    case `public`
    /// Variables the host gives, which a program changes only when that was granted.
    case system

    public var name: String {
        switch self {
        case .private: "private"
        case .public: "public"
        case .system: "system"
        }
    }
}
