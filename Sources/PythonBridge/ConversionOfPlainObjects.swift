import CPython
import DanaData

// Exact numbers, identifiers, paths, bytes and ranges.

extension Decimal: FromPython, ToPython {
    public static var pythonTypeName: String { "Decimal" }

    /// A `Decimal`; ints and floats are refused, because what precision they mean is not said.
    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Decimal {
        guard try PlainTypes.isInstance(object, PlainTypes.decimal, py) else { throw .mismatch("Decimal", object, py) }
        guard let value = Decimal(PythonText.describe(object, py)) else {
            throw .valueError("\(PythonText.represent(object, py)) is no decimal number")
        }
        return value
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let text = PythonObject(owning: try description.toPython(py))
        return try PlainTypes.decimal.object(py).call(text, py: py).owned(py)
    }
}

extension Fraction: FromPython, ToPython {
    public static var pythonTypeName: String { "Fraction" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Fraction {
        guard try PlainTypes.isInstance(object, PlainTypes.fraction, py) else {
            throw .mismatch("Fraction", object, py)
        }
        let object = PythonObject(borrowing: object, py)
        let numerator = try object.attribute("numerator", as: BigInteger.self, py)
        let denominator = try object.attribute("denominator", as: BigInteger.self, py)
        guard let value = Fraction(numerator: numerator, denominator: denominator) else {
            throw .valueError("the denominator of a Fraction must be positive")
        }
        return value
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let parts = [
            PythonObject(owning: try numerator.toPython(py)), PythonObject(owning: try denominator.toPython(py)),
        ]
        return try PlainTypes.fraction.object(py).call(parts, py).owned(py)
    }
}

extension UniqueIdentifier: FromPython, ToPython {
    public static var pythonTypeName: String { "UUID" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> UniqueIdentifier {
        guard try PlainTypes.isInstance(object, PlainTypes.uuid, py) else { throw .mismatch("UUID", object, py) }
        let bytes = try PythonObject(borrowing: object, py).attribute("bytes", as: Bytes.self, py)
        guard let value = UniqueIdentifier(bytes: bytes) else { throw .valueError("a UUID must have 16 bytes") }
        return value
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let bytes = PythonObject(owning: try Bytes(bytes).toPython(py))
        guard let made = py_call_named(try PlainTypes.uuid.object(py).pointer, "bytes", bytes.pointer) else {
            throw .taken(py)
        }
        return made
    }
}

extension PathText: FromPython, ToPython {
    public static var pythonTypeName: String { "str or path" }

    /// A str, or anything with `__fspath__`; names that are not Unicode are kept as Python keeps them.
    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PathText {
        py_incref(object)
        defer { py_decref(object) }
        guard let path = PyOS_FSPath(object) else {
            PyErr_Clear()
            throw .mismatch(pythonTypeName, object, py)
        }
        defer { py_decref(path) }
        var decoded: PyRef?
        guard PyUnicode_FSDecoder(path, &decoded) != 0, let decoded else { throw .taken(py) }
        defer { py_decref(decoded) }
        guard let bytes = py_wtf8(decoded) else { throw .taken(py) }
        defer { py_decref(bytes) }
        return PathText(wtf8: UnsafeRawBufferPointer(start: py_bytes_start(bytes), count: py_bytes_size(bytes)))
    }

    /// A `pathlib.Path`.
    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let text = utf8.withUnsafeBytes { py_str_from_wtf8($0.baseAddress, $0.count) }
        guard let text else { throw .taken(py) }
        return try PlainTypes.path.object(py).call(PythonObject(owning: text), py: py).owned(py)
    }
}

/// The bytes of a `bytes` object. An array of `UInt8` is a list of ints to Python; this is the type that is not.
public struct Bytes: Sendable, Hashable {
    public var content: [UInt8]

    @inlinable public init(_ content: [UInt8]) { self.content = content }
}

extension Bytes: RandomAccessCollection {
    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { content.count }
    @inlinable public subscript(position: Int) -> UInt8 { content[position] }
}

extension Bytes: FromPython, ToPython {
    public static var pythonTypeName: String { "bytes" }

