import CPython
import PythonBridge

/// A tuple that the caller holds for as long as the call takes.
struct PassedTuple: FromPython, @unchecked Sendable {
    // Safe because it is looked at within the call alone.
    let object: PyRef

    static var pythonTypeName: String { "tuple" }

    static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PassedTuple {
        guard py_kind(object) == Int32(PY_KIND_TUPLE) else { throw .typeError("the arguments are no tuple") }
        return PassedTuple(object: object)
    }
}

/// A dict that the caller holds for as long as the call takes.
struct PassedDict: FromPython, @unchecked Sendable {
    // Safe because it is looked at within the call alone.
    let object: PyRef

    static var pythonTypeName: String { "dict" }

    static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PassedDict {
        guard py_kind(object) == Int32(PY_KIND_DICT) else { throw .typeError("the keywords are no dict") }
        return PassedDict(object: object)
    }
}
