/// Makes values of Swift's types out of plain data, as their `Decodable` says.
///
/// ```swift
/// struct Plan: Decodable { let goal: String; let steps: [String] }
/// let plan = try TapeDecoder.decode(Plan.self, from: tape.root)
/// ```
/// Whole numbers do for `Double`, and doubles without a fraction for integers.
public struct TapeDecoder: Decoder {
    private let value: TapeValue
    public let codingPath: [any CodingKey]
    public let userInfo: [CodingUserInfoKey: Any] = [:]

    private init(_ value: TapeValue, _ codingPath: [any CodingKey]) {
        self.value = value
        self.codingPath = codingPath
    }

    public static func decode<Result: Decodable>(_: Result.Type, from value: TapeValue) throws -> Result {
        try Result(from: TapeDecoder(value, []))
    }

    public func container<Key: CodingKey>(keyedBy: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard value.pairs != nil else { throw mismatch([String: Any].self, "an object") }
        return KeyedDecodingContainer(Keyed<Key>(value: value, codingPath: codingPath))
    }

    public func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let items = value.array else { throw mismatch([Any].self, "a list") }
        return Unkeyed(items: Array(items), codingPath: codingPath)
    }

    public func singleValueContainer() -> any SingleValueDecodingContainer { self }

    private func mismatch(_ type: any Any.Type, _ wanted: String) -> DecodingError {
        .typeMismatch(
            type,
            DecodingError.Context(codingPath: codingPath, debugDescription: "expected \(wanted), got \(value.kind)"))
    }

    // MARK: Objects and lists

    /// The place of something in an object or a list.
    private struct Place: CodingKey {
        let stringValue: String
        let intValue: Int?

        init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
        init(intValue: Int) { (stringValue, self.intValue) = ("\(intValue)", intValue) }
    }

    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let value: TapeValue
        let codingPath: [any CodingKey]

        var allKeys: [Key] { value.pairs.map { $0.compactMap { $0.key.string.flatMap(Key.init(stringValue:)) } } ?? [] }

        func contains(_ key: Key) -> Bool { value[key.stringValue] != nil }

        private func decoder(_ key: any CodingKey) throws -> TapeDecoder {
            guard let found = value[key.stringValue] else {
                throw DecodingError.keyNotFound(
                    key,
                    DecodingError.Context(codingPath: codingPath, debugDescription: "there is no \(key.stringValue)"))
            }
            return TapeDecoder(found, codingPath + [key])
        }

        func decodeNil(forKey key: Key) throws -> Bool { value[key.stringValue]?.isNull ?? true }

        func decode<Result: Decodable>(_: Result.Type, forKey key: Key) throws -> Result {
            try Result(from: try decoder(key))
        }

        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Nested> {
            try decoder(key).container(keyedBy: type)
        }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try decoder(key).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder { try decoder(Place(stringValue: "super")) }
        func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }
    }

    private struct Unkeyed: UnkeyedDecodingContainer {
        let items: [TapeValue]
        let codingPath: [any CodingKey]
        var currentIndex = 0

        init(items: [TapeValue], codingPath: [any CodingKey]) {
            self.items = items
            self.codingPath = codingPath
        }

        var count: Int? { items.count }
        var isAtEnd: Bool { currentIndex >= items.count }

        private mutating func next() throws -> TapeDecoder {
            let path = codingPath + [Place(intValue: currentIndex)]
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    Any.self, DecodingError.Context(codingPath: path, debugDescription: "the list is shorter"))
            }
            defer { currentIndex += 1 }
            return TapeDecoder(items[currentIndex], path)
        }

        mutating func decodeNil() throws -> Bool {
            guard !isAtEnd, items[currentIndex].isNull else { return false }
            currentIndex += 1
            return true
        }

        mutating func decode<Result: Decodable>(_: Result.Type) throws -> Result { try Result(from: try next()) }

        mutating func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type
        ) throws -> KeyedDecodingContainer<Nested> {
            try next().container(keyedBy: type)
        }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
        mutating func superDecoder() throws -> any Decoder { try next() }
    }
}

extension TapeDecoder: SingleValueDecodingContainer {
    public func decodeNil() -> Bool { value.isNull }

    public func decode(_: Bool.Type) throws -> Bool {
        guard let flag = value.bool else { throw mismatch(Bool.self, "true or false") }
        return flag
    }

    public func decode(_: String.Type) throws -> String {
        guard let text = value.string else { throw mismatch(String.self, "a text") }
        return text
    }

    public func decode(_: Double.Type) throws -> Double {
        guard let number = value.double ?? value.int.map(Double.init) else { throw mismatch(Double.self, "a number") }
        return number
    }

    public func decode(_: Float.Type) throws -> Float { Float(try decode(Double.self)) }

    private func integer<Result: FixedWidthInteger>(_: Result.Type) throws -> Result {
        if let number = value.int, let result = Result(exactly: number) { return result }
        if let number = value.double, let result = Result(exactly: number) { return result }
        throw mismatch(Result.self, "a whole number that \(Result.self) holds")
    }

    public func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    public func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    public func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    public func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    public func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    public func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    public func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    public func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    public func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    public func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }

    public func decode<Result: Decodable>(_: Result.Type) throws -> Result { try Result(from: self) }
}
