import CPython
import Dana
import DanaLanguage
import DanaModels
import PythonBridge

/// Runs Dana for a Python thread that waits for the result. All of it runs on that thread, the functions of Python's that
/// Dana calls included; what must be awaited is awaited elsewhere, while the thread waits for the next answer,
/// interruptible. The interpreter of Python is kept for a short run and let go of for a long one.
struct SyncRun {
    let run: ContextRun
    private var waits: Waits?
    /// What is being awaited.
    private(set) var tasks: [HostCall.Identifier: Awaited] = [:]
    /// Ends the time that `finally` and `with` have after a cancellation.
    private var cleanupTimer: Task<Void, Never>?
    /// What a signal handler raised.
    private var interruption: PythonError?
    private var isGivenUp = false
    /// Host calls that were answered since other threads were let in.
    private var answered = 0

    /// Ticks between two looks at signals, about five milliseconds.
    private static let longSlice = 500_000
    private static let callsInARow = 1000

    /// Where the thread waits, and what wakes it besides the answers.
    private struct Waits {
        let mailbox: BlockingMailbox<Message>
        let listeners: [(core: ContextCore, number: Int)]
    }

    struct Awaited {
        let call: HostCall
        let task: Task<Void, Never>
        /// It cleans up after a cancellation, which does not end it.
        let cleansUp: Bool
    }

    private enum Message: Sendable {
        case answered(HostCall, HostAnswering)
        /// The context is cancelled or closed, or its life is over.
        case stopped
        /// The cleanup's time is over.
        case cleanupOver
    }

    private init(_ run: ContextRun) { self.run = run }

    /// What is begun runs to its end; its result is a new reference.
    static func result(
        in core: ContextCore, wraps: Bool = false, _ py: borrowing Python,
        begin: (_ isInside: Bool) throws -> ContextRun
    ) throws(PythonError) -> PyRef {
        try withTurn(of: core, py) { isInside in
            let run = try begin(isInside)
            return try finished(run, run.step(slice: ContextRun.shortSlice), wraps: wraps, py)
        }
    }

    /// The same for what most likely ends at once; `begin` is called with the context's lock held. A StopIteration is the
    /// end of an iteration, and elsewhere an error like others.
    static func quickResult(
        in core: ContextCore, wraps: Bool = false, isIteration: Bool = false, _ py: borrowing Python,
        begin: (Interpreter) throws -> Int
    ) throws(PythonError) -> PyRef {
        try withTurn(of: core, py) { isInside in
            do {
                switch try FirstStep(in: core, isInside: isInside, wraps: wraps, py, begin: begin) {
                case .result(let result): return result
                case .goesOn(let run, let step): return try finished(run, step, wraps: wraps, py)
                }
            } catch let failure as DanaFailure where isIteration && failure.cause == .raised(.stopIteration) {
                throw PythonError(.stopIteration, "")
            }
        }
    }

