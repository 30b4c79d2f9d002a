import CPython

/// Warnings through Python's `warnings` module.
public enum PythonWarning {
    /// Issues a warning from a place that cannot raise: a filter that turns it into an error is reported as unraisable.
    public static func issue(_ kind: PythonExceptionKind, _ message: String, _ py: borrowing Python) {
        let failed = message.withCString { PyErr_WarnEx(kind.type, $0, 1) } != 0
        if failed { PyErr_WriteUnraisable(nil) }
    }
}
