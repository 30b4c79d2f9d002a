import CPython
import Dana
import DanaLanguage
import PythonBridge

/// What objects made under a context's lock still lack when it has been given back: entries whose keys may run Python
/// code when they are asked for their hash, and the form in which users see objects and modules.
struct PendingObjects {
    /// Whether something was made that the Python side has yet to present.
    var needsPresenting = false
    private var entries: [(container: PythonObject, key: PythonObject, value: PythonObject?)] = []

    /// An entry of a dict, or an item of a set, in its turn; the references are taken over, but for the container's.
    mutating func add(_ key: PyRef, _ value: PyRef?, to container: PyRef, _ py: borrowing Python) {
        entries.append(
            (
                PythonObject(borrowing: container, py), PythonObject(owning: key),
                value.map { PythonObject(owning: $0) }
            ))
    }

    /// Fills in the entries; without the lock.
    mutating func fill(_ py: borrowing Python) throws(PythonError) {
        for index in entries.indices {
            let (container, made, value) = entries[index]
            let key = PythonObject(owning: try seen(made.owned(py), py))
            if let value {
                guard PyDict_SetItem(container.pointer, key.pointer, value.pointer) == 0 else { throw .taken(py) }
            } else {
                guard PySet_Add(container.pointer, key.pointer) == 0 else { throw .taken(py) }
            }
        }
        entries = []
    }

    /// What users see of an object that lacks nothing else, whose reference is taken over.
    func seen(_ made: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        needsPresenting ? try PythonObject.presented(made, py) : made
    }
}

extension ContextCore {
    /// Does something with the interpreter that makes Python objects or looks into them. Python's collector waits
    /// meanwhile: what it ends may come back to this context.
    func withLockForConversion<Result>(
        _ py: borrowing Python, _ body: (Interpreter) throws -> Result
    ) throws -> Result {
        let wasOn = PyGC_Disable()
        defer { if wasOn != 0 { PyGC_Enable() } }
        return try withLock(body)
    }
}