    private static func withTurn(
        of core: ContextCore, _ py: borrowing Python, _ body: (_ isInside: Bool) throws -> PyRef
    ) throws(PythonError) -> PyRef {
        do {
            if core.isInside { return try interruptible(core) { try body(true) } }
            if !core.tryTurn() {
                if CoroutineHost.works(for: core, py) {
                    return try core.whileWorking { try interruptible(core) { try body(true) } }
                }
                try TurnClaim(core).wait()
            }
            defer { core.leaveTurn() }
            return try core.whileWorking { try interruptible(core) { try body(false) } }
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    /// Throws what interrupted the context in the place of what came of it.
    static func interruptible(_ core: ContextCore, _ body: () throws -> PyRef) throws -> PyRef {
        let result: PyRef
        do {
            result = try body()
        } catch {
            try core.throwInterruption(of: error)
            throw error
        }
        do {
            try core.throwInterruption()
        } catch {
            py_decref(result)
            throw error
        }
        return result
    }

    static func finished(
        _ run: ContextRun, _ step: ContextRun.Step, wraps: Bool, _ py: borrowing Python
    ) throws -> PyRef {
        let value: Value
        if case .finished(let result) = step {
            value = result.value
        } else {
            var driver = SyncRun(run)
            value = try driver.goOn(from: step, py)
        }
        return try DanaToPython.converted(value, in: run.core, wraps: wraps, py)
    }

    // MARK: Steps

    /// Runs to the end; an interruption is thrown when the program has cleaned up.
    private mutating func goOn(from first: ContextRun.Step, _ py: borrowing Python) throws -> Value {
        let result = last(from: first, py)
        endOperations(py)
        guard let interruption else { return try result.get().value }
        switch result {
        case .success(let sent): try run.core.withLock { $0.release(sent.value) }
        case .failure(let failure): throw failure.located(interruption, py)
        }
        throw interruption
    }

    private mutating func last(
        from first: ContextRun.Step, _ py: borrowing Python
    ) -> Result<SentValue, DanaFailure> {
        var step = first
        while true {
            switch step {
            case .finished(let result): return .success(result)
            case .failed(let failure): return .failure(failure)
            case .sliceOver:
                let run = run
                step = py.release { run.step(slice: SyncRun.longSlice) }
                lookAtSignals(py)
            case .waits(let calls):
                if let next = answeredQuickly(calls, py) {
                    step = next
                    continue
                }
                let dispatch = run.core.dispatch(calls)
                let isStarted = start(dispatch.operations, py)
                if dispatch.isWaiting && isStarted { receive(py) } else { letOthersIn(py) }
                step = run.step(slice: ContextRun.shortSlice)
            }
        }
    }

    private mutating func lookAtSignals(_ py: borrowing Python) {
        if PyErr_CheckSignals() != 0 { interrupt(.taken(py)) }
        lookAtCallers(py)
    }

    /// Other threads run Python between calls that are answered at once, too.
    mutating func letOthersIn(_ py: borrowing Python) {
        answered += 1
        guard answered == SyncRun.callsInARow else { return }
        answered = 0
        py.release {}
        lookAtSignals(py)
    }

    /// The first interruption cancels the run, the second ends it without its cleanup.
    private mutating func interrupt(_ error: PythonError) {
        if interruption == nil {
            interruption = error
            run.cancel(reason: "interrupted")
            cancelOperations()
        } else if !isGivenUp {
            isGivenUp = true
            run.discard()
        }
    }

    // MARK: What is awaited

    /// Begins to await operations; where this thread may not wait, the calls fail and nothing is begun.
    mutating func start(_ operations: [PendingOperation], _ py: borrowing Python) -> Bool {
        if operations.isEmpty { return !tasks.isEmpty }
        let core = run.core
        let mailbox: BlockingMailbox<Message>
        do {
            try DanaFailure.checkMayWait(py)
            mailbox = try mailboxForWaits(py)
        } catch let failure as DanaFailure {
            for operation in operations { core.complete(operation.call) { core.fail($0, failure) } }
            return false
        } catch {
            let error = PythonError(mapping: error, py)
            for operation in operations {
                core.complete(operation.call) { call in
                    Python.hold { py in _ = PythonCall(core: core, call: call).fail(error, py) }
                }
            }
            return false
        }
        let origin = CallOrigin.here(py)
        let timeLeft = core.remainingCleanup
        if let timeLeft, cleanupTimer == nil {
            cleanupTimer = Task(executorPreference: WorkerPool.shared) {
                try? await core.settings.sleep(timeLeft)
                mailbox.send(.cleanupOver)
            }
        }
        for operation in operations {
            let task = CallOrigin.$current.withValue(origin) {
                Task(executorPreference: WorkerPool.shared) {
                    mailbox.send(.answered(operation.call, await operation.answering()))
                }
            }
            tasks[operation.call.identifier] = Awaited(call: operation.call, task: task, cleansUp: timeLeft != nil)
        }
        return true
    }

    private mutating func mailboxForWaits(_ py: borrowing Python) throws(PythonError) -> BlockingMailbox<Message> {
        if let waits { return waits.mailbox }
        let core = run.core
        let mailbox = try BlockingMailbox<Message>(py)
        // What runs in the contexts that this thread works for waits, too.
        let listeners = ([core] + callers).map { core in
            core.watchLife()
            return (core, core.stops.listen { mailbox.send(.stopped) })
        }
        waits = Waits(mailbox: mailbox, listeners: listeners)
        if core.isStopping || callers.contains(where: \.isStopping) { mailbox.send(.stopped) }
        return mailbox
    }

    /// The other contexts that this thread works for.
    private var callers: [ContextCore] { ContextCore.workingInAll.filter { $0 !== run.core } }

    /// Interrupts the run where a context is to stop that waits for it.
    private mutating func lookAtCallers(_ py: borrowing Python) {
        guard interruption == nil else { return }
        if let caller = callers.first(where: { $0.isStopping && $0.remainingCleanup == nil }) {
            interrupt(PythonError(mapping: caller.stopping, py))
        }
    }

    /// Waits for the next answers and gives them.
    mutating func receive(_ py: borrowing Python) {
        guard let waits else { return }
        do throws(PythonError) {
            for message in try waits.mailbox.receive(py) {
                switch message {
                case .answered(let call, let answering):
                    tasks[call.identifier] = nil
                    run.core.complete(call, answering)
                case .stopped:
                    if run.core.isStopping { cancelOperations() }
                    lookAtCallers(py)
                case .cleanupOver: for awaited in tasks.values { awaited.task.cancel() }
                }
            }
        } catch {
            interrupt(error)
        }
    }

    /// Cancels what is awaited, but not what cleans up.
    private func cancelOperations() {
        for awaited in tasks.values where !awaited.cleansUp { awaited.task.cancel() }
    }

    /// What is still awaited is cancelled and waited for; another interruption ends the waiting.
    private mutating func endOperations(_ py: borrowing Python) {
        guard let waits else { return }
        for (core, number) in waits.listeners { core.stops.ignore(number) }
        cleanupTimer?.cancel()
        for awaited in tasks.values { awaited.task.cancel() }
        while !tasks.isEmpty {
            do throws(PythonError) {
                for case .answered(let call, _) in try waits.mailbox.receive(py) {
                    tasks[call.identifier] = nil
                    run.core.forget(call)
                }
            } catch {
                for awaited in tasks.values { run.core.forget(awaited.call) }
                tasks = [:]
                interruption = interruption ?? error
            }
        }
    }
}
