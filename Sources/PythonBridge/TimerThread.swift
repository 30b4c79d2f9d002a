import DanaSystem
import Glibc

/// The bridge's deadlines: one thread sleeps until the earliest and fires it.
///
/// `Task.sleep` is no substitute: a cancelled one keeps its memory until its deadline, and it needs the
/// runtime's global pool, which a forked child does not have.
public final class TimerThread: @unchecked Sendable {
    // Safe because every field is touched under `mutex`.
    public static let shared = TimerThread()

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let wake: UnsafeMutablePointer<pthread_cond_t>
    private var heap = TimerHeap<@Sendable (Bool) -> Void>()
    private var nextID: UInt64 = 0
    private var isRunning = false
    private var isFiring = false
    private var isEnding = false

    init() {
        mutex = .allocate(capacity: 1)
        wake = .allocate(capacity: 1)
        initializeLocks()
    }

    private func initializeLocks() {
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, &attributes)
    }

    /// Nanoseconds on the monotonic clock.
    public static var now: UInt64 { MonotonicTime.now }

    /// How many deadlines are set.
    public var pending: Int { locked { heap.count } }

    /// A name for a deadline to come.
    func reserve() -> UInt64 {
        locked {
            nextID &+= 1
            return nextID
        }
    }

    /// Calls `fire(true)` on the timer thread at the deadline, or `fire(false)` where it is cancelled; exactly once.
    func schedule(_ id: UInt64, at deadline: UInt64, _ fire: @escaping @Sendable (Bool) -> Void) {
        locked {
            let isEarliest = heap.earliest.map { deadline < $0 } ?? true
            heap.insert(fire, id: id, deadline: deadline)
            if !isRunning {
                isRunning = SystemThread.start { [self] in run() }
            } else if isEarliest {
                pthread_cond_signal(wake)
            }
        }
    }

    /// Cancels a deadline that has not fired; false when there is none.
    @discardableResult
    func cancel(_ id: UInt64) -> Bool {
        guard let fire = locked({ heap.remove(id) }) else { return false }
        fire(false)
        return true
    }

    /// Suspends the task for a time; ends at once with `CancellationError` when the task is cancelled.
    public func sleep(nanoseconds: UInt64) async throws(CancellationError) {
        let id = reserve()
        let deadline = Self.now.addingReportingOverflow(nanoseconds)
        let finished = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
                schedule(id, at: deadline.overflow ? .max : deadline.partialValue) {
                    continuation.resume(returning: $0)
                }
                // The cancellation may have come before there was anything to cancel.
                if Task.isCancelled { cancel(id) }
            }
        } onCancel: {
            cancel(id)
        }
        if !finished { throw CancellationError() }
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// The process is about to exit: nothing fires any more; a deadline that is being told has a moment.
    func quiesce(patience: UInt64 = WorkerPool.exitPatience.value) {
        let end = Deadline.after(nanoseconds: patience)
        repeat {
            let isQuiet = locked {
                isEnding = true
                return !isFiring
            }
            if isQuiet { return }
            usleep(100)
        } while end.remainingNanoseconds > 0
    }

    /// Whether the end of the process has been announced.
    var isQuiescing: Bool { locked { isEnding } }

    private func run() {
        pthread_mutex_lock(mutex)
        while true {
            if isEnding {
                pthread_cond_wait(wake, mutex)
            } else if let fire = heap.popDue(Self.now) {
                isFiring = true
                pthread_mutex_unlock(mutex)
                fire(true)
                pthread_mutex_lock(mutex)
                isFiring = false
            } else if let deadline = heap.earliest {
                // A century at most: the field is signed.
                let seconds = min(deadline / 1_000_000_000, 1 << 40)
                var until = timespec(tv_sec: Int(seconds), tv_nsec: Int(deadline % 1_000_000_000))
                pthread_cond_timedwait(wake, mutex, &until)
            } else {
                pthread_cond_wait(wake, mutex)
            }
        }
    }

    func prepareFork() { pthread_mutex_lock(mutex) }

    func resumeParent() { pthread_mutex_unlock(mutex) }

    /// After `fork`, in the child: the thread is gone; what waited for it belongs to the parent.
    func restartInChild() {
        initializeLocks()
        heap = TimerHeap()
        isRunning = false
        isFiring = false
        isEnding = false
    }
}
