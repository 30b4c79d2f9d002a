import DanaData

/// The JSON Schema of a Swift type, found by watching what its `Decodable` asks for: structs, lists, optionals, plain
/// values, and enums that are `CaseIterable` with texts or numbers for raw values.
enum DecodableSchema {
    private static let deepest = 32

    static func of<Value: Decodable>(_ type: Value.Type) throws -> Tape {
        var builder = TapeBuilder()
        try append(type, to: &builder, depth: 0)
        return builder.finish()
    }

    fileprivate static func append<Value: Decodable>(
        _ type: Value.Type, to builder: inout TapeBuilder, depth: Int
    ) throws {
        guard depth < deepest else {
            throw ModelError(.unsupported, "\(type) contains itself, and has no form to ask for", model: "answer")
        }
        if let word = word(for: type) { return builder.object { $0.field("type", word) } }
        if let choices = (type as? any CaseIterable.Type).flatMap(Self.choices) {
            return builder.object { json in
                json.appendString("enum")
                json.beginList()
                for choice in choices { json.append(choice.root) }
                json.end()
            }
        }
        let watch = Watch(depth: depth)
        do {
            _ = try type.init(from: watch)
        } catch let error as ModelError {
            throw error
        } catch {
            // The values it is shown are made up, so it may refuse them; what it asked for is known.
        }
        try watch.append(to: &builder, named: "\(type)")
    }

    private static func word(for type: any Decodable.Type) -> String? {
        switch type {
        case is Bool.Type: "boolean"
        case is String.Type: "string"
        case is Double.Type, is Float.Type: "number"
        case is any FixedWidthInteger.Type: "integer"
        default: nil
        }
    }

    private static func choices(_ type: any CaseIterable.Type) -> [Tape]? {
        func raw<Cases: CaseIterable>(_: Cases.Type) -> [Tape]? {
            var tapes: [Tape] = []
            for one in Cases.allCases {
                guard let value = (one as? any RawRepresentable)?.rawValue else { return nil }
                var builder = TapeBuilder()
                if let text = value as? String {
                    builder.appendString(text)
                } else if let number = value as? Int {
                    builder.appendInt(Int64(number))
                } else {
                    return nil
                }
                tapes.append(builder.finish())
            }
            return tapes
        }
        return raw(type)
    }
}

/// What one value asks its decoder for.
private final class Watch: Decoder {
    private enum Form {
        case unknown
        case object([(name: String, schema: Tape)])
        case list(Tape?)
        case single(Tape)
    }

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let depth: Int
    private var form = Form.unknown
    private var optional: Set<String> = []

    init(depth: Int) { self.depth = depth }

    func append(to builder: inout TapeBuilder, named name: String) throws {
        switch form {
        case .unknown:
            throw ModelError(.unsupported, "\(name) has no form that a model could be asked for", model: "answer")
        case .single(let schema): builder.append(schema.root)
        case .list(let items):
            builder.object { json in
                json.field("type", "array")
                if let items { json.field("items", items.root) }
            }
        case .object(let fields):
            builder.object { json in
                json.field("type", "object")
                json.object("properties") { json in for field in fields { json.field(field.name, field.schema.root) } }
                json.list("required", of: fields.map(\.name).filter { !optional.contains($0) }) { $0.appendString($1) }
                json.field("additionalProperties", false)
            }
        }
    }

    func schema<Value: Decodable>(_ type: Value.Type) throws -> Tape {
        var builder = TapeBuilder()
        try DecodableSchema.append(type, to: &builder, depth: depth + 1)
        return builder.finish()
    }

    func mayBeMissing(_ name: String) { optional.insert(name) }

    func note(_ name: String, _ schema: Tape) {
        var fields = if case .object(let known) = form { known } else { [(name: String, schema: Tape)]() }
        fields.append((name, schema))
        form = .object(fields)
    }

    func note(items: Tape) { form = .list(items) }
    func note(single: Tape) { form = .single(single) }

    /// A value of the type that the type itself is content with.
    func sample<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if let known = (type as? any CaseIterable.Type).flatMap(Self.first) as? Value { return known }
        return try Value(from: Watch(depth: depth + 1))
    }

    private static func first(_ type: any CaseIterable.Type) -> Any? {
        func one<Cases: CaseIterable>(_: Cases.Type) -> Any? { Cases.allCases.first }
        return one(type)
    }

    func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedDecodingContainer<Key> {
        if case .unknown = form { form = .object([]) }
        return KeyedDecodingContainer(WatchedObject<Key>(watch: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer {
        form = .list(nil)
        return WatchedList(watch: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { WatchedValue(watch: self) }
}

private struct WatchedObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let watch: Watch
    let codingPath: [any CodingKey] = []
    let allKeys: [Key] = []

    func contains(_ key: Key) -> Bool { true }
    /// Asked before what may be missing is decoded.
    func decodeNil(forKey key: Key) -> Bool {
        watch.mayBeMissing(key.stringValue)
        return false
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        watch.note(key.stringValue, try watch.schema(type))
        return try watch.sample(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedDecodingContainer<Nested> {
        watch.container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer { watch.unkeyedContainer() }
    func superDecoder() -> any Decoder { watch }
    func superDecoder(forKey key: Key) -> any Decoder { watch }
}

private struct WatchedList: UnkeyedDecodingContainer {
    let watch: Watch
    let codingPath: [any CodingKey] = []
    var count: Int? { 1 }
    var isAtEnd: Bool { currentIndex > 0 }
    private(set) var currentIndex = 0

    init(watch: Watch) { self.watch = watch }

    mutating func decodeNil() -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        currentIndex += 1
        watch.note(items: try watch.schema(type))
        return try watch.sample(type)
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedDecodingContainer<Nested> {
        currentIndex += 1
        return watch.container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer {
        currentIndex += 1
        return watch.unkeyedContainer()
    }

    mutating func superDecoder() -> any Decoder { watch }
}

private struct WatchedValue: SingleValueDecodingContainer {
    let watch: Watch
    let codingPath: [any CodingKey] = []

    func decodeNil() -> Bool { false }

    func decode(_: Bool.Type) -> Bool { false }
    func decode(_: String.Type) -> String { "" }
    func decode(_: Double.Type) -> Double { 0 }
    func decode(_: Float.Type) -> Float { 0 }
    func decode(_: Int.Type) -> Int { 0 }
    func decode(_: Int8.Type) -> Int8 { 0 }
    func decode(_: Int16.Type) -> Int16 { 0 }
    func decode(_: Int32.Type) -> Int32 { 0 }
    func decode(_: Int64.Type) -> Int64 { 0 }
    func decode(_: UInt.Type) -> UInt { 0 }
    func decode(_: UInt8.Type) -> UInt8 { 0 }
    func decode(_: UInt16.Type) -> UInt16 { 0 }
    func decode(_: UInt32.Type) -> UInt32 { 0 }
    func decode(_: UInt64.Type) -> UInt64 { 0 }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        watch.note(single: try watch.schema(type))
        return try watch.sample(type)
    }
}
