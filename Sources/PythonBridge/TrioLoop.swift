import CPython
import Glibc

/// What the bridge needs of trio. Found where trio is imported and runs on this thread; nothing is imported for it.
final class TrioLoop: @unchecked Sendable {
    // Safe because the references never change and are used with the interpreter held.
    let currentToken: PythonObject
    let currentTask: PythonObject
    let waitRescheduled: PythonObject
    let reschedule: PythonObject
    let abortFailed: PythonObject
    private let spawnSystemTask: PythonObject
    private let turns: PythonObject
    private let start: PythonObject

    /// A cache like ``AsyncioLoop/loaded``, written with the interpreter held.
    private nonisolated(unsafe) static var loaded: TrioLoop?

    /// `turns` waits for the eventfd as trio's own tasks do, and lets Swift have its turn. `Wait` runs an awaitable and
    /// has a task's `cancel()` and `result()`. Both live in system tasks, which end with trio's run.
    private static let source = """
        async def turns(descriptor, turn):
            while True:
                await wait_readable(descriptor)
                turn()

        class Wait:
            def __init__(self, awaitable, done):
                self.scope, self.awaitable, self.done = CancelScope(), awaitable, done
                self.value = self.error = None

            async def run(self):
                try:
                    with self.scope:
                        self.value = await self.awaitable
                    if self.scope.cancelled_caught:
                        self.error = CancelledError()
                except Exception as error:
                    self.error = error
                except BaseException as error:
                    self.error = error
                    raise
                finally:
                    self.done(self)

            def cancel(self):
                self.scope.cancel()

            def result(self):
                if self.error is not None:
                    raise self.error
                return self.value

        def start(awaitable, context, done):
            wait = Wait(awaitable, done)
            spawn_system_task(wait.run, context=context)
            return wait
        """

    private init(_ py: borrowing Python) throws(PythonError) {
        let lowlevel = try PythonModules.import("trio.lowlevel", py)
        currentToken = try lowlevel.attribute("current_trio_token", py)
        currentTask = try lowlevel.attribute("current_task", py)
        waitRescheduled = try lowlevel.attribute("wait_task_rescheduled", py)
        reschedule = try lowlevel.attribute("reschedule", py)
        spawnSystemTask = try lowlevel.attribute("spawn_system_task", py)
        abortFailed = try lowlevel.attribute("Abort", py).attribute("FAILED", py)
        let scope: [(StaticString, PythonObject)] = [
            ("wait_readable", try lowlevel.attribute("wait_readable", py)),
            ("spawn_system_task", spawnSystemTask),
            ("CancelScope", try PythonModules.import("trio", py).attribute("CancelScope", py)),
            ("CancelledError", AsyncioLoop.cancelledError(py)),
        ]
        guard let globals = PyDict_New() else { throw .taken(py) }
        defer { py_decref(globals) }
        for (name, value) in scope {
            guard PyDict_SetItemString(globals, name.pointer, value.pointer) == 0 else { throw .taken(py) }
        }
        guard let builtins = PyEval_GetBuiltins(), PyDict_SetItemString(globals, "__builtins__", builtins) == 0,
            let code = Py_CompileString(Self.source, "<the bridge's tasks for trio>", Py_file_input)
        else { throw .taken(py) }
        defer { py_decref(code) }
        guard let ran = PyEval_EvalCode(code, globals, globals) else { throw .taken(py) }
        py_decref(ran)
        guard let turns = PyDict_GetItemString(globals, "turns"), let start = PyDict_GetItemString(globals, "start")
        else { throw PythonError(.systemError, "the bridge's tasks for trio are incomplete") }
        self.turns = PythonObject(borrowing: turns, py)
        self.start = PythonObject(borrowing: start, py)
    }

    /// Runs an awaitable in a task of its own, in a context; see ``LoopKind/run(_:on:in:deadline:whenDone:_:)``.
    func run(
        _ awaitable: PythonObject, in context: PythonObject, whenDone: PythonObject, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        try start.call([awaitable, context, whenDone], py)
    }

    /// The bridge of the trio loop that runs on this thread; nil where there is none.
    static func current(_ py: borrowing Python) throws(PythonError) -> LoopBridge? {
        guard let loop = try imported(py), let token = loop.token(py) else { return nil }
        let key = UInt(bitPattern: token.pointer)
        if let bridge = LoopTable.find(key), !bridge.isInherited { return bridge }
        let bridge = try loop.attach(token, py)
        LoopTable.insert(bridge, for: key)
        return bridge
    }

    static func isRunning(_ py: borrowing Python) throws(PythonError) -> Bool {
        try imported(py)?.token(py) != nil
    }

    /// What the bridge needs of trio, where the program has imported it.
    private static func imported(_ py: borrowing Python) throws(PythonError) -> TrioLoop? {
        if let loaded { return loaded }
        guard let modules = PyImport_GetModuleDict(), PyDict_GetItemString(modules, "trio.lowlevel") != nil else {
            return nil
        }
        let made = try TrioLoop(py)
        loaded = made
        return made
    }

    /// The token of the run on this thread; nil where trio does not run ("must be called from async context").
    private func token(_ py: borrowing Python) -> PythonObject? {
        guard let token = py_call0(currentToken.pointer) else {
            PyErr_Clear()
            return nil
        }
        return PythonObject(owning: token)
    }

    private func attach(_ token: PythonObject, _ py: borrowing Python) throws(PythonError) -> LoopBridge {
        try ProcessHooks.install(py)
        let descriptor = py_eventfd()
        guard descriptor >= 0 else {
            throw PythonError(.osError, "no eventfd for this event loop: too many open files (errno \(errno))")
        }
        // The bridge holds the token, so that its address names no other run meanwhile.
        let bridge = LoopBridge(kind: .trio(self, token), executor: LoopExecutor(descriptor: descriptor))
        let turn = try LoopReader.make(bridge, py)
        guard let number = PyLong_FromLong(Int(descriptor)) else { throw .taken(py) }
        do throws(PythonError) {
            _ = try spawnSystemTask.call([turns, PythonObject(owning: number), turn], py)
        } catch {
            bridge.close(py)
            throw error
        }
        return bridge
    }
}
