/// A type that a program declares, taken apart: what a JSON Schema can say of it and data can become.
indirect enum DeclaredType {
    case anything
    case null, bool, int, float, string
    case list(DeclaredType)
    case set(DeclaredType, isFrozen: Bool)
    /// A tuple of so many items.
    case tuple([DeclaredType])
    /// A tuple of any number of items.
    case row(DeclaredType)
    case dict(key: DeclaredType, value: DeclaredType)
    case union([DeclaredType])
    case structure(StructTypeObject)
    case enumeration(EnumTypeObject)
    /// What no data stands for: a function, an interface, a type of the host's.
    case other(Value, name: String)

    /// As errors call it.
    var name: String {
        switch self {
        case .anything: "Any"
        case .null: "None"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "str"
        case .list(let item): "list[\(item.name)]"
        case .set(let item, let isFrozen): "\(isFrozen ? "frozenset" : "set")[\(item.name)]"
        case .tuple(let items): "tuple[\(items.map(\.name).joined(separator: ", "))]"
        case .row(let item): "tuple[\(item.name), ...]"
        case .dict(let key, let value): "dict[\(key.name), \(value.name)]"
        case .union(let parts): parts.map(\.name).joined(separator: " | ")
        case .structure(let type): StringObject(known: type.at.pointee.name).text
        case .enumeration(let type): StringObject(known: type.at.pointee.name).text
        case .other(_, let name): name
        }
    }

    /// The types of which it consists directly.
    var parts: [DeclaredType] {
        switch self {
        case .list(let item), .set(let item, _), .row(let item): [item]
        case .tuple(let items), .union(let items): items
        case .dict(let key, let value): [key, value]
        default: []
        }
    }

    /// The type of a list's items where lists are of this type; of several the union.
    var listItem: DeclaredType? {
        switch self {
        case .anything: return .anything
        case .list(let item): return item
        case .union(let parts):
            let items = parts.compactMap(\.listItem)
            return items.count > 1 ? .union(items) : items.first
        default: return nil
        }
    }

    /// The structs that it names, one entry for each mention; not those that these name.
    var structures: [StructTypeObject] {
        if case .structure(let type) = self { return [type] }
        return parts.flatMap(\.structures)
    }

    /// Whether an object's names can stand for its values.
    var isKey: Bool {
        switch self {
        case .anything, .string, .int, .enumeration: true
        default: false
        }
    }
}
