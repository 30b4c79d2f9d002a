import PythonTrampolines

/// Jobs that an event loop's thread has for the workers, handed over together.
///
/// The first of an iteration of the loop goes at once, so that a worker starts; those that follow wait for the
/// iteration's end. A hundred awaits in flight wake a worker once, not a hundred times.
final class SubmissionBatch: @unchecked Sendable {
    // Safe because it is touched on the loop's thread with the interpreter held.
    private let end: LoopCallback
    private var isOpen = false
    private var jobs: [UnownedJob] = []

    init(until end: LoopCallback) { self.end = end }

    /// Gathers what `body` submits on this thread.
    func gather(_ body: () -> Void) {
        let outer = dana_batch_get()
        dana_batch_set(Unmanaged.passUnretained(self).toOpaque())
        body()
        dana_batch_set(outer)
    }

    /// The batch that gathers on this thread, if any.
    static var current: SubmissionBatch? {
        // Safe because the pointer is set only while `gather` keeps the batch alive.
        dana_batch_get().map { Unmanaged<SubmissionBatch>.fromOpaque($0).takeUnretainedValue() }
    }

    /// False when the job should go to the workers at once.
    func take(_ job: UnownedJob) -> Bool {
        if isOpen {
            jobs.append(job)
            return true
        }
        isOpen = end.announce()
        return false
    }

    /// Hands over what was gathered.
    func flush() {
        isOpen = false
        guard !jobs.isEmpty else { return }
        WorkerPool.shared.add(jobs)
        jobs.removeAll(keepingCapacity: jobs.capacity <= 4096)
    }
}
