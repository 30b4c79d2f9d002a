import CPython
import PythonTrampolines
import Synchronization

/// One call of an asynchronous Swift function, between the Python coroutine that stands for it, the event loop that
/// steps it and the Swift task that runs it. Decides nothing: ``AwaitMachine`` does.
@usableFromInline
final class PendingCall: @unchecked Sendable {
    // Safe because everything is touched on the loop's thread with the interpreter held; `finish` checks that.

    /// The call on whose behalf this task runs: inherited by child tasks, seen on every thread.
    @TaskLocal static var current: PendingCall?

    let name: StaticString
    private(set) var machine = AwaitMachine()
    private var launch: (@Sendable (PendingCall, LoopExecutor) -> Task<Void, Never>)?
    private var attempt: CoroutineAttempt?
    @usableFromInline private(set) var bridge: LoopBridge?
    /// Where the bridge keeps it while it is in flight.
    var place: Int?
    private var task: Task<Void, Never>?
    private var outcome: CallOutcome?
    /// The exception that Python threw in or the message it cancelled with, to be raised when Swift has unwound.
    private var thrown: PythonObject?
    private var cancelMessage: PythonObject?
    /// A copy of the context in which Python started the call, for other threads that work for it before the awaiting
    /// task has said what its own is. Owned; made before another thread can hold the interpreter, and not for a call
    /// that completes within its first step and leaves Python alone.
    private var startContext: PyRef?
    private var isInFirstStep = false
    private var grace = CancellationGrace()
    private var wakeUp: (any WakeUp)?
    /// trio's own wait, which its next step completes.
    private var trioWait: TrioWakeUp?

    @usableFromInline init(
        _ name: StaticString, attempt: CoroutineAttempt? = nil,
        _ launch: @escaping @Sendable (PendingCall, LoopExecutor) -> Task<Void, Never>
    ) {
        self.name = name
        self.attempt = attempt
        self.launch = launch
        BridgeCensus.liveCalls.add(1, ordering: .relaxed)
    }

    deinit {
        BridgeCensus.liveCalls.subtract(1, ordering: .relaxed)
        discardOutcome()
        if let startContext { ReleaseQueue.release(startContext) }
    }

    private func discardOutcome() {
        if case .value(let value)? = outcome { ReleaseQueue.release(value) }
        outcome = nil
    }

    // MARK: From Python

    /// One step. The result is owned by the caller.
    func send(_ value: PyRef?, _ result: UnsafeMutablePointer<PyRef?>, _ py: borrowing Python) -> PySendResult {
        result.pointee = nil
        do throws(PythonError) {
            if let bridge, bridge.isInherited, machine.state != .consumed { throw lostInFork() }
            switch machine.sent() {
            case .start:
                try start(py)
                return send(value, result, py)
            case .wait:
                result.pointee = try beginWait(py)
                return PYGEN_NEXT
            case .deliver:
                trioWait?.finishWait(value, py)
                result.pointee = try deliver(py)
                return PYGEN_RETURN
            case .refuseReuse:
                throw PythonError(.runtimeError, "cannot reuse already awaited coroutine '\(name)'")
            case .refuseSecondAwait:
                throw PythonError(.runtimeError, "coroutine '\(name)' is being awaited already")
            }
        } catch {
            error.raise(py)
            return PYGEN_ERROR
        }
    }

    /// An exception is thrown in. Gives what to yield, or throws.
    func `throw`(_ exception: PythonObject, _ py: borrowing Python) throws(PythonError) -> PyRef {
        // Who throws `GeneratorExit` closes: a coroutine must not wait for anything more then.
        let isClosing = PyErr_GivenExceptionMatches(exception.pointer, PythonExceptionKind.generatorExit.type) != 0
        if isClosing || bridge?.isInherited == true { close() }
        switch machine.thrown() {
        case .raise:
            launch = nil
            attempt = nil
            thrown = nil
            discardOutcome()
            throw PythonError(exception: exception)
        case .cancelAndWait:
            thrown = thrown ?? exception
            cancelSwift()
            // Swift may have unwound within this call.
            if machine.state == .finished { return try deliverThrown(py) }
            startGrace()
            return try beginWait(py)
        }
    }

    /// The waiter's `cancel()`: Swift is asked to stop; Python hears of it when it has.
    func cancel(message: PythonObject?, _ py: borrowing Python) -> Bool {
        switch machine.cancelled() {
        case .ignore:
            return false
        case .alreadyAsked:
            return true
        case .cancel:
            cancelMessage = message
            startGrace()
            cancelSwift()
            return true
        }
    }

