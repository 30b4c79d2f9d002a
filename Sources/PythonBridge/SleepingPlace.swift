import CPython
import Glibc
import Synchronization

/// Where one thread of Python's sleeps until another wakes it or a signal comes, while others run Python.
final class SleepingPlace: Sendable {
    private let descriptor: Int32
    private let epoch: Int

    init(_ py: borrowing Python) throws(PythonError) {
        // What wakes it runs on the bridge's threads, which a forked child has to begin anew.
        try ProcessHooks.install(py)
        epoch = ForkEpoch.current
        let spare = Self.spare.exchange(Self.none, ordering: .acquiring)
        if spare != Self.none, spare >> 32 == epoch {
            descriptor = Int32(truncatingIfNeeded: spare)
            return
        }
        // One of the parent's would wake the parent.
        if spare != Self.none { close(Int32(truncatingIfNeeded: spare)) }
        descriptor = py_eventfd()
        guard descriptor >= 0 else {
            throw PythonError(.osError, "no eventfd to wait on: too many open files (errno \(errno))")
        }
    }

    deinit {
        guard descriptor >= 0 else { return }
        let mine = epoch << 32 | Int(descriptor)
        let kept = Self.spare.compareExchange(expected: Self.none, desired: mine, ordering: .releasing)
        if epoch != ForkEpoch.current || !kept.exchanged { close(descriptor) }
    }

    /// A descriptor that nobody needs at the moment, with its epoch above it: most threads wait one after the other.
    private static let spare = Atomic<Int>(none)
    private static let none = -1

    /// Wakes the thread, or keeps it from falling asleep; from any thread.
    func wake() { py_eventfd_signal(descriptor) }

    /// Sleeps and, whenever it is woken, asks `found`, until that gives something. Throws what a signal handler raised
    /// meanwhile. `found` is asked without the interpreter.
    func sleep<Found>(_ py: borrowing Python, until found: () -> Found?) throws(PythonError) -> Found {
        // Signals are held up from the look at them to the poll, which lets them in: none comes unseen in between.
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var limit = Self.lookOfFirstThread
        while true {
            if PyErr_CheckSignals() != 0 { throw .taken(py) }
            let result = py.release { () -> Found? in
                repeat {
                    if let result = found() { return result }
                    guard py_wait_readable(descriptor, &before, limit) > 0 else { return nil }
                    py_eventfd_clear(descriptor)
                } while true
            }
            if let result { return result }
            // Which thread it is takes system calls to find out, and does not matter to who sleeps for a moment.
            if py_is_first_thread() == 0 { limit = Self.look }
        }
    }

    /// Milliseconds after which a waiting thread looks for signals again. While this thread holds them up, the system may
    /// hand one to another thread, which wakes nobody; Python's handlers run on the main thread, most often the first.
    private static var lookOfFirstThread: Int { 50 }
    private static var look: Int { 1_000 }
}
