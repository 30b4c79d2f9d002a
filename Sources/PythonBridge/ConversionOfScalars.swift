import CPython

// Scalars: exact types first, then the protocols `__index__` and `__float__`. A `bool` is accepted where an
// integer is asked for, because Python's bool is an int; an int is not accepted where a bool is asked for.

extension Int: FromPython, ToPython {
    public static var pythonTypeName: String { "int" }

    @inlinable @inline(__always) public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Int
    {
        Int(try Int64.fromPython(object, py))
    }

    @inlinable @inline(__always) public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        if let object = PyLong_FromLongLong(Int64(self)) { return object }
        return try PythonError.throwTaken(py)
    }

    @inlinable public static func readPlain(_ list: PyRef, into room: UnsafeMutableRawPointer, count: Int) -> Int {
        // Safe because an Int is an Int64 by another name.
        py_list_read_int64(list, room.assumingMemoryBound(to: Int64.self), count)
    }

    public static func newList(of elements: [Int], _ py: borrowing Python) throws(PythonError) -> PyRef {
        let list = elements.withUnsafeBytes { bytes in
            // Safe for the same reason.
            py_list_of_int64(bytes.assumingMemoryBound(to: Int64.self).baseAddress, elements.count)
        }
        guard let list else { throw .taken(py) }
        return list
    }
}

extension Int64: FromPython, ToPython {
    public static var pythonTypeName: String { "int" }

    @inlinable @inline(__always) public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Int64
    {
        var value: Int64 = 0
        if py_is_exact_int(object) != 0, py_int64(object, &value) != 0 { return value }
        return try slow(object, py)
    }

    @usableFromInline static func slow(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Int64 {
        if py_is_int(object) != 0 || py_is_index(object) != 0 {
            // Held because `__index__` may run Python, which may drop it from where it was borrowed.
            py_incref(object)
            defer { py_decref(object) }
            guard let index = PyNumber_Index(object) else { throw .taken(py) }
            defer { py_decref(index) }
            var value: Int64 = 0
            if py_int64(index, &value) != 0 { return value }
            PyErr_Clear()
            throw PythonError(.overflowError, "int too large: the value must lie between -2**63 and 2**63-1")
        }
        throw .mismatch("int", object, py)
    }

    @inlinable @inline(__always) public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        if let object = PyLong_FromLongLong(self) { return object }
        return try PythonError.throwTaken(py)
    }

    @inlinable public static func readPlain(_ list: PyRef, into room: UnsafeMutableRawPointer, count: Int) -> Int {
        py_list_read_int64(list, room.assumingMemoryBound(to: Int64.self), count)
    }

    public static func newList(of elements: [Int64], _ py: borrowing Python) throws(PythonError) -> PyRef {
        let list = elements.withUnsafeBufferPointer { py_list_of_int64($0.baseAddress, $0.count) }
        guard let list else { throw .taken(py) }
        return list
    }
}

extension Bool: FromPython, ToPython {
    public static var pythonTypeName: String { "bool" }

    /// Only `True` and `False`: truthiness is not a conversion.
    @inlinable @inline(__always) public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Bool
    {
        if object == py_true() { return true }
        if object == py_false() { return false }
        throw .mismatch("bool", object, py)
    }

    @inlinable @inline(__always) public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        py_bool(self ? 1 : 0)
    }
}

extension Double: FromPython, ToPython {
    public static var pythonTypeName: String { "float" }

    /// A float, else anything with `__float__` or `__index__` but a `str`.
    @inlinable @inline(__always) public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Double
    {
        if py_is_exact_float(object) != 0 { return py_float_value(object) }
        return try slow(object, py)
    }

    @usableFromInline static func slow(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Double {
        // Held because `__float__` may run Python, which may drop it from where it was borrowed.
        py_incref(object)
        defer { py_decref(object) }
        let value = PyFloat_AsDouble(object)
        guard value == -1, PyErr_Occurred() != nil else { return value }
        if PyErr_ExceptionMatches(PythonExceptionKind.typeError.type) != 0, py_has_float(object) == 0 {
            PyErr_Clear()
            throw .mismatch("float", object, py)
        }
        throw .taken(py)
    }

    @inlinable @inline(__always) public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        if let object = PyFloat_FromDouble(self) { return object }
        return try PythonError.throwTaken(py)
    }

    @inlinable public static func readPlain(_ list: PyRef, into room: UnsafeMutableRawPointer, count: Int) -> Int {
        py_list_read_double(list, room.assumingMemoryBound(to: Double.self), count)
    }

    public static func newList(of elements: [Double], _ py: borrowing Python) throws(PythonError) -> PyRef {
        let list = elements.withUnsafeBufferPointer { py_list_of_double($0.baseAddress, $0.count) }
        guard let list else { throw .taken(py) }
        return list
    }
}

extension String: FromPython, ToPython {
    /// What has no text: the error is set.
    @usableFromInline @inline(never)
    static func refused(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> String {
        guard py_is_str(object) == 0 else { throw .taken(py) }
        PyErr_Clear()
        throw .mismatch("str", object, py)
    }

    public static var pythonTypeName: String { "str" }

    @inlinable @inline(__always) public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> String
    {
        if let text = PythonText.string(object) { return text }
        return try refused(object, py)
    }

    @inlinable @inline(__always) public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        if let object = PythonText.newReference(self) { return object }
        return try PythonError.throwTaken(py)
    }
}
