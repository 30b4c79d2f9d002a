import DanaSystem
import Glibc

/// The bridge's own threads: a task executor for Swift that must not run on an event loop's thread.
///
/// Not the runtime's global pool: that one has two threads a priority, never grows, and is dead in a forked
/// child. These threads never take the interpreter, block every signal (so that Ctrl-C reaches Python's main
/// thread) and are started at first use, again in a child after `fork`.
public final class WorkerPool: TaskExecutor, @unchecked Sendable {
    // Safe because every field is touched under `mutex`, and the child of a fork begins anew under it.
    public static let shared = WorkerPool(threads: max(2, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let wake: UnsafeMutablePointer<pthread_cond_t>
    private let limit: Int
    private var jobs: [UnownedJob] = []
    private var next = 0
    private var started = 0
    private var idle = 0
    private var isEnding = false

    init(threads: Int) {
        limit = threads
        mutex = .allocate(capacity: 1)
        wake = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if let batch = SubmissionBatch.current, batch.take(job) { return }
        add(CollectionOfOne(job))
    }

    /// Queues jobs from any thread. One thread is woken; it wakes the next where there is more to do.
    func add(_ more: some Collection<UnownedJob>) {
        pthread_mutex_lock(mutex)
        jobs.append(contentsOf: more)
        let wakes = callThread()
        pthread_mutex_unlock(mutex)
        if wakes { pthread_cond_signal(wake) }
    }

    /// Whether an idle thread is to be woken; starts one where none is idle. Under the mutex.
    private func callThread() -> Bool {
        if idle > 0 { return true }
        if started < limit {
            started += 1
            if !SystemThread.start({ [self] in work() }) { started -= 1 }
        }
        return false
    }

    /// Runs `body`, and whatever it awaits without an executor of its own, on these threads.
    public func run<Result: Sendable, Failure: Error>(
        _ body: @Sendable () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await withTaskExecutorPreference(self, operation: body)
    }

    private func work() {
        let executor = asUnownedTaskExecutor()
        while true {
            pthread_mutex_lock(mutex)
            while next == jobs.count || isEnding {
                idle += 1
                pthread_cond_wait(wake, mutex)
                idle -= 1
            }
            let job = jobs[next]
            next += 1
            if next == jobs.count {
                jobs.removeAll(keepingCapacity: jobs.capacity <= 4096)
                next = 0
            } else if next >= 4096 {
                jobs.removeFirst(next)
                next = 0
            }
            let wakes = next < jobs.count && callThread()
            pthread_mutex_unlock(mutex)
            if wakes { pthread_cond_signal(wake) }
            job.runSynchronously(on: executor)
        }
    }

    /// The process is about to exit: no job is begun any more, and those that run have a moment to end. The runtime's
    /// own state is torn down next, which a thread inside it would not survive.
    func quiesce() {
        let deadline = Deadline.after(nanoseconds: Self.exitPatience.value)
        while deadline.remainingNanoseconds > 0 {
            pthread_mutex_lock(mutex)
            isEnding = true
            let isQuiet = idle == started
            pthread_mutex_unlock(mutex)
            if isQuiet { return }
            usleep(100)
        }
    }

    /// How many nanoseconds an exit waits for Swift that does not end.
    public static let exitPatience = Setting<UInt64>(100_000_000)

    /// Before `fork`: no thread is inside the queue while the process is copied.
    func prepareFork() { pthread_mutex_lock(mutex) }

    /// After `fork`, in the parent.
    func resumeParent() { pthread_mutex_unlock(mutex) }

    /// After `fork`, in the child: the threads are gone, and with them the jobs that they would have run.
    func restartInChild() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(wake, nil)
        jobs = []
        next = 0
        started = 0
        idle = 0
        isEnding = false
    }
}
