import Synchronization

/// Runs the jobs of one task on the thread of Python's that waits for the task's result: no other thread is woken for it.
/// What comes when the thread waits no more goes to the bridge's own threads.
final class CallerExecutor<Output: Sendable>: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var output: Output?
        /// Set while the thread sleeps there.
        var place: SleepingPlace?
        var isLeft = false
    }

    private let state = Mutex(State())

    func enqueue(_ job: consuming ExecutorJob) {
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
    func send(_ output: Output) {
        let sleeper = state.withLock { state in
            state.output = output
            return state.place.take()
        }
        sleeper?.wake()
    }

    /// Runs what there is to run until the task has ended. Throws what a signal handler raised meanwhile; the task goes on.
    func output(_ py: borrowing Python) throws(PythonError) -> Output {
        if let output = py.release({ work(sleepingAt: nil) }) { return output }
        let place = try SleepingPlace(py)
        return try place.sleep(py) { work(sleepingAt: place) }
    }

    /// Runs jobs until none is left; nil when the task has not ended by then, and whoever has more wakes the place.
    private func work(sleepingAt place: SleepingPlace?) -> Output? {
        let executor = asUnownedTaskExecutor()
        while true {
            let (jobs, output) = state.withLock { state -> ([UnownedJob], Output?) in
                guard state.jobs.isEmpty else {
                    defer { state.jobs = [] }
                    return (state.jobs, nil)
                }
                if state.output == nil { state.place = place }
                return ([], state.output)
            }
            if jobs.isEmpty { return output }
            for job in jobs { job.runSynchronously(on: executor) }
        }
    }

    /// The thread waits no more.
    func leave() {
        let jobs = state.withLock { state in
            defer { (state.jobs, state.place, state.isLeft) = ([], nil, true) }
            return state.jobs
        }
        if !jobs.isEmpty { WorkerPool.shared.add(jobs) }
    }
}
