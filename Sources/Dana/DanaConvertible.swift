import DanaLanguage

/// A Swift type that Dana values are turned into and made from.
public protocol DanaConvertible: Sendable {
    /// What a person would call the type, for messages.
    static var danaTypeName: String { get }
    init(_ value: DanaValue) throws
    var danaValue: DanaValue { get }
}

extension DanaFailure {
    static func mismatch(_ expected: String, _ value: DanaValue) -> DanaFailure {
        .usage("TypeConversionError", "expected \(expected), got \(value.typeName)")
    }
}

extension DanaValue: DanaConvertible {
    public static var danaTypeName: String { "any value" }
    public init(_ value: DanaValue) { self = value }
    public var danaValue: DanaValue { self }

    /// The type's name as programs see it.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .int, .bigInt: "int"
        case .float: "float"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .tuple: "tuple"
        case .dict: "dict"
        case .set: "set"
        case .object(let object): object.typeName
        case .function: "function"
        case .module: "module"
        case .host: "object"
        }
    }
}

extension Bool: DanaConvertible {
    public static var danaTypeName: String { "bool" }
    public init(_ value: DanaValue) throws {
        guard case .bool(let flag) = value else { throw DanaFailure.mismatch("bool", value) }
        self = flag
    }
    public var danaValue: DanaValue { .bool(self) }
}

extension Int: DanaConvertible {
    public static var danaTypeName: String { "int" }
    public init(_ value: DanaValue) throws {
        guard case .int(let integer) = value else { throw DanaFailure.mismatch("int", value) }
        self = integer
    }
    public var danaValue: DanaValue { .int(self) }
}

extension Double: DanaConvertible {
    public static var danaTypeName: String { "float" }
    /// An integer is a float, too.
    public init(_ value: DanaValue) throws {
        switch value {
        case .float(let float): self = float
        case .int(let integer): self = Double(integer)
        default: throw DanaFailure.mismatch("float", value)
        }
    }
    public var danaValue: DanaValue { .float(self) }
}

extension String: DanaConvertible {
    public static var danaTypeName: String { "string" }
    public init(_ value: DanaValue) throws {
        guard case .string(let text) = value else { throw DanaFailure.mismatch("string", value) }
        self = text
    }
    public var danaValue: DanaValue { .string(self) }
}

extension Optional: DanaConvertible where Wrapped: DanaConvertible {
    public static var danaTypeName: String { "\(Wrapped.danaTypeName) or null" }
    public init(_ value: DanaValue) throws {
        if case .null = value { self = nil } else { self = try Wrapped(value) }
    }
    public var danaValue: DanaValue { self?.danaValue ?? .null }
}

extension Array: DanaConvertible where Element: DanaConvertible {
    public static var danaTypeName: String { "list of \(Element.danaTypeName)" }
    public init(_ value: DanaValue) throws {
        switch value {
        case .list(let items), .tuple(let items), .set(let items): self = try items.map { try Element($0) }
        default: throw DanaFailure.mismatch(Self.danaTypeName, value)
        }
    }
    public var danaValue: DanaValue { .list(map(\.danaValue)) }
}

extension Dictionary: DanaConvertible where Key: DanaConvertible, Value: DanaConvertible {
    public static var danaTypeName: String { "dict from \(Key.danaTypeName) to \(Value.danaTypeName)" }
    public init(_ value: DanaValue) throws {
        guard case .dict(let pairs) = value else { throw DanaFailure.mismatch(Self.danaTypeName, value) }
        self.init(minimumCapacity: pairs.count)
        for pair in pairs { self[try Key(pair.key)] = try Value(pair.value) }
    }
    public var danaValue: DanaValue { .dict(map { ($0.key.danaValue, $0.value.danaValue) }) }
}
