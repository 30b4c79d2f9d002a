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
        case object
        case list
        case single(Tape)
    }

    /// A value inside: of a type, or what a container that was asked for in its place is asked for.
    private enum Part {
        case schema(Tape)
        case watched(Watch)
    }

    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let depth: Int
    private var form = Form.unknown
    private var fields: [(name: String, part: Part)] = []
    private var optional: Set<String> = []
    /// What a list holds.
    private var items: Part?
    /// Whether the type takes what keys there are, and what they hold.
    private var takesAnyKey = false
    private var rest: Part?

    /// Shown to types that take any key: a text, and a number, too.
    static let anyKey = "0"

    init(depth: Int) { self.depth = depth }

    func append(to builder: inout TapeBuilder, named name: String) throws {
        switch form {
        case .unknown: throw formless(name)
        case .single(let schema): builder.append(schema.root)
        case .list:
            // Whoever asks for no item takes other than equal ones, such as keys and values in turn.
            guard let items else { throw formless(name) }
            try builder.object { json in
                json.field("type", "array")
                json.appendString("items")
                try append(items, to: &json, named: name)
            }
        case .object:
            // Whoever takes only keys of its own that it does not ask for by name is one of several objects.
            guard !takesAnyKey || rest != nil else { throw formless(name) }
            try builder.object { json in
                json.field("type", "object")
                if rest == nil || !fields.isEmpty {
                    try json.object("properties") { json in
                        for field in fields {
                            json.appendString(field.name)
                            try append(field.part, to: &json, named: "\(name).\(field.name)")
                        }
                    }
                    json.list("required", of: fields.map(\.name).filter { !optional.contains($0) }) {
                        $0.appendString($1)
                    }
                }
                json.appendString("additionalProperties")
                if let rest { try append(rest, to: &json, named: name) } else { json.appendBool(false) }
            }
        }
    }

    private func append(_ part: Part, to builder: inout TapeBuilder, named name: String) throws {
        switch part {
        case .schema(let schema): builder.append(schema.root)
        case .watched(let inner): try inner.append(to: &builder, named: name)
        }
    }

    private func formless(_ name: String) -> ModelError {
        ModelError(.unsupported, "\(name) has no form that a model could be asked for", model: "answer")
    }

    // MARK: What it is asked for

    func schema<Value: Decodable>(_ type: Value.Type) throws -> Tape {
        var builder = TapeBuilder()
        try DecodableSchema.append(type, to: &builder, depth: depth + 1)
        return builder.finish()
    }

    /// A value of the type that the type itself is content with.
    func sample<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if let known = (type as? any CaseIterable.Type).flatMap(Self.first) as? Value { return known }
        return try Value(from: Watch(depth: depth + 1))
    }

    private static func first(_ type: any CaseIterable.Type) -> Any? {
        func one<Cases: CaseIterable>(_: Cases.Type) -> Any? { Cases.allCases.first }
        return one(type)
    }

    func mayBeMissing(_ name: String) { optional.insert(name) }
    func takeAnyKey() { takesAnyKey = true }

    func note(_ name: String, _ schema: Tape) { note(name, .schema(schema)) }
    func note(items schema: Tape) { items = .schema(schema) }
    func note(single schema: Tape) { form = .single(schema) }

    /// What stands in a field's place; the same when it is asked for again.
    func inner(_ name: String) -> Watch {
        if case .watched(let known)? = fields.first(where: { $0.name == name })?.part { return known }
        let inner = Watch(depth: depth + 1)
        note(name, .watched(inner))
        return inner
    }

    /// What stands in an item's place.
    func innerItem() -> Watch {
        let inner = Watch(depth: depth + 1)
        items = .watched(inner)
        return inner
    }

    private func note(_ name: String, _ part: Part) {
        if takesAnyKey && name == Watch.anyKey {
            rest = part
        } else if !fields.contains(where: { $0.name == name }) {
            fields.append((name, part))
        }
    }

    // MARK: The decoder

    func container<Key: CodingKey>(keyedBy: Key.Type) -> KeyedDecodingContainer<Key> {
        form = .object
        return KeyedDecodingContainer(WatchedObject<Key>(watch: self))
    }

    func unkeyedContainer() -> any UnkeyedDecodingContainer {
        form = .list
        return WatchedList(watch: self)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { WatchedValue(watch: self) }
}

private struct WatchedObject<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let watch: Watch
    let codingPath: [any CodingKey] = []

    var allKeys: [Key] {
        watch.takeAnyKey()
        return Key(stringValue: Watch.anyKey).map { [$0] } ?? []
    }

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
        watch.inner(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedDecodingContainer {
        watch.inner(key.stringValue).unkeyedContainer()
    }

    func superDecoder() -> any Decoder { watch.inner("super") }
    func superDecoder(forKey key: Key) -> any Decoder { watch.inner(key.stringValue) }
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
        inner().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedDecodingContainer { inner().unkeyedContainer() }
    mutating func superDecoder() -> any Decoder { inner() }

    private mutating func inner() -> Watch {
        currentIndex += 1
        return watch.innerItem()
    }
}

private struct WatchedValue: SingleValueDecodingContainer {
    let watch: Watch
    let codingPath: [any CodingKey] = []

    func decodeNil() -> Bool { false }

    func decode(_ type: Bool.Type) throws -> Bool { try noted(type, false) }
    func decode(_ type: String.Type) throws -> String { try noted(type, "") }
    func decode(_ type: Double.Type) throws -> Double { try noted(type, 0) }
    func decode(_ type: Float.Type) throws -> Float { try noted(type, 0) }
    func decode(_ type: Int.Type) throws -> Int { try noted(type, 0) }
    func decode(_ type: Int8.Type) throws -> Int8 { try noted(type, 0) }
    func decode(_ type: Int16.Type) throws -> Int16 { try noted(type, 0) }
    func decode(_ type: Int32.Type) throws -> Int32 { try noted(type, 0) }
    func decode(_ type: Int64.Type) throws -> Int64 { try noted(type, 0) }
    func decode(_ type: UInt.Type) throws -> UInt { try noted(type, 0) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try noted(type, 0) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try noted(type, 0) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try noted(type, 0) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try noted(type, 0) }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        watch.note(single: try watch.schema(type))
        return try watch.sample(type)
    }

    private func noted<Value: Decodable>(_ type: Value.Type, _ value: Value) throws -> Value {
        watch.note(single: try watch.schema(type))
        return value
    }
}
