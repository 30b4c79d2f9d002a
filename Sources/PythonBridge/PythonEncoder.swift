import CPython

/// Writes `Encodable` types as Python objects: dicts, lists and scalars. What it makes it stores at once, empty, and
/// fills afterwards, as Python's own containers allow.
///
/// It exists only inside a conversion, which holds the interpreter.
struct PythonEncoder: Encoder {
    typealias Store = (PythonObject) throws(PythonError) -> Void

    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    private let store: Store

    init(at path: [any CodingKey], storing store: @escaping Store) {
        codingPath = path
        self.store = store
    }

    /// What an encoder stored last.
    final class Result {
        private(set) var object: PythonObject?

        func store(_ object: PythonObject) throws(PythonError) { self.object = object }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(KeyedPythonEncoder(container(PyDict_New()), at: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        UnkeyedPythonEncoder(container(PyList_New(0)), at: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    /// Stores an empty container. Where that fails nothing is stored, and filling it reports the error.
    private func container(_ made: PyRef?) -> Swift.Result<PythonObject, PythonError> {
        let py = Python(held: ())
        guard let made else { return .failure(.taken(py)) }
        let object = PythonObject(owning: made)
        do throws(PythonError) {
            try store(object)
            return .success(object)
        } catch {
            return .failure(error.at(PythonPath(codingPath)))
        }
    }

    func encode<Value: Encodable>(_ value: Value, _ py: borrowing Python) throws(PythonError) {
        try ConversionDepth.enter(py)
        defer { ConversionDepth.leave() }
        do {
            try value.encode(to: self)
        } catch {
            throw PythonError(coding: error, py)
        }
    }
}

extension PythonEncoder: SingleValueEncodingContainer {
    func encodeNil() throws { try store(PythonObject(owning: py_new_none())) }

    func encode<Value: Encodable>(_ value: Value) throws {
        let py = Python(held: ())
        guard let convertible = value as? any ToPython else { return try encode(value, py) }
        do throws(PythonError) {
            try store(PythonObject(owning: try convertible.toPython(py)))
        } catch {
            throw error.at(PythonPath(codingPath))
        }
    }
}

/// The entries of a dict that is being made.
struct KeyedPythonEncoder<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let dict: Result<PythonObject, PythonError>
    let codingPath: [any CodingKey]

    init(_ dict: Result<PythonObject, PythonError>, at path: [any CodingKey]) {
        self.dict = dict
        codingPath = path
    }

    func encodeNil(forKey key: Key) throws { try child(key).encodeNil() }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try child(key).encode(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> { child(key).container(keyedBy: type) }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { child(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { child(name: "super", at: codingPath) }
    func superEncoder(forKey key: Key) -> any Encoder { child(key) }

    private func child(_ key: Key) -> PythonEncoder { child(name: key.stringValue, at: codingPath + [key]) }

    private func child(name: String, at path: [any CodingKey]) -> PythonEncoder {
        let dict = dict
        return PythonEncoder(at: path) { value throws(PythonError) in
            let py = Python(held: ())
            let key = PythonObject(owning: try name.toPython(py))
            guard PyDict_SetItem(try dict.get().pointer, key.pointer, value.pointer) == 0 else { throw .taken(py) }
        }
    }
}

/// The elements of a list that is being made.
struct UnkeyedPythonEncoder: UnkeyedEncodingContainer {
    private let list: Result<PythonObject, PythonError>
    let codingPath: [any CodingKey]
    private(set) var count = 0

    init(_ list: Result<PythonObject, PythonError>, at path: [any CodingKey]) {
        self.list = list
        codingPath = path
    }

    mutating func encodeNil() throws { try next().encodeNil() }
    mutating func encode<Value: Encodable>(_ value: Value) throws { try next().encode(value) }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) -> KeyedEncodingContainer<Nested> { next().container(keyedBy: type) }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { next().unkeyedContainer() }
    mutating func superEncoder() -> any Encoder { next() }

    private mutating func next() -> PythonEncoder {
        let list = list
        defer { count += 1 }
        return PythonEncoder(at: codingPath + [PythonIndexKey(count)]) { value throws(PythonError) in
            guard PyList_Append(try list.get().pointer, value.pointer) == 0 else { throw .taken(Python(held: ())) }
        }
    }
}
