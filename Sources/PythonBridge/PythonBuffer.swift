import CPython

/// The memory of a Python object that exports a buffer (bytes, `array`, memoryview, a numpy array), seen in place.
///
/// The exporter keeps the memory where it is until the last copy of this reference is gone, on whatever thread
/// that happens. Reading while Python changes the elements is the caller's business, as it is in Python.
///
/// numpy exports no buffer of `datetime64` and `timedelta64`: these are seen as their 64-bit integers, and
/// ``timeUnit`` says what they count.
@frozen public struct PythonBuffer: @unchecked Sendable {
    // Safe because nothing here changes; the elements are as shared as Python shares them.

    @usableFromInline let hold: BufferHold

    /// Views the object's memory.
    @inlinable @inline(__always)
    public init(_ object: PythonObject, _ py: borrowing Python) throws(PythonError) {
        self = try PythonBuffer(viewing: object.pointer, py)
    }

    @inlinable @inline(__always)
    init(viewing object: PyRef, _ py: borrowing Python) throws(PythonError) {
        let hold = BufferHold(moments: nil)
        // Who cannot lend its memory as it is answers out of line: a witness that throws an error of its own is not
        // inlined where it is used.
        self.hold = hold.fill(from: object) && hold.view.suboffsets == nil ? hold : try Self.otherHold(hold, object, py)
    }

    @usableFromInline @inline(never)
    static func otherHold(_ hold: BufferHold, _ object: PyRef, _ py: borrowing Python) throws(PythonError) -> BufferHold
    {
        guard hold.view.obj == nil else {
            throw PythonError(.bufferError, "a buffer of pointers to rows has no place in memory; copy it first")
        }
        return try holdOfMoments(object, py)
    }

    /// The view of the integers behind moments, for an object that has just refused its memory.
    private static func holdOfMoments(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> BufferHold {
        let refusal = PythonError.taken(py)
        guard PyObject_CheckBuffer(object) != 0 else { throw .mismatch("an object with a buffer", object, py) }
        guard let moments = try integers(ofMoments: PythonObject(borrowing: object, py), py) else { throw refusal }
        let hold = BufferHold(moments: BufferHold.Moments(unit: moments.unit))
        guard hold.fill(from: moments.integers.pointer) else { throw .taken(py) }
        return hold
    }

    /// The integers of an array of `datetime64` or `timedelta64`, and what they count; nil for any other object.
    private static func integers(
        ofMoments object: PythonObject, _ py: borrowing Python
    ) throws(PythonError) -> (integers: PythonObject, unit: String)? {
        guard PyObject_HasAttrString(object.pointer, "dtype") != 0 else { return nil }
        let code = try object.attribute("dtype", py).text(py)
        guard code.hasPrefix("datetime64[") || code.hasPrefix("timedelta64["), let open = code.firstIndex(of: "[")
        else { return nil }
        let integers = PythonObject(owning: try "int64".toPython(py))
        let unit = String(code[code.index(after: open)...].dropLast())
        return (try object.attribute("view", py).call(integers, py: py), unit)
    }

    /// The format of one element, in the notation of Python's `struct`: `d` for a float64.
    public var format: String { withExtendedLifetime(hold) { hold.view.format.map { String(cString: $0) } ?? "B" } }

    /// The size of one element in bytes.
    public var elementSize: Int { hold.view.itemsize }

    /// How many elements there are in each dimension.
    public var shape: [Int] { withExtendedLifetime(hold) { row(hold.view.shape) } }

    /// How many bytes lie between neighbours in each dimension; may be negative.
    public var strides: [Int] { withExtendedLifetime(hold) { row(hold.view.strides) } }

    public var isReadOnly: Bool { hold.view.readonly != 0 }

    /// The unit of a `datetime64` or `timedelta64`: `ns`, or `25s` for a multiple; nil for other elements.
    public var timeUnit: String? { hold.moments?.unit }

    /// Whether the elements lie one after the other, the last dimension varying fastest.
    @inlinable public var isContiguous: Bool {
        if hold.view.ndim == 1, let steps = hold.view.strides,
            withExtendedLifetime(hold, { steps[0] }) == hold.view.itemsize
        {
            return true
        }
        return PyBuffer_IsContiguous(&hold.view, CChar(UInt8(ascii: "C"))) != 0
    }

    /// How many elements there are.
    @inlinable public var count: Int {
        if hold.view.ndim == 1, let sizes = hold.view.shape { return withExtendedLifetime(hold) { sizes[0] } }
        return shape.reduce(1, *)
    }

    private func row(_ numbers: UnsafeMutablePointer<Int>?) -> [Int] {
        // Safe because an exporter asked for everything gives a row as long as there are dimensions, or none.
        guard let numbers else { return [] }
        return Array(UnsafeBufferPointer(start: numbers, count: max(0, Int(hold.view.ndim))))
    }

    /// The elements, in place. The buffer must be contiguous and hold elements of this type.
    @inlinable @inline(__always)
    public func withElements<Element: BufferElement, Result, Failure: Error>(
        of type: Element.Type, _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
    ) throws -> Result {
        let elements = try elements(of: type)
        return try withExtendedLifetime(hold) { try body(elements) }
    }

    /// The elements, in place as long as the buffer is kept.
    @inlinable @inline(__always)
    func elements<Element: BufferElement>(
        of type: Element.Type
    ) throws(PythonError) -> UnsafeBufferPointer<Element> {
        try check(type)
        guard isContiguous else { throw scattered }
        // What has no elements need not have a place for them either.
        guard count > 0 else { return UnsafeBufferPointer(start: nil, count: 0) }
        // Safe because the exporter vouches for `count` elements of the checked type, kept by the hold.
        return try Element.elements(at: hold.view.buf, count: count)
    }

    /// The elements, in place and writable. The buffer must be writable, contiguous and hold elements of this type.
    @inlinable
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
        guard let start = hold.view.buf else { return [] }
        return withExtendedLifetime(hold) {
            StridedOffsets(shape: shape, strides: strides).map {
                // Safe because the offset is that of an index inside the shape, and the hold keeps the memory.
                Element.element(at: start + $0)
            }
        }
    }

    @usableFromInline var scattered: PythonError {
        PythonError(.bufferError, "the buffer is not contiguous (strides \(strides)): read a copy with array(of:)")
    }

    @inlinable @inline(__always)
    func check<Element: BufferElement>(_ type: Element.Type) throws(PythonError) {
        // Most formats are one letter. Safe because a format ends with a zero, so a first byte has a second one.
        if let format = hold.view.format, hold.view.itemsize == MemoryLayout<Element>.size, format[0] != 0,
            format[1] == 0,
            BufferFormat.kind(ofLetter: UInt8(bitPattern: format[0])) == Element.bufferClass
        {
            return
        }
        try checkText(type)
    }

    @usableFromInline
    func checkText<Element: BufferElement>(_ type: Element.Type) throws(PythonError) {
        guard BufferFormat(format)?.fits(type, size: elementSize) == true else {
            throw .typeError("expected a buffer of \(Element.self), got one of format '\(format)'")
        }
    }
}

extension PythonBuffer: FromPython {
    public static var pythonTypeName: String { "buffer" }

    @inlinable @inline(__always)
    public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PythonBuffer {
        try PythonBuffer(viewing: object, py)
    }
}
