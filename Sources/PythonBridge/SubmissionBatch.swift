import CPython
import PythonTrampolines

/// Jobs that an event loop's thread has for the workers, handed over together.
///
/// The first of an iteration of the loop goes at once, so that a worker starts; those that follow wait for the
/// iteration's end, which asyncio announces by `call_soon`. A hundred awaits in flight wake a worker once, not a hundred
/// times.
final class SubmissionBatch: @unchecked Sendable {
    // Safe because it is touched on the loop's thread with the interpreter held.
    /// Not held: the loop's bridge owns the batch and lets go of it when the loop closes.
    private let loop: PyRef
    private let callSoon: PythonObject
    private var flush: PythonObject?
    private var isOpen = false
    private var jobs: [UnownedJob] = []

    init(loop: PyRef, _ py: borrowing Python) throws(PythonError) {
        self.loop = loop
        callSoon = try PythonNames.intern("call_soon", py)
        let flush = function("flush") { [weak self] in
            self?.flushNow()
            return Nothing()
        }
        self.flush = PythonObject(owning: try flush.toPython(py))
    }

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
        guard let flush, let handle = py_method1(loop, callSoon.pointer, flush.pointer) else {
            PyErr_Clear()
            return false
        }
        py_decref(handle)
        isOpen = true
        return false
    }

    /// Hands over what was gathered.
    func flushNow() {
        isOpen = false
        guard !jobs.isEmpty else { return }
        WorkerPool.shared.add(jobs)
        jobs.removeAll(keepingCapacity: jobs.capacity <= 4096)
    }

    /// The loop closes: nothing will flush any more.
    func close() {
        flushNow()
        flush = nil
    }
}
