import CPython

/// Text across the border: UTF-8 both ways, never validated twice.
///
/// A lone surrogate has no UTF-8 form: a Python `str` that holds one is refused with `UnicodeEncodeError`
/// wherever a Swift `String` is asked for; ``PythonValue`` carries it through unharmed.
@usableFromInline
enum PythonText {
    /// A `str`; NULL with the error set when out of memory.
    @inlinable @inline(__always) static func newReference(_ text: String) -> PyRef? {
        let made = text.utf8.withContiguousStorageIfAvailable { bytes in
            py_str_from_utf8(bytes.baseAddress, bytes.count)
        }
        return made ?? copyOfForeign(text)
    }

    @usableFromInline static func copyOfForeign(_ text: String) -> PyRef? {
        Array(text.utf8).withUnsafeBufferPointer { py_str_from_utf8($0.baseAddress, $0.count) }
    }

    /// The text of a `str`; nil with the error set when it has none in UTF-8 or the object is something else.
    @inlinable @inline(__always) static func string(_ object: PyRef) -> String? {
        let text = py_text_of(object)
        guard let start = text.start else { return nil }
        if text.count <= SmallText.limit { return SmallText.string(start, text.count) }
        return copy(start, text.count, isASCII: py_is_ascii(object) != 0)
    }

    @usableFromInline @inline(never)
    static func copy(_ start: UnsafePointer<CChar>, _ count: Int, isASCII: Bool) -> String {
        // Safe because CPython guarantees valid UTF-8 and the object is held during the copy.
        let bytes = UnsafeBufferPointer(
            start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: count)
        return String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: isASCII))
    }

    /// `str(object)`, or a stand-in when that itself fails; never throws, leaves no error set.
    static func describe(_ object: PyRef, _ py: borrowing Python) -> String {
        take(PyObject_Str(object)) ?? "<\(typeName(object, py)) whose str() failed>"
    }

    /// `repr(object)` under the same rule.
    static func represent(_ object: PyRef, _ py: borrowing Python) -> String {
        take(PyObject_Repr(object)) ?? "<\(typeName(object, py)) whose repr() failed>"
    }

    /// The name a person would use for the object's type: `int`, `numpy.ndarray`.
    @usableFromInline static func typeName(_ object: PyRef, _ py: borrowing Python) -> String {
        className(py_type(object), py)
    }

    /// The same of a class.
    static func className(_ type: PyRef, _ py: borrowing Python) -> String {
        guard let name = take(PyObject_GetAttrString(type, "__qualname__")) else { return "object" }
        guard let module = take(PyObject_GetAttrString(type, "__module__")), module != "builtins", module != "__main__"
        else { return name }
        return "\(module).\(name)"
    }

    private static func take(_ object: PyRef?) -> String? {
        guard let object else {
            PyErr_Clear()
            return nil
        }
        defer { py_decref(object) }
        guard py_is_str(object) != 0, let text = string(object) else {
            PyErr_Clear()
            return nil
        }
        return text
    }
}
