import CPython
import Dana
import PythonBridge

/// Interrupts functions of Python's for which a program waits whose context is to stop: they get a `DanaCancelledError`
/// between two steps of theirs, and again while they go on. What blocks inside of C ends first.
enum CallInterruption {
    /// How long functions have to end by themselves, and between two interrupts.
    private static let patience: UInt64 = 100_000_000
    /// Interrupts before somebody is told of a function that does not end, which may wait for who waits for the turn: ten
    /// seconds.
    private static let warning = 100

    /// Calls something of Python's, which a stop of the context interrupts.
    @inline(__always)
    static func interruptible<Result, Failure: Error>(
        in core: ContextCore, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let thread = UInt(PyThread_get_thread_ident())
        core.beginHostCall(on: thread)
        defer { if core.endHostCall(on: thread) { PyThreadState_SetAsyncExc(thread, nil) } }
        core.watchLife()
        return try body()
    }

    /// The class of what functions are interrupted with.
    private static func kind(_ py: borrowing Python) -> PythonObject? {
        try? py.import("opendxa.dana.errors").attribute("DanaCancelledError", py)
    }

    /// Whether an error is an interrupt, which no function raises by itself while its context is cancelled.
    static func isInterrupt(_ error: PythonError, _ py: borrowing Python) -> Bool {
        kind(py).map { error.matches($0, py) } ?? false
    }

    /// Interrupts what runs for a context until its turn is over.
    static func interrupt(_ core: ContextCore) async {
        for interrupts in 1... {
            guard (try? await TimerThread.shared.sleep(nanoseconds: patience)) != nil else { return }
            guard core.isTurnTaken, core.isStopping else { return }
            // What a program does in the end has a time of its own.
            if let left = core.remainingCleanup, left > 0 { continue }
            Python.hold { py in
                let threads = core.callingThreads.interrupt()
                guard !threads.isEmpty, let kind = kind(py) else { return }
                for thread in threads { PyThreadState_SetAsyncExc(thread, kind.pointer) }
                guard interrupts == warning else { return }
                core.turnWaitersAway()
                PythonWarning.issue(
                    .runtimeWarning,
                    "context \(core.number) was stopped, and a function of Python's that a program called does not "
                        + "end: it is waited for", py)
            }
        }
    }
}
