import DanaLanguage

/// A Dana value outside its context: plain data copied, everything else held by its context and named here.
public enum DanaValue: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    /// Beyond the range of `Int`: the magnitude's words, least significant first.
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
