import CPython
import Glibc

/// What the bridge needs of asyncio, looked up once.
final class AsyncioLoop: @unchecked Sendable {
    // Safe because the references never change and are used with the interpreter held.
    private let getRunningLoop: PythonObject
    private let cancelledErrorType: PythonObject
    let ensureFuture: PythonObject
    /// The type of what an `async def` of Python's gives.
    let coroutineType: PythonObject
    private let contextType: PythonObject
    let createTask: PythonObject

    /// Set once asyncio has been needed. A cache read on every call, written with the interpreter held.
    private(set) nonisolated(unsafe) static var loaded: AsyncioLoop?

    private init(_ py: borrowing Python) throws(PythonError) {
        let asyncio = try PythonModules.import("asyncio", py)
        getRunningLoop = try PythonModules.import("asyncio.events", py).attribute("_get_running_loop", py)
        cancelledErrorType = try asyncio.attribute("CancelledError", py)
        ensureFuture = try asyncio.attribute("ensure_future", py)
        coroutineType = try PythonModules.import("types", py).attribute("CoroutineType", py)
        contextType = try PythonModules.import("contextvars", py).attribute("Context", py)
        createTask = try PythonNames.intern("create_task", py)
    }

    /// The same, where the program has imported asyncio: without that no loop of it can run.
    static func imported(_ py: borrowing Python) throws(PythonError) -> AsyncioLoop? {
        if let loaded { return loaded }
        guard let modules = PyImport_GetModuleDict(), PyDict_GetItemString(modules, "asyncio.events") != nil else {
            return nil
        }
        return try load(py)
    }

    static func load(_ py: borrowing Python) throws(PythonError) -> AsyncioLoop {
        if let loaded { return loaded }
        let made = try AsyncioLoop(py)
        loaded = made
        return made
    }

    /// The loop running on this thread, a new reference; nil when there is none.
    func running(_ py: borrowing Python) -> PyRef? {
        guard let loop = py_call0(getRunningLoop.pointer) else {
            PyErr_Clear()
            return nil
        }
        if loop == py_none() {
            py_decref(loop)
            return nil
        }
        return loop
    }

    /// Makes the bridge of a loop and registers its eventfd. The loop holds the bridge through that registration and
    /// lets go when it closes.
    func attach(_ loop: PyRef, _ py: borrowing Python) throws(PythonError) -> LoopBridge {
        try ProcessHooks.install(py)
        let descriptor = py_eventfd()
        guard descriptor >= 0 else {
            throw PythonError(.osError, "no eventfd for this event loop: too many open files (errno \(errno))")
        }
        let bridge = try LoopBridge(loop: loop, executor: LoopExecutor(descriptor: descriptor), py)
        let reader = try LoopReader.make(bridge, py)
        do throws(PythonError) {
            // In an empty context: the registration lives as long as the loop and must not keep its first caller's.
            let register = try PythonObject(borrowing: loop, py).attribute("add_reader", py)
            _ = try contextType.call(py).callMethod("run", register, Int(descriptor), reader, py: py)
        } catch {
            bridge.close(py)
            throw error
        }
        return bridge
    }

    static func cancelledError(_ py: borrowing Python) -> PythonObject {
        if let type = (try? load(py))?.cancelledErrorType { return type }
        return PythonObject(borrowing: PythonExceptionKind.baseException.type, py)
    }

    /// `CancelledError(message)`.
    static func cancellation(_ message: PythonObject?, _ py: borrowing Python) -> PythonError {
        let type = cancelledError(py)
        let exception = message.map { py_call1(type.pointer, $0.pointer) } ?? py_call0(type.pointer)
        guard let exception else { return .taken(py) }
        return PythonError(exception: PythonObject(owning: exception))
    }
}
