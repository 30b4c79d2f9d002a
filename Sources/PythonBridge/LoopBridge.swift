import CPython
import PythonTrampolines
import Synchronization

/// The bridge of one event loop: its executor, the calls in flight on it and the wake-ups it owes.
///
/// Belongs to the loop's thread. Other threads only push onto the executor.
public final class LoopBridge: @unchecked Sendable {
    // Safe because everything but the executor's queue is touched on the loop's thread with the interpreter held.

    /// The loop on whose behalf this task runs: inherited by child tasks, seen on every thread.
    public static var current: LoopBridge? { PendingCall.current?.bridge }

    /// How long a cancelled call may take to unwind before Python stops waiting for it.
    public static let cancellationGrace = Setting<UInt64>(10_000_000_000)

    /// How many queued items one turn of the event loop handles.
    private static let turn = 4096

    let executor: LoopExecutor

    /// Runs tasks on the loop's thread.
    public var taskExecutor: any TaskExecutor { executor }
    let kind: LoopKind
    /// The loop itself, not held: it holds this bridge, and closes it before it goes.
    let loop: PyRef?
    /// Gathers what goes to the workers; nil where the loop cannot announce the end of an iteration, as trio's.
    private var batch: SubmissionBatch?
    private var end: LoopCallback?
    private var next: LoopCallback?
    let epoch = ForkEpoch.current
    private var running: [PendingCall] = []
    /// The tasks to be woken, in order; those before `nextReady` have been.
    private var ready: [any WakeUp] = []
    private var nextReady = 0
    private(set) var isClosed = false

    /// A loop of trio.
    init(kind: LoopKind, executor: LoopExecutor) {
        self.kind = kind
        self.executor = executor
        loop = nil
    }

    /// A loop of asyncio.
    init(loop: PyRef, executor: LoopExecutor, _ py: borrowing Python) throws(PythonError) {
        kind = .asyncio
        self.executor = executor
        self.loop = loop
        // They keep this bridge until it closes, as it does at the latest when the loop ends.
        let end = try LoopCallback(.last, of: loop, py) { [self] _ in
            batch?.flush()
            return true
        }
        self.end = end
        batch = SubmissionBatch(until: end)
        next = try LoopCallback(.first, of: loop, py) { [self] py in
            executor.adoptThread()
            return wakeAll(py)
        }
    }

    /// Whether Swift has ever awaited Python on this loop.
    var awaitsPython = false

    var isOnThread: Bool { executor.isOnThread && !isClosed }

    /// Whether this bridge came through a `fork` and nothing of it works any more.
    var isInherited: Bool { epoch != ForkEpoch.current }

    // MARK: Calls

    /// Each call knows its place among those in flight, so that it can leave without a search.
    func register(_ call: PendingCall) {
        call.place = running.count
        running.append(call)
    }

    func unregister(_ call: PendingCall) {
        guard let place = call.place, place < running.count, let last = running.popLast() else { return }
        call.place = nil
        guard last !== call else { return }
        running[place] = last
        last.place = place
    }

    /// A task is to be woken: by the loop, not from inside Swift.
    func owesWakeUp(_ wakeUp: any WakeUp) {
        ready.append(wakeUp)
        if executor.drainingDepth == 0 { wakeSoon() }
    }

    /// Sees to it that who is owed a wake-up gets it.
    private func wakeSoon() {
        if next?.announce() != true { py_eventfd_signal(executor.descriptor) }
    }

    /// Lets Swift that needs only this thread run on before a call returns to Python.
    func runInCall(_ py: borrowing Python, _ body: () -> Void) {
        executor.adoptThread()
        executor.drainingDepth += 1
        gathering {
            body()
            executor.runQueued(limit: 256, py)
        }
        executor.drainingDepth -= 1
        guard executor.drainingDepth == 0 else { return }
        if executor.hasWork { py_eventfd_signal(executor.descriptor) }
        if hasReady { wakeSoon() }
    }

    /// Hands what `body` submits to the workers over together, at the end of the loop's iteration.
    func gathering(_ body: () -> Void) {
        if let batch { batch.gather(body) } else { body() }
    }

    /// One turn: the loop saw the eventfd. Swift runs here; the tasks that it wakes run next, in a callback of their own:
    /// one of them may run the loop itself, which could not call this one again meanwhile.
    func turn(_ py: borrowing Python) -> Bool {
        executor.adoptThread()
        // Cleared before the queue is looked at: what is pushed after this line signals again.
        py_eventfd_clear(executor.descriptor)
        runQueued(py)
        if executor.hasWork { py_eventfd_signal(executor.descriptor) }
        if hasReady, next?.announce() != true { return wakeAll(py) }
        return true
    }

    /// Wakes who is owed it. False with an error set when a step of a task raised one that ends the loop
    /// (`KeyboardInterrupt`, `SystemExit`); those after it are woken in the next iteration.
    private func wakeAll(_ py: borrowing Python) -> Bool {
        guard !isClosed else { return true }
        for _ in 0..<Self.turn {
            guard let wakeUp = takeReady() else { break }
            // The step may run the loop itself: what is owed to others is then that loop's to do.
            if hasReady { wakeSoon() }
            guard wakeUp.wake(py) else { return false }
            if !hasReady { runQueued(py) }
        }
        if executor.hasWork { py_eventfd_signal(executor.descriptor) }
        if hasReady { wakeSoon() }
        return true
    }

    private func runQueued(_ py: borrowing Python) {
        executor.drainingDepth += 1
        gathering { executor.runQueued(limit: Self.turn, py) }
        executor.drainingDepth -= 1
    }

    private var hasReady: Bool { nextReady < ready.count }

    private func takeReady() -> (any WakeUp)? {
        guard hasReady else { return nil }
        let wakeUp = ready[nextReady]
        nextReady += 1
        if !hasReady {
            ready.removeAll(keepingCapacity: ready.capacity <= Self.turn)
            nextReady = 0
        }
        return wakeUp
    }

    /// The loop has closed: cancels what is in flight, lets it unwind as far as this thread can, and leaves the rest
    /// to the workers. Results that come later are dropped.
    ///
    /// In the child of a fork the queue is left alone: its jobs are the parent's.
    func close(_ py: borrowing Python) {
        guard !isClosed else { return }
        if isInherited {
            isClosed = true
        } else {
            for call in running { call.cancelSwift() }
            runQueued(py)
            isClosed = true
            batch?.flush()
            LoopTable.remove(self)
            // What was to run on the loop finds it closed and says so.
            for action in executor.close() { action(py) }
        }
        batch = nil
        end?.close()
        end = nil
        next?.close()
        next = nil
        for call in running { call.abandon() }
        running = []
        while let wakeUp = takeReady() { wakeUp.forget() }
    }
}

/// A number that any thread may read and set.
public final class Setting<Value: Sendable>: Sendable {
    private let kept: Mutex<Value>
    init(_ value: Value) { kept = Mutex(value) }

    public var value: Value {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}
