import CPython

/// What an error says, in Python's terms.
extension PythonError {
    /// The name of the exception's class: `ValueError`, `json.decoder.JSONDecodeError`.
    public func typeName(_ py: borrowing Python) -> String { exception(py).typeName(py) }

    /// `str(exception)`.
    public func message(_ py: borrowing Python) -> String {
        let exception = exception(py)
        return PythonText.describe(exception.pointer, py)
    }

    /// `exception.args`.
    public func arguments(_ py: borrowing Python) throws(PythonError) -> [PythonObject] {
        try exception(py).attribute("args", py).elements(py)
    }

    /// `exception.__cause__`: what it was raised `from`.
    public func cause(_ py: borrowing Python) -> PythonError? {
        let exception = exception(py)
        return PyException_GetCause(exception.pointer).map { PythonError(exception: PythonObject(owning: $0)) }
    }

    /// `exception.__context__`: what was being handled when it was raised.
    public func context(_ py: borrowing Python) -> PythonError? {
        let exception = exception(py)
        return PyException_GetContext(exception.pointer).map { PythonError(exception: PythonObject(owning: $0)) }
    }

    /// The notes added to it.
    public func notes(_ py: borrowing Python) throws(PythonError) -> [String] {
        let exception = exception(py)
        guard try exception.hasAttribute("__notes__", py) else { return [] }
        return try exception.attribute("__notes__", py).elements(as: String.self, py)
    }

    /// The text that Python would print: traceback, causes, contexts and notes.
    public func traceback(_ py: borrowing Python) throws(PythonError) -> String {
        let lines = try py.import("traceback").callMethod("format_exception", exception(py), py: py)
        return try lines.elements(as: String.self, py).joined()
    }

    /// The same error with a note, as `add_note` adds one.
    public func noted(_ note: String, _ py: borrowing Python) throws(PythonError) -> PythonError {
        let exception = exception(py)
        _ = try exception.callMethod("add_note", note, py: py)
        return PythonError(exception: exception)
    }

    /// The same error, raised `from` another.
    public func caused(by cause: PythonError, _ py: borrowing Python) -> PythonError {
        let exception = exception(py)
        PyException_SetCause(exception.pointer, cause.exception(py).owned(py))
        return PythonError(exception: exception)
    }
}
