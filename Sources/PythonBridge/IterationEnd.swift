import CPython

/// Has asyncio call back at the end of its loop's current iteration, once however often it is asked.
final class IterationEnd: @unchecked Sendable {
    // Safe because it is touched on the loop's thread with the interpreter held.

    /// Not held: the loop's bridge owns this and lets go of it when the loop closes.
    private let loop: PyRef
    private let callSoon: PythonObject
    private var callback: PythonObject?
    private var isAnnounced = false

    /// `body` gives false with an error set when the loop is to end.
    init(
        loop: PyRef, _ py: borrowing Python, _ body: @escaping @Sendable (borrowing Python) -> Bool
    ) throws(PythonError) {
        self.loop = loop
        callSoon = try PythonNames.intern("call_soon", py)
        let callback = function("end_of_iteration") { [weak self] () throws(PythonError) -> Nothing in
            self?.isAnnounced = false
            let py = Python(held: ())
            guard body(py) else { throw .taken(py) }
            return Nothing()
        }
        self.callback = PythonObject(owning: try callback.toPython(py))
    }

    /// False where the loop cannot call back any more.
    func announce() -> Bool {
        if isAnnounced { return true }
        guard let callback, let handle = py_method1(loop, callSoon.pointer, callback.pointer) else {
            PyErr_Clear()
            return false
        }
        py_decref(handle)
        isAnnounced = true
        return true
    }

    /// The loop has closed.
    func close() { callback = nil }
}
