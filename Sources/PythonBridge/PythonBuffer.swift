import CPython

/// The memory of a Python object that exports a buffer (bytes, `array`, memoryview, a numpy array), seen in place.
///
/// The exporter keeps the memory where it is until the last copy of this reference is gone, on whatever thread
/// that happens. Reading while Python changes the elements is the caller's business, as it is in Python.
///
/// numpy exports no buffer of `datetime64` and `timedelta64`: these are seen as their 64-bit integers, and
/// ``timeUnit`` says what they count.
public struct PythonBuffer: @unchecked Sendable {
    // Safe because nothing here changes; the elements are as shared as Python shares them.

    /// A memoryview of the object: it keeps the exporter's memory in place, and is a handle like any other, so
    /// dropping it on a thread without the interpreter is queued.
    private let keeper: PythonObject
    private let start: UnsafeMutableRawPointer?
    /// The format of one element, in the notation of Python's `struct`: `d` for a float64.
    public let format: String
    /// The size of one element in bytes.
    public let elementSize: Int
    /// How many elements there are in each dimension.
    public let shape: [Int]
    /// How many bytes lie between neighbours in each dimension; may be negative.
    public let strides: [Int]
    public let isReadOnly: Bool
    /// Whether the elements lie one after the other, the last dimension varying fastest.
    public let isContiguous: Bool
    /// The unit of a `datetime64` or `timedelta64`: `ns`, or `25s` for a multiple; nil for other elements.
    public let timeUnit: String?

    /// Views the object's memory.
    public init(_ object: PythonObject, _ py: borrowing Python) throws(PythonError) {
        guard PyObject_CheckBuffer(object.pointer) != 0 else {
            throw .mismatch("an object with a buffer", object.pointer, py)
        }
        if let keeper = PyMemoryView_FromObject(object.pointer) {
            self.keeper = PythonObject(owning: keeper)
            timeUnit = nil
        } else {
            let refusal = PythonError.taken(py)
            guard let times = try PythonBuffer.timesAsIntegers(object, py) else { throw refusal }
            guard let keeper = PyMemoryView_FromObject(times.integers.pointer) else { throw .taken(py) }
            self.keeper = PythonObject(owning: keeper)
            timeUnit = times.unit
        }
        var view = Py_buffer()
        guard PyObject_GetBuffer(keeper.pointer, &view, py_buffer_full_read_only()) == 0 else { throw .taken(py) }
        // The memoryview goes on holding the memory; this view of the view is only read for its description.
        defer { PyBuffer_Release(&view) }
        guard view.suboffsets == nil else {
            throw PythonError(.bufferError, "a buffer of pointers to rows has no place in memory; copy it first")
        }
        let dimensions = Int(view.ndim)
        let (sizes, steps) = (view.shape, view.strides)
        shape = (0..<dimensions).map { sizes?[$0] ?? 0 }
        strides = (0..<dimensions).map { steps?[$0] ?? 0 }
        format = view.format.map { String(cString: $0) } ?? "B"
        elementSize = view.itemsize
        isReadOnly = view.readonly != 0
        isContiguous = PyBuffer_IsContiguous(&view, CChar(UInt8(ascii: "C"))) != 0
        start = view.buf
    }

    /// The integers behind an array of `datetime64` or `timedelta64`, and what they count; nil for any other object.
    private static func timesAsIntegers(
        _ object: PythonObject, _ py: borrowing Python
    ) throws(PythonError) -> (integers: PythonObject, unit: String)? {
        guard PyObject_HasAttrString(object.pointer, "dtype") != 0 else { return nil }
        let code = PythonText.describe(try object.attribute("dtype", py).pointer, py)
        guard code.hasPrefix("datetime64[") || code.hasPrefix("timedelta64["), let open = code.firstIndex(of: "[")
        else { return nil }
        let integers = PythonObject(owning: try "int64".toPython(py))
        let unit = String(code[code.index(after: open)...].dropLast())
        return (try object.attribute("view", py).call(integers, py: py), unit)
    }

    /// How many elements there are.
    public var count: Int { shape.reduce(1, *) }

    /// The elements, in place. The buffer must be contiguous and hold elements of this type.
    public func withElements<Element: BufferElement, Result, Failure: Error>(
        of type: Element.Type, _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
    ) throws -> Result {
        try check(type)
        guard isContiguous else {
            throw PythonError(
                .bufferError, "the buffer is not contiguous (strides \(strides)): read a copy with array(of:)")
        }
        return try withExtendedLifetime(keeper) {
            // Safe because the exporter vouches for `count` elements of the checked type, kept by the memoryview.
            let base = UnsafeRawPointer(start)?.assumingMemoryBound(to: Element.self)
            return try body(UnsafeBufferPointer(start: base, count: base == nil ? 0 : count))
        }
    }

    /// The elements, in place and writable. The buffer must be writable, contiguous and hold elements of this type.
    public func withMutableElements<Element: BufferElement, Result, Failure: Error>(
        of type: Element.Type, _ body: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Result
    ) throws -> Result {
        guard !isReadOnly else { throw PythonError(.bufferError, "the buffer is read-only: write to a copy") }
        return try withElements(of: type) { elements in
            try body(UnsafeMutableBufferPointer(mutating: elements))
        }
    }

    /// A copy of the elements in the order of their indexes, whatever the strides.
    public func array<Element: BufferElement>(of type: Element.Type) throws(PythonError) -> [Element] {
        try check(type)
        guard let start, count > 0 else { return [] }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        var place = [Int](repeating: 0, count: shape.count)
        var offset = 0
        while true {
            // Safe because the offset is that of an index inside the shape, and the memoryview keeps the memory.
            elements.append((start + offset).loadUnaligned(as: Element.self))
            var dimension = shape.count - 1
            while dimension >= 0 {
                place[dimension] += 1
                offset += strides[dimension]
                if place[dimension] < shape[dimension] { break }
                offset -= place[dimension] * strides[dimension]
                place[dimension] = 0
                dimension -= 1
            }
            if dimension < 0 { break }
        }
        withExtendedLifetime(keeper) {}
        return elements
    }

    private func check<Element: BufferElement>(_ type: Element.Type) throws(PythonError) {
        guard BufferFormat(format)?.fits(type, size: elementSize) == true else {
            throw .typeError("expected a buffer of \(Element.self), got one of format '\(format)'")
        }
    }
}

extension PythonBuffer: FromPython {
    public static var pythonTypeName: String { "buffer" }

    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PythonBuffer {
        try PythonBuffer(PythonObject(borrowing: object, py), py)
    }
}
