import Glibc

/// A right that a context is granted: what, and where it holds.
public struct Capability: Sendable, Hashable, CustomStringConvertible {
    /// What there is to be granted.
    public enum Name: String, Sendable, CaseIterable {
        case fileRead = "file_read"
        case fileWrite = "file_write"
        case network
        case pythonImport = "python_import"
        case languageModel = "llm"
        case environment = "env"
        case clock
        case random
        case systemWrite = "system_write"

        /// Whether it can be granted for some places alone.
        var hasScopes: Bool {
            switch self {
            case .clock, .random, .systemWrite: false
            default: true
            }
        }
    }

    public let name: Name
    /// A folder, a host, a module or a variable's name; nil for all.
    public let scope: String?

    public init(_ name: Name, scope: String? = nil) {
        self.name = name
        self.scope = scope
    }

    /// From text as `file_read` or `file_read:/data`.
    public init(parsing text: String) throws(DanaFailure) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first.flatMap({ Name(rawValue: String($0)) }) else {
            let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
            throw .usage("ValueError", "there is no capability '\(text)'; there are: \(known)")
        }
        if parts.count == 2 && parts[1].isEmpty {
            throw .usage(
                "ValueError", "the capability '\(text)' has an empty scope: leave the colon out to grant it everywhere")
        }
        if name == .network, parts.count == 2, !HTTPAddress.isScope(String(parts[1])) {
            throw .usage(
                "ValueError",
                "the capability '\(text)' names no host, or no port from 1 to 65535: "
                    + "write 'network:example.com' or 'network:example.com:443'")
        }
        if parts.count == 2, !name.hasScopes {
            throw .usage(
                "ValueError", "the capability '\(name.rawValue)' has no scopes: write '\(name.rawValue)' for '\(text)'")
        }
        self.init(name, scope: parts.count == 2 ? String(parts[1]) : nil)
        try checkScope()
    }

    /// Refuses a scope in which nothing could lie, and one that reads as another folder than the system opens.
    private func checkScope() throws(DanaFailure) {
        guard let scope else { return }
        guard !scope.utf8.contains(0) else {
            throw .usage("ValueError", "a scope of the capability '\(name.rawValue)' has a zero byte")
        }
        guard name == .fileRead || name == .fileWrite else { return }
        if PathText.climbsBack(scope) {
            throw .usage(
                "ValueError",
                "the capability '\(self)' has '..' behind a folder, where links may lead elsewhere: write the folder's "
                    + "own path, as os.path.realpath gives it")
        }
        var status = stat()
        if stat(scope, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
            let folder = Capability(name, scope: PathText.parts(of: scope).folder)
            throw .usage("ValueError", "the capability '\(self)' names a file: grant its folder, '\(folder)'")
        }
    }

    public var description: String { scope.map { "\(name.rawValue):\($0)" } ?? name.rawValue }
}