    func close() {
        launch = nil
        attempt = nil
        if machine.closed() == .cancel { detach() }
    }

    /// The coroutine object is being freed. Whether it was never awaited.
    func dropped() -> Bool {
        launch = nil
        attempt = nil
        switch machine.dropped() {
        case .nothing: return false
        case .warnNeverAwaited: return true
        case .cancel:
            detach()
            return false
        }
    }

    private func wake() {
        if let wakeUp, let bridge, !bridge.isInherited { bridge.owesWakeUp(wakeUp) }
        wakeUp = nil
    }

    /// The context of the Python task that awaits the call; nil while its first step runs in it anyway.
    var context: PythonObject? { (wakeUp as? AsyncioWaiter)?.context }

    /// The context to copy for another thread.
    var contextElsewhere: PyRef? { context?.pointer ?? startContext }

    /// Python is about to be called from Swift on the loop's thread, and may let another thread have the interpreter.
    func willCallPython() {
        guard isInFirstStep else { return }
        isInFirstStep = false
        keepStartContext()
    }

    private func keepStartContext() {
        startContext = py_context_copy(nil)
        if startContext == nil { PyErr_Clear() }
    }

    // MARK: From Swift

    /// The Swift function has returned; `convert` makes its result. On the loop's thread, unless the loop has closed.
    @usableFromInline func finish(_ convert: (borrowing Python) throws(PythonError) -> PyRef) {
        complete { py in
            do throws(PythonError) {
                return .value(try convert(py))
            } catch {
                return .error(error)
            }
        }
    }

    /// The Swift function has thrown.
    @usableFromInline func fail(_ error: any Error) {
        let cancellation = (error as? any PythonRaisable).flatMap { $0.isCancellation ? $0 : nil }
        let isCancelled = machine.isCancelRequested && cancellation != nil || error is CancellationError
        complete { py in isCancelled ? .cancelled(cancellation) : .error(PythonError(mapping: error, py)) }
    }

    private func complete(_ makeOutcome: (borrowing Python) -> CallOutcome) {
        guard let bridge, bridge.isOnThread, !bridge.isInherited else { return }
        let py = Python(held: ())
        bridge.unregister(self)
        grace.stop()
        task = nil
        if let startContext { py_decref(startContext) }
        startContext = nil
        switch machine.completed() {
        case .drop:
            return
        case .keep:
            outcome = makeOutcome(py)
        case .wake:
            outcome = makeOutcome(py)
            wake()
        }
    }

    /// Not in the child of a fork: a thread of the parent may have been at work on the task, whose state is torn.
    func cancelSwift() {
        if bridge?.isInherited != true { task?.cancel() }
    }

    /// The loop has closed; nothing will be delivered.
    func abandon() {
        place = nil
        grace.stop()
        wakeUp?.forget()
        wakeUp = nil
        task = nil
    }

    // MARK: Steps

    private func start(_ py: borrowing Python) throws(PythonError) {
        guard let launch else { throw PythonError(.systemError, "coroutine '\(name)' has nothing to run") }
        self.launch = nil
        if hasAttempted(py) { return }
        let bridge: LoopBridge
        do throws(PythonError) {
            bridge = try LoopTable.current(py)
        } catch {
            close()
            throw error
        }
        self.bridge = bridge
        bridge.register(self)
        let deadline = DeadlineVariable.current(py)
        bridge.runInCall(py) {
            beginFirstStep()
            defer { endFirstStep() }
            if let caller = bridge.awaitsPython ? PythonWaitCallback.current(py) : nil {
                // Started by the Swift task that awaits the Python that calls: so its task-local values are ours.
                caller.start { [self] in
                    if bridge.isOnThread {
                        launched(by: launch, bridge, deadline)
                    } else {
                        Task(executorPreference: bridge.executor) { [self] in launched(by: launch, bridge, deadline) }
                    }
                }
            } else {
                launched(by: launch, bridge, deadline)
            }
        }
    }

    /// Whether the call is over without a task.
    private func hasAttempted(_ py: borrowing Python) -> Bool {
        guard let attempt else { return false }
        self.attempt = nil
        do throws(PythonError) {
            guard let value = try attempt(py) else { return false }
            outcome = .value(value)
        } catch {
            outcome = .error(error)
        }
        _ = machine.completed()
        return true
    }

