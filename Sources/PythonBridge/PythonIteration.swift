import CPython

/// A Python iterator, stepped from Swift.
///
/// ```swift
/// let lines = try file.iterator(py)
/// while let line = try lines.next(py) { ... }
/// ```
public struct PythonIterator: Sendable {
    let object: PythonObject

    /// The next item, nil at the end; what the iterator raises is thrown.
    public func next(_ py: borrowing Python) throws(PythonError) -> PythonObject? {
        if let item = PyIter_Next(object.pointer) { return PythonObject(owning: item) }
        if PyErr_Occurred() != nil { throw .taken(py) }
        return nil
    }
}

extension PythonObject {
    /// `iter(self)`.
    public func iterator(_ py: borrowing Python) throws(PythonError) -> PythonIterator {
        let object = try PythonObject.result(of: PyObject_GetIter(pointer), py)
        // `PyIter_Next` trusts its argument; `__iter__` may return anything with `__next__`.
        guard PyIter_Check(object.pointer) != 0 else { throw .mismatch("iterator", object.pointer, py) }
        return PythonIterator(object: object)
    }

    /// All items, each converted.
    public func elements<Value: FromPython>(
        as: Value.Type = PythonObject.self, _ py: borrowing Python
    ) throws(PythonError) -> [Value] {
        let iterator = try iterator(py)
        var values: [Value] = []
        while let item = try iterator.next(py) { values.append(try item.value(py)) }
        return values
    }

    /// Calls `body` with each item.
    public func forEach(
        _ py: borrowing Python, _ body: (PythonObject, borrowing Python) throws(PythonError) -> Void
    ) throws(PythonError) {
        let iterator = try iterator(py)
        while let item = try iterator.next(py) { try body(item, py) }
    }
}
