import CPython

/// A parameter whose argument lends its memory to the call: the function sees the elements in place, as a `Span`.
///
/// Takes what a ``PythonBuffer`` takes, if it is contiguous and holds elements of this type. Nothing is allocated, and
/// nothing can outlive the call; a ``PythonBuffer`` is for memory that is kept.
///
/// ```swift
/// function("total", elements("values", of: Double.self)) { (values: Span<Double>) in
///     values.indices.reduce(0) { $0 + values[$1] }
/// }
/// ```
public struct ElementsParameter<Element: BufferElement> {
    @usableFromInline let specification: ParameterSpecification

    @usableFromInline init(_ name: StaticString) {
        specification = ParameterSpecification(
            name: name, passing: .either, fallbackText: nil, fallback: Fallback<Never>(nil))
    }
}

/// A required parameter whose argument lends its memory to the call.
@inlinable
public func elements<Element: BufferElement>(
    _ name: StaticString, of type: Element.Type
) -> ElementsParameter<Element> {
    ElementsParameter(name)
}

extension ExportedFunction {
    /// Runs `body` with the elements of what was passed for a parameter, naming the parameter when it does not lend them.
    @inlinable @inline(__always)
    func lending<Element: BufferElement>(
        _ index: Int, _ arguments: UnsafePointer<PyRef?>, _ parameter: ElementsParameter<Element>.Type,
        _ py: borrowing Python, _ body: (Span<Element>) throws(PythonError) -> PyRef
    ) throws(PythonError) -> PyRef {
        guard let object = arguments[index] else { throw missing(index) }
        var view = Py_buffer()
        return try withUnsafeMutablePointer(to: &view) { view throws(PythonError) in
            if PyObject_GetBuffer(object, view, py_buffer_full_read_only()) == 0,
                let elements = view.pointee.row(of: Element.self)
            {
                defer { PyBuffer_Release(view) }
                return try body(elements.span)
            }
            return try lendingOtherwise(index, object, view, py, body)
        }
    }

    /// The same for what is no plain row of elements: several dimensions, moments, and every refusal.
    @inline(never) @usableFromInline
    func lendingOtherwise<Element: BufferElement>(
        _ index: Int, _ object: PyRef, _ view: UnsafeMutablePointer<Py_buffer>, _ py: borrowing Python,
        _ body: (Span<Element>) throws(PythonError) -> PyRef
    ) throws(PythonError) -> PyRef {
        if view.pointee.obj == nil { PyErr_Clear() } else { PyBuffer_Release(view) }
        let buffer: PythonBuffer
        let elements: UnsafeBufferPointer<Element>
        do throws(PythonError) {
            buffer = try PythonBuffer(viewing: object, py)
            elements = try buffer.elements(of: Element.self)
        } catch {
            throw located(error, index, py)
        }
        defer { withExtendedLifetime(buffer) {} }
        return try body(elements.span)
    }
}

extension Py_buffer {
    /// The elements, where they are of this type and lie in one dimension side by side.
    @inlinable @inline(__always)
    func row<Element: BufferElement>(of type: Element.Type) -> UnsafeBufferPointer<Element>? {
        // Safe because an exporter asked for everything gives the shape and strides of each dimension, and a format that
        // ends with a zero, so that a first letter has a second byte.
        guard ndim == 1, suboffsets == nil, itemsize == MemoryLayout<Element>.size, let shape, shape[0] > 0,
            let strides, strides[0] == itemsize, let format, format[0] != 0, format[1] == 0,
            BufferFormat.kind(ofLetter: UInt8(bitPattern: format[0])) == Element.bufferClass,
            UInt(bitPattern: buf) & UInt(MemoryLayout<Element>.alignment - 1) == 0
        else { return nil }
        if let buf, !Element.areElements(at: buf, count: shape[0]) { return nil }
        return UnsafeBufferPointer(start: buf?.assumingMemoryBound(to: Element.self), count: shape[0])
    }
}
