import CPython
import DanaData

// The integers of other widths, and of any size. All accept what has `__index__`, a `bool` included.

extension FromPython where Self: FixedWidthInteger {
    public static var pythonTypeName: String { "int" }

    @inlinable @inline(__always) public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Self
    {
        var value: Int64 = 0
        if py_is_exact_int(object) != 0, py_int64(object, &value) != 0, let value = Self(exactly: value) {
            return value
        }
        return try fromWide(object, py)
    }

    @inlinable @inline(never) static func fromWide(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self
    {
        let wide = try BigInteger.fromPython(object, py)
        guard let value = Self(exactly: wide) else {
            throw PythonError(
                .overflowError, "int out of range: the value must lie between \(Self.min) and \(Self.max)")
        }
        return value
    }
}

extension ToPython where Self: FixedWidthInteger {
    @inlinable @inline(__always) public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let value = Int64(exactly: self) else { return try BigInteger(self).toPython(py) }
        return try value.toPython(py)
    }
}

extension Int8: FromPython, ToPython {}
extension Int16: FromPython, ToPython {}
extension Int32: FromPython, ToPython {}
extension Int128: FromPython, ToPython {}
extension UInt8: FromPython, ToPython {}
extension UInt16: FromPython, ToPython {}
extension UInt32: FromPython, ToPython {}
extension UInt64: FromPython, ToPython {}
extension UInt: FromPython, ToPython {}
extension UInt128: FromPython, ToPython {}

extension BigInteger: FromPython, ToPython {
    public static var pythonTypeName: String { "int" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> BigInteger {
        var small: Int64 = 0
        if py_is_exact_int(object) != 0, py_int64(object, &small) != 0 { return BigInteger(small) }
        guard py_is_int(object) != 0 || py_is_index(object) != 0 else { throw .mismatch("int", object, py) }
        py_incref(object)
        defer { py_decref(object) }
        guard let index = PyNumber_Index(object) else { throw .taken(py) }
        defer { py_decref(index) }
        let bits = try PythonObject(borrowing: index, py).callMethod("bit_length", as: Int.self, py: py)
        guard let bytes = py_int_to_bytes(index, bits / 8 + 1) else { throw .taken(py) }
        defer { py_decref(bytes) }
        return BigInteger(
            twosComplementLittleEndian: UnsafeRawBufferPointer(
                start: py_bytes_start(bytes), count: py_bytes_size(bytes)))
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        if let small = Int64(exactly: self) { return try small.toPython(py) }
        let object = twosComplementLittleEndian.withUnsafeBytes { bytes in
            bytes.baseAddress.flatMap { py_int_from_bytes($0, bytes.count) }
        }
        guard let object else { throw .taken(py) }
        return object
    }
}

extension Float: FromPython, ToPython {
    public static var pythonTypeName: String { "float" }

    /// Rounded to the nearest; a finite number beyond the range is refused.
    @inlinable public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Float {
        let wide = try Double.fromPython(object, py)
        let value = Float(wide)
        guard value.isFinite || !wide.isFinite else {
            throw PythonError(.overflowError, "float out of range: \(wide) does not fit in 32 bits")
        }
        return value
    }

    @inlinable public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try Double(self).toPython(py)
    }
}

extension Complex: FromPython, ToPython {
    public static var pythonTypeName: String { "complex" }

    /// A complex, else anything that converts to a float.
    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Complex {
        guard py_is_complex(object) != 0 else {
            guard py_is_float(object) != 0 || (py_has_float(object) != 0 && py_is_str(object) == 0) else {
                throw .mismatch("complex", object, py)
            }
            return Complex(real: try Double.fromPython(object, py), imaginary: 0)
        }
        return Complex(real: PyComplex_RealAsDouble(object), imaginary: PyComplex_ImagAsDouble(object))
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let object = PyComplex_FromDoubles(real, imaginary) else { throw .taken(py) }
        return object
    }
}
