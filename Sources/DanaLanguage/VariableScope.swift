/// The four scopes a variable can be named in with a colon, as in `private:x`.
public enum VariableScope: UInt8, Sendable, CaseIterable {
    case local
    case `private`
    case `public`
    case system

    public var word: String {
        switch self {
        case .local: "local"
        case .private: "private"
        case .public: "public"
        case .system: "system"
        }
    }
}
