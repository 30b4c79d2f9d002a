/// The life of one awaited Swift call, seen from Python: decides, touches nothing.
///
/// ```
/// created --sent--> running --completed--> finished --sent--> consumed
///    |                 |  ^ (a cancellation is remembered; Python hears of it when Swift has unwound)
///    | thrown, closed  | closed, dropped
///    v                 v
/// consumed          detached   (Swift's result, when it comes, is dropped)
/// ```
/// When a cancelled call has not unwound within its grace time it counts as finished, with the cancellation.
struct AwaitMachine {
    enum State: Equatable {
        /// Nothing has run: the call starts at the first `send`.
        case created
        /// Swift is at work. `isAwaited` while a waiter that nobody has woken yet is out.
        case running(isAwaited: Bool)
        /// Swift is done; the result waits for the next `send`.
        case finished
        /// The result was handed over, or there will be none.
        case consumed
        /// Python no longer waits, Swift may still be unwinding.
        case detached
    }

    private(set) var state = State.created
    private(set) var isCancelRequested = false

    enum SendAction { case start, wait, deliver, refuseReuse, refuseSecondAwait }

    /// The event loop steps the call.
    mutating func sent() -> SendAction {
        switch state {
        case .created:
            state = .running(isAwaited: false)
            return .start
        case .running(isAwaited: false):
            state = .running(isAwaited: true)
            return .wait
        case .running(isAwaited: true):
            return .refuseSecondAwait
        case .finished:
            state = .consumed
            return .deliver
        case .consumed, .detached:
            return .refuseReuse
        }
    }

    enum ThrowAction { case raise, cancelAndWait }

    /// An exception is thrown into the call. A result that nobody has seen gives way to it, as it does in Python.
    mutating func thrown() -> ThrowAction {
        switch state {
        case .created, .finished:
            state = .consumed
            return .raise
        case .running:
            isCancelRequested = true
            state = .running(isAwaited: true)
            return .cancelAndWait
        case .consumed, .detached:
            return .raise
        }
    }

    enum CancelAction { case ignore, cancel, alreadyAsked }

    /// Python asks the waiter to cancel.
    mutating func cancelled() -> CancelAction {
        guard case .running = state else { return .ignore }
        defer { isCancelRequested = true }
        return isCancelRequested ? .alreadyAsked : .cancel
    }

    enum CompleteAction { case keep, wake, drop }

    /// Swift has returned or thrown.
    mutating func completed() -> CompleteAction {
        switch state {
        case .running(let isAwaited):
            state = .finished
            return isAwaited ? .wake : .keep
        case .created, .finished, .consumed, .detached:
            return .drop
        }
    }

    enum CloseAction { case nothing, warnNeverAwaited, cancel }

    /// `close()`: nobody will ask for the result.
    mutating func closed() -> CloseAction {
        defer { if state != .detached { state = .consumed } }
        guard case .running = state else { return .nothing }
        state = .detached
        isCancelRequested = true
        return .cancel
    }

    /// The Python object is gone.
    mutating func dropped() -> CloseAction {
        if state == .created {
            state = .consumed
            return .warnNeverAwaited
        }
        return closed()
    }

    /// A cancelled call has not unwound within its grace time. Whether Python is to be told the call is cancelled.
    mutating func graceEnded() -> Bool {
        guard case .running(isAwaited: true) = state, isCancelRequested else { return false }
        state = .finished
        return true
    }
}
