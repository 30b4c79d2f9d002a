import CPython
import Synchronization

/// A value made at first use, by whoever holds the interpreter, and kept.
final class Once<Value: Sendable>: Sendable {
    private let made = Mutex<Value?>(nil)

    func value(
        _ py: borrowing Python, _ make: (borrowing Python) throws(PythonError) -> Value
    ) throws(PythonError) -> Value {
        if let value = made.withLock({ $0 }) { return value }
        // Made outside the lock: making may run Python, which may let another thread in; the first one kept wins.
        let value = try make(py)
        return made.withLock { kept in
            if let kept { return kept }
            kept = value
            return value
        }
    }
}
