import CPython

/// Has asyncio call back once its loop's current callback has returned, once however often it is asked: at the end of the
/// iteration, or before everything else that is ready.
final class LoopCallback: @unchecked Sendable {
    // Safe because it is touched on the loop's thread with the interpreter held.

    /// When the loop calls back.
    enum Turn {
        case last
        /// What a loop of the standard library has ready is a deque, and the newcomer is moved to its front; any other
        /// loop calls back in its order.
        case first
    }

    /// Not held: the loop's bridge owns this and lets go of it when the loop closes.
    private let loop: PyRef
    private let callSoon: PythonObject
    private let ready: PythonObject?
    private let rotate: PythonObject
    private let one: PythonObject
    private var callback: PythonObject?
    private var isAnnounced = false

    /// `body` gives false with an error set when the loop is to end. It is kept until this is closed.
    init(
        _ turn: Turn, of loop: PyRef, _ py: borrowing Python, _ body: @escaping @Sendable (borrowing Python) -> Bool
    ) throws(PythonError) {
        self.loop = loop
        callSoon = try PythonNames.intern("call_soon", py)
        rotate = try PythonNames.intern("rotate", py)
        one = PythonObject(owning: try 1.toPython(py))
        ready = turn == .first ? Self.deque(of: loop, py) : nil
        // It keeps this object and `body`; a weak reference to either would make every use of them slower.
        let callback = function("continue_swift") { [self] () throws(PythonError) -> Nothing in
            isAnnounced = false
            let py = Python(held: ())
            guard body(py) else { throw .taken(py) }
            return Nothing()
        }
        self.callback = PythonObject(owning: try callback.toPython(py))
    }

    /// Nil where the loop has none.
    private static func deque(of loop: PyRef, _ py: borrowing Python) -> PythonObject? {
        let loop = PythonObject(borrowing: loop, py)
        guard let ready = try? loop.attribute("_ready", py), let type = try? PythonModules.import("collections", py),
            let deque = try? type.attribute("deque", py), py_type(ready.pointer) == deque.pointer
        else { return nil }
        return ready
    }

    /// False where the loop cannot call back any more.
    func announce() -> Bool {
        if isAnnounced { return true }
        guard let callback, let handle = py_method1(loop, callSoon.pointer, callback.pointer) else {
            PyErr_Clear()
            return false
        }
        defer { py_decref(handle) }
        isAnnounced = true
        if let ready { advance(handle, in: ready.pointer) }
        return true
    }

    private func advance(_ handle: PyRef, in ready: PyRef) {
        let last = PySequence_GetItem(ready, -1)
        defer { py_xdecref(last) }
        if last == handle { py_xdecref(py_method1(ready, rotate.pointer, one.pointer)) }
        PyErr_Clear()
    }

    /// The loop has closed.
    func close() { callback = nil }
}
