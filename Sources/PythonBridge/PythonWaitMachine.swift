/// The states of a ``PythonWait``.
struct PythonWaitMachine {
    private enum State {
        case waiting
        case started
        case running(PythonObject)
        case finished
    }

    private var listener: UnsafeContinuation<PythonWait.Event, Never>?
    private var events: [PythonWait.Event] = []
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

    var isRunning: Bool {
        if case .running = state { return true }
        return false
    }

    var isFinished: Bool {
        if case .finished = state { return true }
        return false
    }

    /// It has ended; false when that is known already.
    mutating func finished() -> Bool {
        if case .finished = state { return false }
        state = .finished
        return true
    }

    /// The Swift task listens; gives an event that has been waiting for it.
    mutating func listens(_ continuation: UnsafeContinuation<PythonWait.Event, Never>) -> PythonWait.Event? {
        if events.isEmpty {
            listener = continuation
            return nil
        }
        return events.removeFirst()
    }

    /// Something has happened; gives the listener to tell, or keeps it for the next.
    mutating func happened(_ event: PythonWait.Event) -> UnsafeContinuation<PythonWait.Event, Never>? {
        defer { listener = nil }
        if listener == nil { events.append(event) }
        return listener
    }
}
