/// The tables of a TOML document while it is read, and the rules on what may be said twice.
struct TOMLTree {
    private indirect enum Node {
        /// A value, an inline table among them; nothing can be added to it.
        case value(TOMLValue)
        /// A table; opened by its own header or only mentioned in longer ones.
        case table([String: Node], isOpened: Bool)
        case tables([[String: Node]])
    }

    private var root: [String: Node] = [:]

    func values() -> [String: TOMLValue] { Self.values(root) }

    private static func values(_ nodes: [String: Node]) -> [String: TOMLValue] {
        nodes.mapValues { node in
            switch node {
            case .value(let value): value
            case .table(let nodes, _): .table(values(nodes))
            case .tables(let tables): .array(tables.map { .table(values($0)) })
            }
        }
    }

    // Each answers what is wrong, or nil.

    /// The header `[path]`.
    mutating func openTable(_ path: [String]) -> String? {
        Self.change(&root, path.dropLast()) { nodes in
            let name = path.last ?? ""
            switch nodes[name] {
            case nil: nodes[name] = .table([:], isOpened: true)
            case .table(let inner, isOpened: false): nodes[name] = .table(inner, isOpened: true)
            default: return "\(path.joined(separator: ".")) is defined twice"
            }
            return nil
        }
    }

    /// The header `[[path]]`.
    mutating func appendTable(_ path: [String]) -> String? {
        Self.change(&root, path.dropLast()) { nodes in
            let name = path.last ?? ""
            switch nodes[name] {
            case nil: nodes[name] = .tables([[:]])
            case .tables(let tables): nodes[name] = .tables(tables + [[:]])
            default: return "\(path.joined(separator: ".")) is defined twice"
            }
            return nil
        }
    }

    mutating func set(_ value: TOMLValue, at key: [String], below header: [String]) -> String? {
        Self.change(&root, (header + key.dropLast())[...]) { nodes in
            let name = key.last ?? ""
            guard nodes[name] == nil else { return "\(key.joined(separator: ".")) is defined twice" }
            nodes[name] = .value(value)
            return nil
        }
    }

    /// Changes the table at `path`, making those on the way that are missing.
    private static func change(
        _ nodes: inout [String: Node], _ path: ArraySlice<String>, _ body: (inout [String: Node]) -> String?
    ) -> String? {
        guard let name = path.first else { return body(&nodes) }
        switch nodes[name] ?? .table([:], isOpened: false) {
        case .value: return "\(name) is a value and no table"
        case .table(var inner, let isOpened):
            let problem = change(&inner, path.dropFirst(), body)
            nodes[name] = .table(inner, isOpened: isOpened)
            return problem
        case .tables(var tables):
            var last = tables.popLast() ?? [:]
            let problem = change(&last, path.dropFirst(), body)
            nodes[name] = .tables(tables + [last])
            return problem
        }
    }
}
