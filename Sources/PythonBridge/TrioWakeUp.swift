import CPython

/// How a task of trio waits for a Swift call: in `wait_task_rescheduled`, whose steps are passed through.
///
/// trio's abort is answered with `FAILED`: Swift is asked to stop, and the task is rescheduled with trio's own
/// `Cancelled` when it has.
final class TrioWakeUp: WakeUp {
    private let trio: TrioLoop
    private let task: PythonObject
    private let steps: PythonObject
    private let raiseCancel: Shared

    /// What the abort function leaves for the wake-up.
    private final class Shared: @unchecked Sendable {
        // Safe because it is touched on the loop's thread with the interpreter held.
        weak var call: PendingCall?
        var raiseCancel: PythonObject?
    }

    init(_ call: PendingCall, _ trio: TrioLoop, _ py: borrowing Python) throws(PythonError) {
        let shared = Shared()
        shared.call = call
        let failed = trio.abortFailed
        let abort = function("abort", "raise_cancel") { (raise: PythonObject) in
            shared.raiseCancel = raise
            Python.hold { py in _ = shared.call?.cancel(message: nil, py) }
            return failed
        }
        self.trio = trio
        raiseCancel = shared
        task = try trio.currentTask.call(py)
        steps = try trio.waitRescheduled.call([PythonObject(owning: abort.toPython(py))], py)
    }

    /// The first step of the wait: what trio is to see.
    func begin(_ py: borrowing Python) throws(PythonError) -> PyRef {
        var yielded: PyRef?
        guard PyIter_Send(steps.pointer, py_none(), &yielded) == PYGEN_NEXT, let yielded else { throw .taken(py) }
        return yielded
    }

    func wake(_ py: borrowing Python) -> Bool {
        guard let done = py_call1(trio.reschedule.pointer, task.pointer) else {
            // The run has ended: there is nobody to wake.
            PyErr_Clear()
            return true
        }
        py_decref(done)
        return true
    }

    /// The exception of trio's cancellation, when it asked for one.
    func cancellation(_ py: borrowing Python) -> PythonError? {
        guard let raise = raiseCancel.raiseCancel else { return nil }
        guard let unexpected = py_call0(raise.pointer) else { return .taken(py) }
        py_decref(unexpected)
        return nil
    }

    /// trio has stepped the task with the outcome of the wait.
    func finishWait(_ value: PyRef?, _ py: borrowing Python) {
        var yielded: PyRef?
        _ = PyIter_Send(steps.pointer, value ?? py_none(), &yielded)
        py_xdecref(yielded)
        PyErr_Clear()
    }
}
