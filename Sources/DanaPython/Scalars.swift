import CPython
import DanaLanguage
import PythonBridge

// What goes from one language to the other without anything but itself being made.

extension PythonToDana {
    /// The value of None, a bool, an integer, a float or a string, the caller's; nil for anything else, and where none
    /// can be made.
    @inline(__always)
    static func scalar(_ object: PyRef, _ interpreter: Interpreter, _ py: borrowing Python) -> Value? {
        switch Int(py_kind(object)) {
        case PY_KIND_INT:
            var value: Int64 = 0
            return py_int64(object, &value) != 0 ? try? interpreter.integer(Int(value)) : nil
        case PY_KIND_STR: return string(object, interpreter)
        case PY_KIND_FLOAT: return try? interpreter.float(py_float_value(object))
        case PY_KIND_BOOL: return Interpreter.bool(object == py_true())
        case PY_KIND_NONE: return Interpreter.null
        default: return nil
        }
    }

    @inline(never)
    private static func string(_ object: PyRef, _ interpreter: Interpreter) -> Value? {
        let text = py_text_of(object)
        guard let start = text.start else {
            PyErr_Clear()
            return nil
        }
        let scalars = py_is_ascii(object) != 0 ? text.count : PyUnicode_GetLength(object)
        return start.withMemoryRebound(to: UInt8.self, capacity: text.count) {
            try? interpreter.string(utf8: UnsafeBufferPointer(start: $0, count: text.count), scalars: scalars)
        }
    }
}

extension DanaToPython {
    /// A new reference to null, a bool, an integer, a float or a string; nil for anything else, and where none can be
    /// made.
    @inline(__always)
    static func scalar(_ value: Value, _ py: borrowing Python) -> PyRef? {
        switch value.view {
        case .integer(let integer): made(PyLong_FromLongLong(Int64(integer)))
        case .string(let utf8, let scalars): made(text(utf8, scalars))
        case .null: py_new_none()
        case .bool(let flag): py_bool(flag ? 1 : 0)
        case .float(let float): made(PyFloat_FromDouble(float))
        default: nil
        }
    }

    @inline(__always)
    private static func made(_ object: PyRef?) -> PyRef? {
        if object == nil { PyErr_Clear() }
        return object
    }

    /// A str of UTF-8 that is so many scalars; nil with Python's error set where none can be made.
    static func text(_ utf8: UnsafeBufferPointer<UInt8>, _ scalars: Int) -> PyRef? {
        scalars == utf8.count
            ? py_str_from_ascii(UnsafeRawPointer(utf8.baseAddress) ?? UnsafeRawPointer(py_none()), utf8.count)
            : utf8.withMemoryRebound(to: CChar.self) { PyUnicode_DecodeUTF8($0.baseAddress, $0.count, nil) }
    }
}
