/// Names that annotations use and that mean nothing elsewhere, unless a program gives them a meaning.
enum TypeWord: String, CaseIterable {
    case any, object, callable
    case anyType = "Any"
    case callableType = "Callable"
    case iterable = "Iterable"
    case iterator = "Iterator"
    case generator = "Generator"
    case sequence = "Sequence"
    case mapping = "Mapping"
    case optional = "Optional"
    case union = "Union"
    case list = "List"
    case dict = "Dict"
    case tuple = "Tuple"
    case set = "Set"
    case frozenSet = "FrozenSet"

    /// The decorator of functions that check their annotations at every call.
    static let strict = "strict"

    var isUnion: Bool { self == .optional || self == .union }

    /// The built-in type it is another name of; nil where everything goes.
    var container: String? {
        switch self {
        case .list, .dict, .tuple, .set: rawValue.lowercased()
        case .frozenSet: "frozenset"
        default: nil
        }
    }

    /// How many types a type of the language takes in brackets; nil where that is open, or the name is none of those.
    static func typeCount(of name: String) -> Int? {
        switch name {
        case "int", "float", "str", "bool", "bytes", "range": 0
        case "list", "set", "frozenset", "List", "Set", "FrozenSet", "Optional", "Iterable", "Iterator", "Sequence": 1
        case "dict", "Dict", "Mapping": 2
        default: nil
        }
    }

    /// Whether a name that nothing defines may stand in an annotation or as a decorator.
    static func isKnown(_ name: String) -> Bool { name == strict || TypeWord(rawValue: name) != nil }
}

/// What `checkType` checks, which decides what its error says.
enum CheckedPlace: UInt8 {
    case variable, argument, result
    /// A result of which a host may be told the type; nothing is checked.
    case told
}
