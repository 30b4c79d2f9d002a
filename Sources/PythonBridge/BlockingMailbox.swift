import CPython
import Glibc
import Synchronization

/// Where a thread of Python's waits for what other threads send it, while others run Python.
public final class BlockingMailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let descriptor: Int32

    public init(_ py: borrowing Python) throws(PythonError) {
        // What sends runs on the bridge's threads, which a forked child has to begin anew.
        try ProcessHooks.install(py)
        descriptor = py_eventfd()
        guard descriptor >= 0 else {
            throw PythonError(.osError, "no eventfd to wait on: too many open files (errno \(errno))")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Sends a message, from any thread.
    public func send(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if isFirst { py_eventfd_signal(descriptor) }
    }

    /// Waits for messages and takes all that have come. Throws what a signal handler raised before one came.
    public func receive(_ py: borrowing Python) throws(PythonError) -> [Message] {
        while true {
            let taken = messages.withLock { messages in
                defer { messages = [] }
                return messages
            }
            if !taken.isEmpty { return taken }
            if let interruption = wait(py) { throw interruption }
        }
    }

    /// Waits for a message or a signal; gives what the handler of one raised.
    private func wait(_ py: borrowing Python) -> PythonError? {
        // Signals are held up from the look at them to the poll, which lets them in: none comes unseen in between.
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        if PyErr_CheckSignals() != 0 { return .taken(py) }
        let limit = py_is_first_thread() != 0 ? Self.lookOfFirstThread : Self.look
        py.release {
            if py_wait_readable(descriptor, &before, limit) > 0 { py_eventfd_clear(descriptor) }
        }
        return nil
    }

    /// Milliseconds after which a waiting thread looks for signals again. While this thread holds them up, the system may
    /// hand one to another thread, which wakes nobody; Python's handlers run on the main thread, most often the first.
    private static var lookOfFirstThread: Int { 50 }
    private static var look: Int { 1_000 }
}
