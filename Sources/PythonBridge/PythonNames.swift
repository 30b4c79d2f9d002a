import CPython

/// Interned attribute names that the bridge uses often.
enum PythonNames {
    private static let addDoneCallbackName = Once<PythonObject>()

    static func intern(_ name: StaticString, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        guard let object = PyUnicode_InternFromString(name.pointer) else { throw .taken(py) }
        return PythonObject(owning: object)
    }

    static func addDoneCallback(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        try addDoneCallbackName.value(py) { py throws(PythonError) in try intern("add_done_callback", py) }
    }
}
