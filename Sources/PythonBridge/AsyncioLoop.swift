import CPython
import Glibc

/// What the bridge needs of asyncio, looked up once.
final class AsyncioLoop: @unchecked Sendable {
    // Safe because the references never change and are used with the interpreter held.
    private let getRunningLoop: PythonObject
    private let cancelledErrorType: PythonObject
    let ensureFuture: PythonObject
    let addReader: PythonObject
    let createTask: PythonObject

    /// Set once asyncio has been needed. A cache read on every call, written with the interpreter held.
    private(set) nonisolated(unsafe) static var loaded: AsyncioLoop?

    private init(_ py: borrowing Python) throws(PythonError) {
        let asyncio = try PythonModules.import("asyncio", py)
        getRunningLoop = try PythonModules.import("asyncio.events", py).attribute("_get_running_loop", py)
        cancelledErrorType = try asyncio.attribute("CancelledError", py)
        ensureFuture = try asyncio.attribute("ensure_future", py)
        addReader = try PythonNames.intern("add_reader", py)
        createTask = try PythonNames.intern("create_task", py)
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
        let bridge = LoopBridge(kind: .asyncio, executor: LoopExecutor(descriptor: descriptor), loop: loop)
        let reader = try LoopReader.make(bridge, py)
        guard let number = PyLong_FromLong(Int(descriptor)) else { throw .taken(py) }
        defer { py_decref(number) }
        guard let done = py_method2(loop, addReader.pointer, number, reader.pointer) else {
            let error = PythonError.taken(py)
            bridge.close(py)
            throw error
        }
        py_decref(done)
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
