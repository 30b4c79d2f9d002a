import CPython
import PythonTrampolines

/// Keeps a conversion that calls itself from using up the thread's stack.
///
/// CPython's own limit applies too, and is not enough: from 3.13 on it is measured by CPython's frames, which are
/// smaller than a record's.
enum ConversionDepth {
    /// Levels of records; each takes one to two kilobytes of the stack, in debug builds several.
    private static let limit = 500

    static func enter(_ py: borrowing Python) throws(PythonError) {
        guard dana_depth_get() < limit else {
            throw PythonError(
                .recursionError, "the record is nested deeper than \(limit) levels, or contains itself; flatten it")
        }
        guard Py_EnterRecursiveCall(" while converting a record") == 0 else { throw .taken(py) }
        dana_depth_set(dana_depth_get() &+ 1)
    }

    static func leave() {
        dana_depth_set(dana_depth_get() &- 1)
        Py_LeaveRecursiveCall()
    }
}
