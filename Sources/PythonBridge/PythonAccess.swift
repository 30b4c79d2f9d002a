import CPython

/// Looking into Python objects from Swift: attributes, items, length, text, truth, comparison.
extension PythonObject {
    /// The object as a Swift value.
    @inlinable public func value<Value: FromPython>(
        as: Value.Type = Value.self, _ py: borrowing Python
    ) throws(PythonError) -> Value {
        try Value.fromPython(pointer, py)
    }

    /// `getattr(self, name)`.
    public func attribute(_ name: String, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        let name = try name.toPython(py)
        defer { py_decref(name) }
        return try .result(of: PyObject_GetAttr(pointer, name), py)
    }

    /// `getattr(self, name)`, converted.
    public func attribute<Value: FromPython>(
        _ name: String, as: Value.Type, _ py: borrowing Python
    ) throws(PythonError) -> Value {
        try attribute(name, py).value(py)
    }

    /// `hasattr(self, name)`; an error other than `AttributeError` is thrown.
    public func hasAttribute(_ name: String, _ py: borrowing Python) throws(PythonError) -> Bool {
        do throws(PythonError) {
            _ = try attribute(name, py)
            return true
        } catch {
            guard error.matches(.attributeError, py) else { throw error }
            return false
        }
    }

    /// `setattr(self, name, value)`.
    public func setAttribute(
        _ name: String, _ value: some ToPython, _ py: borrowing Python
    ) throws(PythonError) {
        let name = try name.toPython(py)
        defer { py_decref(name) }
        let value = try value.toPython(py)
        defer { py_decref(value) }
        try Self.check(PyObject_SetAttr(pointer, name, value), py)
    }

    /// `delattr(self, name)`.
    public func deleteAttribute(_ name: String, _ py: borrowing Python) throws(PythonError) {
        let name = try name.toPython(py)
        defer { py_decref(name) }
        try Self.check(PyObject_SetAttr(pointer, name, nil), py)
    }

    /// `self[key]`.
    public func item(_ key: some ToPython, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        let key = try key.toPython(py)
        defer { py_decref(key) }
        return try .result(of: PyObject_GetItem(pointer, key), py)
    }

    /// `self[key]`, converted.
    public func item<Value: FromPython>(
        _ key: some ToPython, as: Value.Type, _ py: borrowing Python
    ) throws(PythonError) -> Value {
        try item(key, py).value(py)
    }

    /// `self[key] = value`.
    public func setItem(
        _ key: some ToPython, _ value: some ToPython, _ py: borrowing Python
    ) throws(PythonError) {
        let key = try key.toPython(py)
        defer { py_decref(key) }
        let value = try value.toPython(py)
        defer { py_decref(value) }
        try Self.check(PyObject_SetItem(pointer, key, value), py)
    }

    /// `del self[key]`.
    public func deleteItem(_ key: some ToPython, _ py: borrowing Python) throws(PythonError) {
        let key = try key.toPython(py)
        defer { py_decref(key) }
        try Self.check(PyObject_DelItem(pointer, key), py)
    }

    /// `item in self`.
    public func contains(_ item: some ToPython, _ py: borrowing Python) throws(PythonError) -> Bool {
        let item = try item.toPython(py)
        defer { py_decref(item) }
        return try Self.truth(PySequence_Contains(pointer, item), py)
    }

    /// `len(self)`.
    public func length(_ py: borrowing Python) throws(PythonError) -> Int {
        let length = PyObject_Size(pointer)
        if length < 0 { throw .taken(py) }
        return length
    }

    /// `str(self)`.
    public func text(_ py: borrowing Python) throws(PythonError) -> String {
        try PythonObject.result(of: PyObject_Str(pointer), py).value(py)
    }

    /// `repr(self)`.
    public func representation(_ py: borrowing Python) throws(PythonError) -> String {
        try PythonObject.result(of: PyObject_Repr(pointer), py).value(py)
    }

    /// `hash(self)`.
    public func hash(_ py: borrowing Python) throws(PythonError) -> Int {
        let hash = PyObject_Hash(pointer)
        if hash == -1 { throw .taken(py) }
        return hash
    }

    /// `bool(self)`.
    public func isTrue(_ py: borrowing Python) throws(PythonError) -> Bool {
        try Self.truth(PyObject_IsTrue(pointer), py)
    }

    /// `self is None`.
    public func isNone(_ py: borrowing Python) -> Bool { pointer == py_none() }

    /// `callable(self)`.
    public func isCallable(_ py: borrowing Python) -> Bool { PyCallable_Check(pointer) != 0 }

    /// `type(self)`.
    public func type(_ py: borrowing Python) -> PythonObject { PythonObject(borrowing: py_type(pointer), py) }

    /// The name of the type as messages give it: `int`, `numpy.ndarray`.
    public func typeName(_ py: borrowing Python) -> String { PythonText.typeName(pointer, py) }

    /// `isinstance(self, type)`; a tuple of types does as well.
    public func isInstance(of type: PythonObject, _ py: borrowing Python) throws(PythonError) -> Bool {
        try Self.truth(PyObject_IsInstance(pointer, type.pointer), py)
    }

    /// `issubclass(self, type)`; a tuple of types does as well.
    public func isSubclass(of type: PythonObject, _ py: borrowing Python) throws(PythonError) -> Bool {
        try Self.truth(PyObject_IsSubclass(pointer, type.pointer), py)
    }

    /// `self == other` and its relatives, as a truth value.
    public func compare(
        _ comparison: PythonComparison, _ other: some ToPython, _ py: borrowing Python
    ) throws(PythonError) -> Bool {
        let other = try other.toPython(py)
        defer { py_decref(other) }
        return try Self.truth(PyObject_RichCompareBool(pointer, other, comparison.code), py)
    }

    /// `self == other` and its relatives, whatever they come to.
    public func compared(
        _ comparison: PythonComparison, _ other: some ToPython, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        let other = try other.toPython(py)
        defer { py_decref(other) }
        return try .result(of: PyObject_RichCompare(pointer, other, comparison.code), py)
    }

    /// `self + other` and its relatives.
    public func operate(
        _ operation: PythonOperator, _ other: some ToPython, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        let other = try other.toPython(py)
        defer { py_decref(other) }
        return try .result(of: operation.apply(pointer, other), py)
    }

    /// `-self`.
    public func negated(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        try .result(of: PyNumber_Negative(pointer), py)
    }

    /// What a call to CPython made, or the exception it set.
    static func result(of made: PyRef?, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        guard let made else { throw .taken(py) }
        return PythonObject(owning: made)
    }

    private static func check(_ status: Int32, _ py: borrowing Python) throws(PythonError) {
        if status != 0 { throw .taken(py) }
    }

    private static func truth(_ answer: Int32, _ py: borrowing Python) throws(PythonError) -> Bool {
        if answer < 0 { throw .taken(py) }
        return answer != 0
    }
}
