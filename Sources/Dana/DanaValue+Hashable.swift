/// Values are equal when they are of the same kind and hold the same: sets and dicts in any order, what a context holds
/// only when it is the same reference.
extension DanaValue: Hashable {
    public static func == (left: DanaValue, right: DanaValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.bigInt(let a, let x), .bigInt(let b, let y)): a == b && x == y
        case (.float(let a), .float(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.bytes(let a), .bytes(let b)): a == b
        case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)): a == b
        case (.set(let a), .set(let b)): a.count == b.count && tally(a) == tally(b)
        case (.dict(let a), .dict(let b)): a.count == b.count && tally(a.map(entry)) == tally(b.map(entry))
        case (.object(let a), .object(let b)): a.reference === b.reference
        case (.function(let a), .function(let b)): a.reference === b.reference
        case (.module(let a), .module(let b)): a.reference === b.reference
        case (.host(let a), .host(let b)): a === b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let flag): hasher.combine(flag)
        case .int(let integer): hasher.combine(integer)
        case .bigInt(let isNegative, let words):
            hasher.combine(isNegative)
            hasher.combine(words)
        case .float(let float): hasher.combine(float)
        case .string(let text): hasher.combine(text)
        case .bytes(let bytes): hasher.combine(bytes)
        case .list(let items), .tuple(let items): hasher.combine(items)
        case .set(let items): hasher.combine(DanaValue.hash(ofUnordered: items))
        case .dict(let pairs): hasher.combine(DanaValue.hash(ofUnordered: pairs.map(DanaValue.entry)))
        case .object(let object): hasher.combine(ObjectIdentifier(object.reference))
        case .function(let function): hasher.combine(ObjectIdentifier(function.reference))
        case .module(let module): hasher.combine(ObjectIdentifier(module.reference))
        case .host(let object): hasher.combine(ObjectIdentifier(object))
        }
    }

    private static func entry(_ pair: (key: DanaValue, value: DanaValue)) -> DanaValue {
        .tuple([pair.key, pair.value])
    }

    /// How often each is among the items.
    private static func tally(_ items: [DanaValue]) -> [DanaValue: Int] {
        items.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// The same in any order. Each item is hashed once, or what is nested would take twice as long with each level.
    private static func hash(ofUnordered items: [DanaValue]) -> Int {
        items.reduce(0) { $0 &+ $1.hashValue }
    }
}
