import PythonBridge
import Synchronization

/// Handles that outlive their calls, and threads of Swift's own.
@PythonModuleBuilder var lifetimeProbes: [any PythonModuleItem] {
    function("keep", "value", doc: "Keeps a handle in Swift for good.") { (value: PythonObject) in
        keptHandles.withLock { $0.append(value) }
        return Nothing()
    }
    function("drop_on_a_thread", "value", doc: "Drops a handle on a thread that never holds Python.") {
        (value: PythonObject) in
        ProbeThread.start { _ = value }
        return Nothing()
    }
    function("hammer", doc: "Starts a thread that holds Python over and over until the process ends.") { () in
        ProbeThread.start {
            while true { Python.hold { py in _ = py.none } }
        }
        return Nothing()
    }
    function("start_on_a_thread", "callable", doc: "Calls on a Swift thread, and does not wait.") {
        (callable: PythonObject) in
        ProbeThread.start { Python.hold { py in _ = try? callable.call(py) } }
        return Nothing()
    }
    function("call_on_a_thread", "callable", doc: "Calls on a Swift thread and waits, the interpreter released.") {
        (callable: PythonObject) throws(PythonError) -> PythonObject in
        try Python.hold { py throws(PythonError) in
            try py.release {
                ProbeThread.run { () throws(PythonError) in
                    try Python.hold { py throws(PythonError) in try callable.call(py) }
                }
            }.get()
        }
    }
}

private let keptHandles = Mutex<[PythonObject]>([])
