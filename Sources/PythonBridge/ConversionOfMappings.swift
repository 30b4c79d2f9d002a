import CPython

/// The pairs of a Python mapping in their order, without an index: the fast way to carry a dict through Swift
/// when it is walked rather than searched.
public struct PythonPairs<Key, Value> {
    // Two arrays rather than one of tuples: those of plain numbers are freed without a look at their elements.
    @usableFromInline var names: [Key]
    /// As many as there are keys.
    @usableFromInline var kept: [Value]

    @inlinable init(keys: [Key], values: [Value]) {
        names = keys
        kept = values
    }

    @inlinable public init(_ pairs: some Sequence<(key: Key, value: Value)>) {
        self.init(keys: [], values: [])
        for pair in pairs { append(pair.key, pair.value) }
    }

    @inlinable public var keys: [Key] { names }
    @inlinable public var values: [Value] { kept }

    @inlinable public mutating func append(_ key: Key, _ value: Value) {
        names.append(key)
        kept.append(value)
    }

    /// The same keys with other values.
    @inlinable public func mapValues<Other, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Other
    ) throws(Failure) -> PythonPairs<Key, Other> {
        PythonPairs<Key, Other>(keys: keys, values: try kept.map(transform))
    }
}

extension PythonPairs: Sendable where Key: Sendable, Value: Sendable {}

extension PythonPairs: RandomAccessCollection {
    public typealias Element = (key: Key, value: Value)

    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { keys.count }
    @inlinable public subscript(position: Int) -> Element { (keys[position], kept[position]) }
}

extension PythonPairs: ExpressibleByDictionaryLiteral {
    @inlinable public init(dictionaryLiteral elements: (Key, Value)...) {
        self.init(keys: elements.map(\.0), values: elements.map(\.1))
    }
}

extension PythonPairs where Key: Equatable {
    /// The value under the key, found by walking over the pairs.
    @inlinable public func value(for key: Key) -> Value? { keys.firstIndex(of: key).map { kept[$0] } }
}

extension PythonPairs: FromPython where Key: FromPython, Value: FromPython {
    public static var pythonTypeName: String { "dict" }

    /// A dict, or any other `collections.abc.Mapping`.
    @inlinable public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Self
    {
        try DictionaryPairs<Key, Value>.of(object, py)
    }
}

extension PythonPairs: ToPython where Key: ToPython, Value: ToPython {
    /// A dict; of equal keys the last one counts.
    @inlinable public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try DictionaryPairs<Key, Value>.dictionary(self, count: count, py)
    }
}

extension Dictionary: FromPython where Key: FromPython, Value: FromPython {
    public static var pythonTypeName: String { "dict" }

    /// A dict, or any other `collections.abc.Mapping`. The order is lost: ``PythonPairs`` keeps it.
    @inlinable public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> [Key: Value]
    {
        let pairs = try DictionaryPairs<Key, Value>.of(object, py)
        var result: [Key: Value] = [:]
        result.reserveCapacity(pairs.count)
        for (key, value) in pairs {
            guard result.updateValue(value, forKey: key) == nil else {
                throw .valueError("different keys of the dict become equal when they are converted")
            }
        }
        return result
    }
}

extension Dictionary: ToPython where Key: ToPython, Value: ToPython {
    /// A dict.
    @inlinable public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try DictionaryPairs<Key, Value>.dictionary(self, count: count, py)
    }
}

/// Pairs out of Python mappings and into dicts. A failure to convert a key is located at that key, as one to
/// convert its value is.
@usableFromInline
enum DictionaryPairs<Key, Value> {}

extension DictionaryPairs where Key: FromPython, Value: FromPython {
    @inlinable static func of(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> PythonPairs<Key, Value>
    {
        py_is_exact_dict(object) != 0 ? try ofDict(object, py) : try ofMapping(object, py)
    }

    /// From an exact dict. It is held, as is each value while its key is converted: either may run Python.
    @inlinable static func ofDict(_ dict: PyRef, _ py: borrowing Python)
        throws(PythonError) -> PythonPairs<Key, Value>
    {
        py_incref(dict)
        defer { py_decref(dict) }
        let count = py_dict_size(dict)
        var failure: PythonError?
        var values: [Value] = []
        let keys = [Key](unsafeUninitializedCapacity: count) { keyBuffer, keysDone in
            values = [Value](unsafeUninitializedCapacity: count) { valueBuffer, valuesDone in
                let py = Python(held: ())
                var index = 0
                var position = 0
                var key: PyRef?
                var value: PyRef?
                do throws(PythonError) {
                    while index < count {
                        guard py_dict_size(dict) == count, PyDict_Next(dict, &position, &key, &value) != 0,
                            let key, let value
                        else { throw ListCopy.changed("dict") }
                        let pair = try pair(key, value, py)
                        // Safe because the index is below both capacities and each place is written once.
                        (keyBuffer.baseAddress.unsafelyUnwrapped + index).initialize(to: pair.key)
                        (valueBuffer.baseAddress.unsafelyUnwrapped + index).initialize(to: pair.value)
                        index &+= 1
                    }
                } catch {
                    failure = error
                }
                keysDone = index
                valuesDone = index
            }
        }
        if let failure { throw failure }
        guard py_dict_size(dict) == count else { throw ListCopy.changed("dict") }
        return PythonPairs(keys: keys, values: values)
    }

    @inlinable static func ofMapping(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> PythonPairs<Key, Value>
    {
        let list = try ListCopy.ofPairs(object, py)
        defer { py_decref(list) }
        var pairs = PythonPairs<Key, Value>(keys: [], values: [])
        for index in 0..<py_list_size(list) {
            guard let item = py_list_get(list, index), py_is_tuple(item) != 0, py_tuple_size(item) == 2,
                let key = py_tuple_get(item, 0), let value = py_tuple_get(item, 1)
            else { throw .typeError("the items() of a mapping must be tuples of key and value") }
            let pair = try pair(key, value, py)
            pairs.append(pair.key, pair.value)
        }
        return pairs
    }

    @inlinable @inline(__always) static func pair(_ key: PyRef, _ value: PyRef, _ py: borrowing Python)
        throws(PythonError) -> (key: Key, value: Value)
    {
        py_incref(key)
        py_incref(value)
        defer {
            py_decref(key)
            py_decref(value)
        }
        let converted: Key
        do throws(PythonError) {
            converted = try Key.fromPython(key, py)
        } catch {
            throw error.at(key: key, py)
        }
        do throws(PythonError) {
            return (converted, try Value.fromPython(value, py))
        } catch {
            throw error.at(key: key, py)
        }
    }
}

extension DictionaryPairs where Key: ToPython, Value: ToPython {
    @inlinable static func dictionary(
        _ pairs: some Sequence<(key: Key, value: Value)>, count: Int, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        guard let dict = py_dict_new(count) else { throw .taken(py) }
        do throws(PythonError) {
            for (key, value) in pairs {
                let keyObject = try key.toPython(py)
                defer { py_decref(keyObject) }
                let valueObject: PyRef
                do throws(PythonError) {
                    valueObject = try value.toPython(py)
                } catch {
                    throw error.at(key: keyObject, py)
                }
                defer { py_decref(valueObject) }
                guard PyDict_SetItem(dict, keyObject, valueObject) == 0 else { throw .taken(py) }
            }
        } catch {
            py_decref(dict)
            throw error
        }
        return dict
    }
}