    /// From here ``CallContext`` is told of every call of Python's.
    private func beginFirstStep() {
        isInFirstStep = true
        dana_adrift_set(dana_adrift_get() &+ 1)
    }

    private func endFirstStep() {
        dana_adrift_set(dana_adrift_get() &- 1)
        guard isInFirstStep else { return }
        isInFirstStep = false
        if case .running = machine.state { keepStartContext() }
    }

    /// Starts the Swift task, from whatever task this thread runs.
    private func launched(
        by launch: @Sendable (PendingCall, LoopExecutor) -> Task<Void, Never>, _ bridge: LoopBridge,
        _ deadline: Deadline?
    ) {
        // Bound outside the task, which copies it: cheaper than a scope inside.
        let task = Self.$current.withValue(self) {
            guard let deadline else { return launch(self, bridge.executor) }
            return Deadline.$current.withValue(deadline) { launch(self, bridge.executor) }
        }
        guard case .running = machine.state else { return }
        self.task = task
        if machine.isCancelRequested { task.cancel() }
    }

    private func beginWait(_ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let bridge else { throw PythonError(.systemError, "coroutine '\(name)' waits without a loop") }
        switch bridge.kind {
        case .asyncio:
            let waiter = AsyncioWaiter(self, bridge)
            wakeUp = waiter
            return try waiter.begin(py)
        case .trio(let trio, _):
            let waiter = try TrioWakeUp(self, trio, py)
            trioWait = waiter
            wakeUp = waiter
            return try waiter.begin(py)
        }
    }

    private func deliver(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let outcome = self.outcome
        let thrown = self.thrown
        let cancelMessage = self.cancelMessage
        let trioWait = self.trioWait
        // An exception leads to the frames it passed, and they to this call: kept here, none of them would be freed.
        self.outcome = nil
        self.thrown = nil
        self.cancelMessage = nil
        self.trioWait = nil
        switch outcome {
        case .value(let value)?:
            if let thrown, PyErr_GivenExceptionMatches(thrown.pointer, AsyncioLoop.cancelledError(py).pointer) == 0 {
                py_decref(value)
                throw PythonError(exception: thrown)
            }
            return value
        case .error(let error)?:
            // As in Python's own coroutines: `StopIteration` would be taken for the end, with a value.
            guard error.matches(.stopIteration, py) else { throw error }
            throw PythonError(.runtimeError, "coroutine '\(name)' raised StopIteration").caused(by: error, py)
        case .cancelled(let error)?:
            let cancellation = cancellation(thrown, trioWait, cancelMessage, py)
            throw error?.located(cancellation, py) ?? cancellation
        case nil:
            // The grace time is over: Swift is deaf.
            throw cancellation(thrown, trioWait, cancelMessage, py)
        }
    }

    /// What a cancelled call raises.
    private func cancellation(
        _ thrown: PythonObject?, _ trioWait: TrioWakeUp?, _ message: PythonObject?, _ py: borrowing Python
    ) -> PythonError {
        if let thrown { return PythonError(exception: thrown) }
        return trioWait?.cancellation(py) ?? AsyncioLoop.cancellation(message, py)
    }

    private func deliverThrown(_ py: borrowing Python) throws(PythonError) -> PyRef {
        _ = machine.sent()
        let value = try deliver(py)
        throw Self.stopIteration(value, py)
    }

    private static func stopIteration(_ value: PyRef, _ py: borrowing Python) -> PythonError {
        let value = PythonObject(owning: value)
        guard let exception = py_call1(PythonExceptionKind.stopIteration.type, value.pointer) else { return .taken(py) }
        return PythonError(exception: PythonObject(owning: exception))
    }

    private func detach() {
        grace.stop()
        // A task that still waits is told, as it is when any other coroutine is closed under it.
        if case .asyncio? = bridge?.kind { wake() }
        wakeUp = nil
        cancelSwift()
    }

    private func lostInFork() -> PythonError {
        close()
        return PythonError(
            .runtimeError,
            "'\(name)' was in flight when this process was forked: its Swift task runs in the parent; call it again here"
        )
    }

    // MARK: Grace

    private func startGrace() {
        guard let bridge else { return }
        grace.start(bridge.executor) { [weak self] py in self?.graceEnded(py) }
    }

    private func graceEnded(_ py: borrowing Python) {
        grace.stop()
        guard machine.graceEnded() else { return }
        wake()
        PythonWarning.issue(
            .runtimeWarning,
            "'\(name)' was cancelled and has not stopped within \(grace.seconds) s: Python no longer waits for it", py)
    }
}
