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

    /// Converts a part of something; a failure says which part.
    static func converting<Part>(_ step: @autoclosure () -> String, _ convert: () throws -> Part) throws -> Part {
        do {
            return try convert()
        } catch let failure as DanaFailure {
            throw failure.at(step())
        }
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

extension DanaConvertible where Self: FixedWidthInteger {
    public static var danaTypeName: String { "int" }
    public init(_ value: DanaValue) throws {
        guard case .int(let integer) = value else { throw DanaFailure.mismatch("int", value) }
        guard let exact = Self(exactly: integer) else {
            throw DanaFailure.usage("TypeConversionError", "\(integer) does not fit into \(Self.self)")
        }
        self = exact
    }
    public var danaValue: DanaValue {
        if let integer = Int(exactly: self) { return .int(integer) }
        // Every type that there is goes into 64 bits, and only unsigned ones beyond those of Int.
        return .bigInt(isNegative: false, words: [UInt64(truncatingIfNeeded: self)])
    }
}

extension Int64: DanaConvertible {}
extension Int32: DanaConvertible {}
extension UInt8: DanaConvertible {}
extension UInt32: DanaConvertible {}

extension Float: DanaConvertible {
    public static var danaTypeName: String { "float" }
    public init(_ value: DanaValue) throws { self = Float(try Double(value)) }
    public var danaValue: DanaValue { .float(Double(self)) }
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
    public static var danaTypeName: String {
        Element.self == UInt8.self ? "bytes" : "list of \(Element.danaTypeName)"
    }
    /// Bytes are an array of `UInt8`.
    public init(_ value: DanaValue) throws {
        switch value {
        case .bytes(let bytes):
            guard Element.self == UInt8.self, let bytes = bytes as? [Element] else {
                throw DanaFailure.mismatch(Self.danaTypeName, value)
            }
            self = bytes
        case .list(let items), .tuple(let items), .set(let items):
            self = try items.enumerated().map { index, item in
                try DanaFailure.converting("[\(index)]") { try Element(item) }
            }
        default: throw DanaFailure.mismatch(Self.danaTypeName, value)
        }
    }
    public var danaValue: DanaValue {
        if Element.self == UInt8.self, let bytes = self as? [UInt8] { return .bytes(bytes) }
        return .list(map(\.danaValue))
    }
}

extension Set: DanaConvertible where Element: DanaConvertible {
    public static var danaTypeName: String { "set of \(Element.danaTypeName)" }
    public init(_ value: DanaValue) throws {
        switch value {
        case .list, .tuple, .set: self = Set(try [Element](value))
        default: throw DanaFailure.mismatch(Self.danaTypeName, value)
        }
    }
    public var danaValue: DanaValue { .set(map(\.danaValue)) }
}

extension Dictionary: DanaConvertible where Key: DanaConvertible, Value: DanaConvertible {
    public static var danaTypeName: String { "dict from \(Key.danaTypeName) to \(Value.danaTypeName)" }
    public init(_ value: DanaValue) throws {
        guard case .dict(let pairs) = value else { throw DanaFailure.mismatch(Self.danaTypeName, value) }
        self.init(minimumCapacity: pairs.count)
        for pair in pairs {
            let key = try DanaFailure.converting("key \(pair.key)") { try Key(pair.key) }
            self[key] = try DanaFailure.converting("[\(pair.key)]") { try Value(pair.value) }
        }
    }
    public var danaValue: DanaValue { .dict(map { ($0.key.danaValue, $0.value.danaValue) }) }
}

/// An enum with raw values conforms by naming the protocol: `enum Mood: String, DanaConvertible`.
extension DanaConvertible where Self: RawRepresentable, RawValue: DanaConvertible {
    public static var danaTypeName: String { "\(Self.self)" }
    public init(_ value: DanaValue) throws {
        guard let made = Self(rawValue: try RawValue(value)) else {
            throw DanaFailure.usage("TypeConversionError", "\(value) is no \(Self.self)")
        }
        self = made
    }
    public var danaValue: DanaValue { rawValue.danaValue }
}

extension DanaFunction: DanaConvertible {
    public static var danaTypeName: String { "function" }
    public init(_ value: DanaValue) throws {
        guard case .function(let function) = value else { throw DanaFailure.mismatch("function", value) }
        self = function
    }
    public var danaValue: DanaValue { .function(self) }
}

extension DanaObject: DanaConvertible {
    public static var danaTypeName: String { "object" }
    public init(_ value: DanaValue) throws {
        guard case .object(let object) = value else { throw DanaFailure.mismatch("object", value) }
        self = object
    }
    public var danaValue: DanaValue { .object(self) }
}
