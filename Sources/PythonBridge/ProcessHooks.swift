import CPython
import ForkedThread
import Glibc

/// What the bridge asks of Python for the whole process: to be told of a fork.
enum ProcessHooks {
    private static let installed = Once<Bool>()

    static func install(_ py: borrowing Python) throws(PythonError) {
        _ = try installed.value(py) { py throws(PythonError) in
            danaRenumberForkedThreads()
            let register = try PythonModules.import("os", py).attribute("register_at_fork", py)
            let before = try hook("before_fork", py) {
                WorkerPool.shared.prepareFork()
                TimerThread.shared.prepareFork()
            }
            let parent = try hook("after_fork_in_parent", py) {
                TimerThread.shared.resumeParent()
                WorkerPool.shared.resumeParent()
            }
            let child = try hook("after_fork_in_child", py) {
                ForkEpoch.advance()
                TimerThread.shared.restartInChild()
                WorkerPool.shared.restartInChild()
                LoopTable.forgetAll()
            }
            guard let names = PyDict_New() else { throw .taken(py) }
            defer { py_decref(names) }
            for (name, function) in [
                ("before", before), ("after_in_parent", parent), ("after_in_child", child),
            ] {
                guard PyDict_SetItemString(names, name, function.pointer) == 0 else { throw .taken(py) }
            }
            guard let none = PyTuple_New(0) else { throw .taken(py) }
            defer { py_decref(none) }
            guard let done = PyObject_Call(register.pointer, none, names) else { throw .taken(py) }
            py_decref(done)
            return true
        }
    }

    /// A Python callable around one of the hooks.
    private static func hook(
        _ name: StaticString, _ py: borrowing Python, _ body: @escaping @Sendable () -> Void
    ) throws(PythonError) -> PythonObject {
        let hook = function(name) {
            body()
            return Nothing()
        }
        return PythonObject(owning: try hook.toPython(py))
    }
}
