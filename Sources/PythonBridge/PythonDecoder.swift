import CPython

/// Reads `Decodable` types from Python objects: mappings by key, other objects by attribute.
///
/// It exists only inside a conversion, which holds the interpreter.
struct PythonDecoder: Decoder {
    let object: PythonObject
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ object: PythonObject, at path: [any CodingKey]) {
        self.object = object
        codingPath = path
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(try KeyedPythonDecoder<Key>(object, at: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try UnkeyedPythonDecoder(object, at: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    /// Decodes by the type's own conversion when it has one, else by its `Decodable` conformance.
    func decode<Value: Decodable>(_ type: Value.Type, _ py: borrowing Python) throws(PythonError) -> Value {
        try ConversionDepth.enter(py)
        defer { ConversionDepth.leave() }
        do {
            return try Value(from: self)
        } catch {
            throw PythonError(coding: error, py)
        }
    }
}

extension PythonDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { object.pointer == py_none() }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let py = Python(held: ())
        guard let convertible = type as? any FromPython.Type else { return try decode(type, py) }
        do throws(PythonError) {
            if let value = try convertible.fromPython(object.pointer, py) as? Value { return value }
        } catch {
            throw error.at(PythonPath(codingPath))
        }
        throw PythonError(.systemError, "\(type) converted to another type").at(PythonPath(codingPath))
    }
}

/// The fields of a mapping, or of an object.
struct KeyedPythonDecoder<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let object: PythonObject
    private let isMapping: Bool
    let codingPath: [any CodingKey]

    init(_ object: PythonObject, at path: [any CodingKey]) throws(PythonError) {
        let py = Python(held: ())
        self.object = object
        codingPath = path
        isMapping = try PlainTypes.isInstance(object.pointer, PlainTypes.mapping, py)
        let kind = Int(py_kind(object.pointer))
        guard isMapping || kind == PY_KIND_OTHER else {
            throw PythonError.mismatch("dict or an object with attributes", object.pointer, py).at(PythonPath(path))
        }
    }

    /// The keys of a mapping that are text and keys of the type; of another object, those it has.
    var allKeys: [Key] {
        guard isMapping else { return [] }
        let py = Python(held: ())
        guard let keys = PyMapping_Keys(object.pointer) else {
            PyErr_Clear()
            return []
        }
        defer { py_decref(keys) }
        return (0..<py_list_size(keys)).compactMap { index in
            py_list_get(keys, index).flatMap { key in
                py_is_str(key) != 0 ? Key(stringValue: PythonText.describe(key, py)) : nil
            }
        }
    }

    func contains(_ key: Key) -> Bool {
        do throws(PythonError) {
            return try found(key) != nil
        } catch {
            return true  // Reading it then reports the error.
        }
    }

    func decodeNil(forKey key: Key) throws -> Bool { try child(key).decodeNil() }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try child(key).decode(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> { try child(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { PythonDecoder(object, at: codingPath) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }

    private func child(_ key: Key) throws(PythonError) -> PythonDecoder {
        guard let value = try found(key) else {
            throw PythonError.valueError("missing field '\(key.stringValue)'").at(PythonPath(codingPath))
        }
        return PythonDecoder(value, at: codingPath + [key])
    }

    private func found(_ key: Key) throws(PythonError) -> PythonObject? {
        let py = Python(held: ())
        let name = PythonObject(owning: try key.stringValue.toPython(py))
        let value =
            isMapping ? PyObject_GetItem(object.pointer, name.pointer) : PyObject_GetAttr(object.pointer, name.pointer)
        if let value { return PythonObject(owning: value) }
        let error = PythonError.taken(py)
        guard error.matches(isMapping ? .keyError : .attributeError, py) else { throw error.at(PythonPath(codingPath)) }
        return nil
    }
}

/// The elements of a sequence.
struct UnkeyedPythonDecoder: UnkeyedDecodingContainer {
    private let elements: [PythonObject]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(_ object: PythonObject, at path: [any CodingKey]) throws(PythonError) {
        codingPath = path
        do throws(PythonError) {
            elements = try [PythonObject].fromPython(object.pointer, Python(held: ()))
        } catch {
            throw error.at(PythonPath(path))
        }
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    mutating func decodeNil() throws -> Bool {
        guard try peek().decodeNil() else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try next().decode(type) }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }

    mutating func superDecoder() throws -> any Decoder { try next() }

    private func peek() throws(PythonError) -> PythonDecoder {
        guard currentIndex < elements.count else {
            throw PythonError.valueError("expected more than \(elements.count) elements").at(PythonPath(codingPath))
        }
        return PythonDecoder(elements[currentIndex], at: codingPath + [PythonIndexKey(currentIndex)])
    }

    private mutating func next() throws(PythonError) -> PythonDecoder {
        let decoder = try peek()
        currentIndex += 1
        return decoder
    }
}
