import DanaLanguage

/// A Dana value outside its context: plain data copied, everything else held by its context and named here.
public enum DanaValue: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    /// Beyond 63 bits: the magnitude's words, least significant first.
    case bigInt(isNegative: Bool, words: [UInt64])
    case float(Double)
    case string(String)
    case bytes([UInt8])
    indirect case list([DanaValue])
    indirect case tuple([DanaValue])
    indirect case dict([(key: DanaValue, value: DanaValue)])
    indirect case set([DanaValue])
    /// An instance of a struct, an enum's member, an iterator: something with attributes.
    case object(DanaObject)
    case function(DanaFunction)
    case module(DanaModule)
    /// Something of the host's that went in before.
    case host(any HostObject)
}

extension DanaValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .float(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: DanaValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (DanaValue, DanaValue)...) { self = .dict(elements.map { ($0.0, $0.1) }) }
}

extension DanaValue: Equatable {
    public static func == (left: DanaValue, right: DanaValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.int(let a), .int(let b)): a == b
        case (.bigInt(let a, let x), .bigInt(let b, let y)): a == b && x == y
        case (.float(let a), .float(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.bytes(let a), .bytes(let b)): a == b
        case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)), (.set(let a), .set(let b)): a == b
        case (.dict(let a), .dict(let b)): a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
        case (.object(let a), .object(let b)): a.reference === b.reference
        case (.function(let a), .function(let b)): a.reference === b.reference
        case (.module(let a), .module(let b)): a.reference === b.reference
        case (.host(let a), .host(let b)): a === b
        default: false
        }
    }
}
