import Synchronization

/// Runs the jobs of one task on the thread of Python's that waits for the task's end: no other thread is woken for it.
/// What comes when the thread waits no more goes to the bridge's own threads. What the task gives is not its business:
/// being of no type, it looks up no metadata.
@usableFromInline
final class CallerExecutor: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var hasEnded = false
        /// Set while the thread sleeps there.
        var place: SleepingPlace?
        var isLeft = false
    }

    private let state = Mutex(State())

    @usableFromInline init() {}

    @usableFromInline func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // What wakes the thread is taken along: the executor may be gone as soon as the thread has found the job.
        let (isLeft, sleeper) = state.withLock { state in
            if !state.isLeft { state.jobs.append(job) }
            return (state.isLeft, state.place.take())
        }
        if isLeft { WorkerPool.shared.add(CollectionOfOne(job)) }
        sleeper?.wake()
    }

    /// The task has ended.
    @usableFromInline func end() {
        let sleeper = state.withLock { state in
            state.hasEnded = true
            return state.place.take()
        }
        sleeper?.wake()
    }

    /// Runs what there is to run until the task has ended. Throws what a signal handler raised meanwhile; the task goes on.
    @usableFromInline func run(_ py: borrowing Python) throws(PythonError) {
        if py.release({ work(sleepingAt: nil) }) { return }
        let place = try SleepingPlace(py)
        try place.sleep(py) { work(sleepingAt: place) ? () : nil }
    }

    /// Runs jobs until none is left; false when the task has not ended by then, and whoever has more wakes the place.
    private func work(sleepingAt place: SleepingPlace?) -> Bool {
        let executor = asUnownedTaskExecutor()
        while true {
            let (jobs, hasEnded) = state.withLock { state -> ([UnownedJob], Bool) in
                guard state.jobs.isEmpty else {
                    defer { state.jobs = [] }
                    return (state.jobs, false)
                }
                if !state.hasEnded { state.place = place }
                return ([], state.hasEnded)
            }
            if jobs.isEmpty { return hasEnded }
            for job in jobs { job.runSynchronously(on: executor) }
        }
    }

    /// The thread waits no more.
    @usableFromInline func leave() {
        let jobs = state.withLock { state in
            defer { (state.jobs, state.place, state.isLeft) = ([], nil, true) }
            return state.jobs
        }
        if !jobs.isEmpty { WorkerPool.shared.add(jobs) }
    }
}
