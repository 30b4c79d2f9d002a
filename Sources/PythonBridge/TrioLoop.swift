import CPython
import Glibc

/// What the bridge needs of trio. Found where trio is imported and runs on this thread; nothing is imported for it.
final class TrioLoop: @unchecked Sendable {
    // Safe because the references never change and are used with the interpreter held.
    fileprivate let currentToken: PythonObject
    fileprivate let currentTask: PythonObject
    fileprivate let waitRescheduled: PythonObject
    fileprivate let reschedule: PythonObject
    fileprivate let abortFailed: PythonObject
    private let spawnSystemTask: PythonObject
    private let readerFunction: PythonObject

    /// A cache like ``AsyncioLoop/loaded``, written with the interpreter held.
    private nonisolated(unsafe) static var loaded: TrioLoop?

    /// Waits for the eventfd as trio's own tasks do, and lets Swift have its turn. A system task ends with trio's run.
    private static let reader = """
        async def turns(wait_readable, descriptor, turn):
            while True:
                await wait_readable(descriptor)
                turn()
        """

    private init(_ trio: PyRef, _ py: borrowing Python) throws(PythonError) {
        let lowlevel = try PythonModules.import("trio.lowlevel", py)
        currentToken = try lowlevel.attribute("current_trio_token", py)
        currentTask = try lowlevel.attribute("current_task", py)
        waitRescheduled = try lowlevel.attribute("wait_task_rescheduled", py)
        reschedule = try lowlevel.attribute("reschedule", py)
        spawnSystemTask = try lowlevel.attribute("spawn_system_task", py)
        abortFailed = try lowlevel.attribute("Abort", py).attribute("FAILED", py)
        let wait = try lowlevel.attribute("wait_readable", py)
        guard let globals = PyDict_New() else { throw .taken(py) }
        defer { py_decref(globals) }
        guard let builtins = PyEval_GetBuiltins(), PyDict_SetItemString(globals, "__builtins__", builtins) == 0,
            let code = Py_CompileString(Self.reader, "<the bridge's reader for trio>", Py_file_input)
        else { throw .taken(py) }
        defer { py_decref(code) }
        guard let ran = PyEval_EvalCode(code, globals, globals) else { throw .taken(py) }
        py_decref(ran)
        guard let turns = PyDict_GetItemString(globals, "turns") else { throw .taken(py) }
        let partial = try PythonModules.import("functools", py).attribute("partial", py)
        readerFunction = try partial.call([PythonObject(borrowing: turns, py), wait], py)
    }

    /// The bridge of the trio loop that runs on this thread; nil where there is none.
    static func current(_ py: borrowing Python) throws(PythonError) -> LoopBridge? {
        guard let modules = PyImport_GetModuleDict(), let trio = PyDict_GetItemString(modules, "trio") else {
            return nil
        }
        let loop: TrioLoop
        if let loaded {
            loop = loaded
        } else {
            loop = try TrioLoop(trio, py)
            loaded = loop
        }
        guard let token = py_call0(loop.currentToken.pointer) else {
            // "must be called from async context": trio does not run here.
            PyErr_Clear()
            return nil
        }
        defer { py_decref(token) }
        let key = UInt(bitPattern: token)
        if let bridge = LoopTable.find(key), !bridge.isInherited { return bridge }
        let bridge = try loop.attach(PythonObject(borrowing: token, py), py)
        LoopTable.insert(bridge, for: key)
        return bridge
    }

    private func attach(_ token: PythonObject, _ py: borrowing Python) throws(PythonError) -> LoopBridge {
        try ProcessHooks.install(py)
        let descriptor = py_eventfd()
        guard descriptor >= 0 else {
            throw PythonError(.osError, "no eventfd for this event loop: too many open files (errno \(errno))")
        }
        // The bridge holds the token, so that its address names no other run meanwhile.
        let bridge = LoopBridge(kind: .trio(self, token), executor: LoopExecutor(descriptor: descriptor), loop: nil)
        let turn = try LoopReader.make(bridge, py)
        guard let number = PyLong_FromLong(Int(descriptor)) else { throw .taken(py) }
        do throws(PythonError) {
            _ = try spawnSystemTask.call([readerFunction, PythonObject(owning: number), turn], py)
        } catch {
            bridge.close(py)
            throw error
        }
        return bridge
    }
}

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
