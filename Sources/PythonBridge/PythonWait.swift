import CPython
import Synchronization

/// One wait of a Swift task for a Python awaitable, which runs as a task of its loop.
///
/// Begun and ended on the loop's thread; a cancellation may come from anywhere at any time and is carried there.
final class PythonWait: Sendable {
    /// What the task says that it waits for.
    let purpose: (any Sendable)?
    private let make: @Sendable (borrowing Python) throws(PythonError) -> PythonObject
    private let call: PendingCall
    private let deadline = Deadline.current
    private let bridge: LoopBridge
    private let machine = Mutex(PythonWaitMachine())

    /// `make` gives the awaitable, on the loop's thread.
    init(
        _ call: PendingCall, _ bridge: LoopBridge, for purpose: (any Sendable)?,
        _ make: @escaping @Sendable (borrowing Python) throws(PythonError) -> PythonObject
    ) {
        self.purpose = purpose
        self.make = make
        self.call = call
        self.bridge = bridge
    }

    /// What the waiting Swift task is woken for.
    enum Event {
        case ended(Result<PythonObject, any Error>)
        /// Python has called Swift on behalf of this task: what is started from it has the task's local values.
        case start(@Sendable () -> Void)
    }

    /// Waits for the end, and starts on the way what Python asks for.
    func run() async throws -> PythonObject {
        begin()
        while true {
            let event = await withUnsafeContinuation { continuation in
                if let event = machine.withLock({ $0.listens(continuation) }) { continuation.resume(returning: event) }
            }
            switch event {
            case .ended(let result): return try result.get()
            case .start(let start): start()
            }
        }
    }

    /// Whether the Swift task still waits.
    var isWaiting: Bool { machine.withLock { !$0.isFinished } }

    /// Has the waiting task start something.
    func start(_ body: @escaping @Sendable () -> Void) { tell(.start(body)) }

    private func tell(_ event: Event) {
        machine.withLock { $0.happened(event) }?.resume(returning: event)
    }

    private func begin() {
        if bridge.executor.isOnThread, Python.isHeld {
            start(Python(held: ()))
        } else if !bridge.executor.post({ [self] py in start(py) }) {
            finish(.failure(PythonError(.runtimeError, "the event loop is closed")))
        }
    }

    func cancel() {
        guard let task = machine.withLock({ $0.cancelled() }) else { return }
        if bridge.executor.isOnThread, Python.isHeld {
            cancel(task, Python(held: ()))
        } else {
            bridge.executor.post { [self] py in cancel(task, py) }
        }
    }

    private func cancel(_ task: PythonObject, _ py: borrowing Python) {
        do throws(PythonError) {
            _ = try task.callMethod("cancel", py: py)
        } catch {
            // Only a loop that has closed meanwhile refuses; the task will never end then.
            finish(.failure(CancellationError()))
        }
    }

    private func start(_ py: borrowing Python) {
        do throws(PythonError) {
            let awaitable = try make(py)
            guard machine.withLock({ $0.started() }) else {
                Self.discard(awaitable, py)
                return finish(.failure(CancellationError()))
            }
            bridge.awaitsPython = true
            let task = try bridge.kind.run(
                awaitable, on: bridge.loop, in: context(py), deadline: deadline,
                whenDone: PythonWaitCallback.make(self, py), py)
            // The cancellation may have come while there was nothing to cancel.
            if machine.withLock({ $0.running(task) }) { cancel(task, py) }
        } catch {
            finish(.failure(error))
        }
    }

    /// That of the task that awaits the call; on trio, which tells it only at the call's first step, as it was then.
    private func context(_ py: borrowing Python) -> PythonObject? {
        guard case .trio = bridge.kind else { return call.context }
        return call.contextElsewhere.map { PythonObject(borrowing: $0, py) }
    }

    /// An awaitable that will not be awaited after all: a coroutine is closed, so that it does not complain.
    static func discard(_ awaitable: PythonObject, _ py: borrowing Python) {
        if let close = PyObject_GetAttrString(awaitable.pointer, "close") {
            py_xdecref(py_call0(close))
            py_decref(close)
        }
        PyErr_Clear()
    }

    /// The Python task has ended. Of many that end in one iteration of the loop, the first wakes a worker.
    func ended(_ task: PyRef, _ py: borrowing Python) {
        let result = Self.result(of: task, py)
        bridge.gathering { finish(result) }
    }

    private static func result(of task: PyRef, _ py: borrowing Python) -> Result<PythonObject, any Error> {
        if let result = py_method0(task, PythonWaitCallback.resultName) {
            return .success(PythonObject(owning: result))
        }
        let error = PythonError.taken(py)
        return .failure(error.matches(AsyncioLoop.cancelledError(py), py) ? CancellationError() : error)
    }

    private func finish(_ result: Result<PythonObject, any Error>) {
        guard machine.withLock({ $0.finished() }) else { return }
        tell(.ended(result))
    }

    /// The Python task is gone without having ended: its loop was closed under it.
    func abandoned() {
        guard machine.withLock({ $0.isRunning }) else { return }
        finish(.failure(PythonError(.runtimeError, "the event loop was closed while Swift awaited Python on it")))
    }

    /// Runs an awaitable whose result nobody waits for.
    static func runDetached(_ awaitable: PythonObject, _ py: borrowing Python) {
        guard let ensure = (try? AsyncioLoop.load(py))?.ensureFuture else { return }
        py_xdecref(py_call1(ensure.pointer, awaitable.pointer))
        PyErr_Clear()
    }
}
