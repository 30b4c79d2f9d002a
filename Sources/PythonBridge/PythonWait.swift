import CPython
import Synchronization

/// One wait of a Swift task for a Python awaitable, which runs as a task of its loop.
///
/// Begun and ended on the loop's thread; a cancellation may come from anywhere at any time and is carried there.
final class PythonWait: Sendable {
    private let make: @Sendable (borrowing Python) throws(PythonError) -> PythonObject
    private let call: PendingCall
    private let bridge: LoopBridge
    private let machine = Mutex(PythonWaitMachine())

    /// `make` gives the awaitable, on the loop's thread.
    init(
        _ call: PendingCall, _ bridge: LoopBridge,
        _ make: @escaping @Sendable (borrowing Python) throws(PythonError) -> PythonObject
    ) {
        self.make = make
        self.call = call
        self.bridge = bridge
    }

    func begin(_ continuation: UnsafeContinuation<PythonObject, any Error>) {
        machine.withLock { $0.continuation = continuation }
        if bridge.executor.isOnThread, Python.isHeld {
            start(Python(held: ()))
        } else if !bridge.executor.post({ [self] py in start(py) }) {
            finish(.failure(PythonError(.runtimeError, "the event loop is closed")))
        }
    }

    func cancel() {
        guard let task = machine.withLock({ $0.cancelled() }) else { return }
        if bridge.executor.isOnThread, Python.isHeld {
            Self.cancel(task, Python(held: ()))
        } else {
            bridge.executor.post { py in Self.cancel(task, py) }
        }
    }

    private static func cancel(_ task: PythonObject, _ py: borrowing Python) {
        do throws(PythonError) {
            _ = try task.callMethod("cancel", py: py)
        } catch {
            PythonWarning.report(error, py)
        }
    }

    private func start(_ py: borrowing Python) {
        do throws(PythonError) {
            let awaitable = try make(py)
            guard machine.withLock({ $0.started() }) else {
                Self.discard(awaitable, py)
                return finish(.failure(CancellationError()))
            }
            let task = try bridge.kind.run(awaitable, in: call.context, whenDone: PythonWaitCallback.make(self, py), py)
            // The cancellation may have come while there was nothing to cancel.
            if machine.withLock({ $0.running(task) }) { Self.cancel(task, py) }
        } catch {
            finish(.failure(error))
        }
    }

    /// An awaitable that will not be awaited after all: a coroutine is closed, so that it does not complain.
    private static func discard(_ awaitable: PythonObject, _ py: borrowing Python) {
        if let close = PyObject_GetAttrString(awaitable.pointer, "close") {
            py_xdecref(py_call0(close))
            py_decref(close)
        }
        PyErr_Clear()
    }

    /// The Python task has ended.
    fileprivate func ended(_ task: PyRef, _ py: borrowing Python) {
        if let result = py_method0(task, PythonWaitCallback.resultName) {
            return finish(.success(PythonObject(owning: result)))
        }
        let error = PythonError.taken(py)
        if error.matches(AsyncioLoop.cancelledError(py), py) {
            finish(.failure(CancellationError()))
        } else {
            finish(.failure(error))
        }
    }

    private func finish(_ result: Result<PythonObject, any Error>) {
        machine.withLock { $0.finished() }?.resume(with: result)
    }

    /// Runs an awaitable whose result nobody waits for.
    static func runDetached(_ awaitable: PythonObject, _ py: borrowing Python) {
        guard let ensure = (try? AsyncioLoop.load(py))?.ensureFuture else { return }
        py_xdecref(py_call1(ensure.pointer, awaitable.pointer))
        PyErr_Clear()
    }
}

/// The states of a ``PythonWait``.
struct PythonWaitMachine {
    private enum State {
        case waiting
        case started
        case running(PythonObject)
        case finished
    }

    var continuation: UnsafeContinuation<PythonObject, any Error>?
    private var state = State.waiting
    private var isCancelled = false

    /// The loop's thread is about to start the awaitable; false when it must not start any more.
    mutating func started() -> Bool {
        state = .started
        return !isCancelled
    }

    /// It runs; true when it must be cancelled at once.
    mutating func running(_ task: PythonObject) -> Bool {
        if case .finished = state { return false }
        state = .running(task)
        return isCancelled
    }

    /// The Swift task is cancelled; gives what to cancel in Python, if it runs already.
    mutating func cancelled() -> PythonObject? {
        guard !isCancelled else { return nil }
        isCancelled = true
        if case .running(let task) = state { return task }
        return nil
    }

    /// Gives the continuation, once.
    mutating func finished() -> UnsafeContinuation<PythonObject, any Error>? {
        state = .finished
        defer { continuation = nil }
        return continuation
    }
}

/// The callable that an asyncio task calls when it is done.
enum PythonWaitCallback {
    private static let made = Once<HostType<PythonWait>>()
    private static let name = Once<PythonObject>()

    /// The interned name `result`; made with the type.
    static var resultName: PyRef {
        (try? name.value(Python(held: ()), { py throws(PythonError) in try PythonNames.intern("result", py) }))?.pointer
            ?? py_none()
    }

    static func make(_ wait: PythonWait, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        let type = try made.value(py) { py throws(PythonError) in
            try HostType(
                name: "swift.Completion", doc: "Tells Swift that a task has ended; private to the event loop.",
                slots: [
                    PyType_Slot(slot: Py_tp_dealloc, pfunc: slotPointer(deallocate)),
                    PyType_Slot(slot: Py_tp_call, pfunc: slotPointer(call)),
                ], py)
        }
        return PythonObject(owning: try type.make(wait, py))
    }

    private static let deallocate: DeallocationSlot = { object in
        if let object { PythonEntry.enter { _ in HostType<PythonWait>.destroy(object) } }
    }

    private static let call: @convention(c) (PyRef?, PyRef?, PyRef?) -> PyRef? = { object, arguments, _ in
        guard let object, let arguments, py_tuple_size(arguments) == 1, let task = py_tuple_get(arguments, 0) else {
            py_raise(PythonExceptionKind.typeError.type, "a completion is called with the task that has ended")
            return nil
        }
        return PythonEntry.enter { py in
            HostType<PythonWait>.content(object).ended(task, py)
            return py_new_none()
        }
    }
}
