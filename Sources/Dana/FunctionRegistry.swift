import DanaLanguage
import Synchronization

/// The functions that a host offers to programs, by namespace and name.
public final class FunctionRegistry: Sendable {
    /// One function and what is known of it.
    public struct Entry: Sendable {
        public let name: String
        public let namespace: String?
        /// Where it comes from, for messages: a file and line, or the host's word.
        public let origin: String
        public let takesContext: Bool
        public let policy: ScopePolicy
        public let function: any HostFunction

        public var qualifiedName: String { namespace.map { "\($0).\(name)" } ?? name }
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let changes = Atomic<Int>(emptyVersion)

    /// The version of a registry that never had a function.
    static let emptyVersion = 0

    /// Changes with every registration and removal.
    var version: Int { changes.load(ordering: .acquiring) }

    /// Registers a function. In one namespace a name stands for one function, unless overwriting is asked for.
    public func register(
        _ name: String, namespace: String? = nil, origin: String, takesContext: Bool = false,
        policy: ScopePolicy = ScopePolicy(), overwrite: Bool = false, _ function: any HostFunction
    ) throws(DanaFailure) {
        let entry = Entry(
            name: name, namespace: namespace, origin: origin, takesContext: takesContext, policy: policy,
            function: function)
        let known = entries.withLock { entries -> Entry? in
            if !overwrite, let known = entries[entry.qualifiedName] { return known }
            entries[entry.qualifiedName] = entry
            changes.add(1, ordering: .releasing)
            return nil
        }
        guard let known else { return }
        let place = namespace.map { "namespace '\($0)'" } ?? "the global namespace"
        throw .usage(
            "FunctionCollisionError",
            "'\(name)' of \(origin) would replace '\(name)' of \(known.origin) in \(place): "
                + "give it a namespace, or register it with overwrite")
    }

    /// Takes a function back: a program that calls it from now on has an error.
    public func remove(_ name: String, namespace: String? = nil) {
        entries.withLock { entries in
            guard entries.removeValue(forKey: namespace.map { "\($0).\(name)" } ?? name) != nil else { return }
            changes.add(1, ordering: .releasing)
        }
    }

    /// The function of a name; `namespace.name` and the namespace apart mean the same.
    public func resolve(_ name: String, namespace: String? = nil) -> Entry? {
        entries.withLock { $0[namespace.map { "\($0).\(name)" } ?? name] }
    }

    public var list: [Entry] {
        entries.withLock { $0.values.sorted { $0.qualifiedName < $1.qualifiedName } }
    }
}