    /// A copy of bytes, a bytearray, or any other object that exports a buffer (its elements in order).
    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Bytes {
        if py_is_bytes(object) != 0 || py_is_bytearray(object) != 0 {
            return Bytes(
                [UInt8](UnsafeRawBufferPointer(start: py_bytes_start(object), count: py_bytes_size(object))))
        }
        guard PyObject_CheckBuffer(object) != 0 else { throw .mismatch("bytes", object, py) }
        py_incref(object)
        defer { py_decref(object) }
        guard let copy = PyBytes_FromObject(object) else { throw .taken(py) }
        defer { py_decref(copy) }
        return Bytes([UInt8](UnsafeRawBufferPointer(start: py_bytes_start(copy), count: py_bytes_size(copy))))
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let object = content.withUnsafeBytes { bytes in
            PyBytes_FromStringAndSize(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard let object else { throw .taken(py) }
        return object
    }
}

/// A Python `range` of machine integers.
public struct PythonRange: Sendable, Hashable {
    public let start: Int
    public let stop: Int
    /// Never zero.
    public let step: Int

    /// Nil when the step is zero.
    public init?(start: Int, stop: Int, step: Int) {
        guard step != 0 else { return nil }
        self.start = start
        self.stop = stop
        self.step = step
    }

    /// The integers of the range, in order.
    public var integers: StrideTo<Int> { stride(from: start, to: stop, by: step) }
}

extension PythonRange: FromPython, ToPython {
    public static var pythonTypeName: String { "range" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PythonRange {
        guard py_is_range(object) != 0 else { throw .mismatch("range", object, py) }
        let object = PythonObject(borrowing: object, py)
        let start = try object.attribute("start", as: Int.self, py)
        let stop = try object.attribute("stop", as: Int.self, py)
        guard
            let range = PythonRange(start: start, stop: stop, step: try object.attribute("step", as: Int.self, py))
        else { throw .valueError("the step of a range must not be zero") }
        return range
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let parts = [
            PythonObject(owning: try start.toPython(py)), PythonObject(owning: try stop.toPython(py)),
            PythonObject(owning: try step.toPython(py)),
        ]
        return try PythonObject(borrowing: py_range_type(), py).call(parts, py).owned(py)
    }

    /// The bounds of a range of step 1.
    fileprivate static func bounds(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Range<Int> {
        let range = try fromPython(object, py)
        guard range.step == 1 else { throw .valueError("expected a range of step 1, got step \(range.step)") }
        return range.start..<max(range.start, range.stop)
    }
}

extension Range: FromPython where Bound == Int {
    public static var pythonTypeName: String { "range" }

    /// A `range` of step 1.
    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Range<Int> {
        try PythonRange.bounds(object, py)
    }
}

extension Range: ToPython where Bound == Int {
    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let range = PythonRange(start: lowerBound, stop: upperBound, step: 1) else { return py_new_none() }
        return try range.toPython(py)
    }
}

extension ClosedRange: FromPython where Bound == Int {
    public static var pythonTypeName: String { "range" }

    /// A `range` of step 1 that is not empty.
    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> ClosedRange<Int> {
        let bounds = try PythonRange.bounds(object, py)
        guard !bounds.isEmpty else { throw .valueError("expected a range that is not empty") }
        return ClosedRange(bounds)
    }
}

extension ClosedRange: ToPython where Bound == Int {
    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        guard upperBound < Int.max else {
            throw PythonError(.overflowError, "the range ends too high: its upper bound must be below 2**63-1")
        }
        return try (lowerBound..<upperBound + 1).toPython(py)
    }
}

/// A Swift enum of raw values as Python sees it: the raw value. A member of a Python `Enum` whose value it is
/// is accepted as well.
public protocol PythonEnum: RawRepresentable, FromPython, ToPython where RawValue: FromPython & ToPython {}

extension PythonEnum {
    public static var pythonTypeName: String { RawValue.pythonTypeName }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self {
        let raw: RawValue
        if try PlainTypes.isInstance(object, PlainTypes.enumeration, py) {
            raw = try PythonObject(borrowing: object, py).attribute("value", as: RawValue.self, py)
        } else {
            raw = try RawValue.fromPython(object, py)
        }
        guard let value = Self(rawValue: raw) else {
            throw .valueError("\(PythonText.represent(object, py)) is no \(Self.self)")
        }
        return value
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef { try rawValue.toPython(py) }
}
