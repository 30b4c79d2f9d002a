import CPython
import Glibc
import PythonTrampolines
import Synchronization

/// Runs Swift on an event loop's thread: jobs queued from any thread, run there by the loop's bridge.
///
/// A queued job is announced by an eventfd, written only when the queue was empty and the loop's thread is not
/// about to look anyway. No thread but the loop's ever takes the interpreter on this path.
@usableFromInline
final class LoopExecutor: TaskExecutor, @unchecked Sendable {
    // Safe because `descriptor` never changes, `thread` is atomic, the rest is locked or touched on the loop's thread.
    enum Item {
        case job(UnownedJob)
        case action(@Sendable (borrowing Python) -> Void)
    }

    private struct Queue {
        var items: [Item] = []
        /// After the loop has closed: what still has to unwind does so on the workers, without Python.
        var isClosed = false
    }

    let descriptor: Int32
    private let thread = Atomic<UInt>(UInt(pthread_self()))
    private let queue = Mutex(Queue())
    /// How deep the loop's thread is in code that drains before it returns.
    var drainingDepth = 0
    private(set) var isRunningJobs = false

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        // Not before: a thread that has just queued a job may be about to signal, and the number may be another's then.
        Glibc.close(descriptor)
    }

    var isOnThread: Bool { UInt(pthread_self()) == thread.load(ordering: .relaxed) }

    /// A loop may be run by one thread after another: the caller runs it.
    func adoptThread() { thread.store(UInt(pthread_self()), ordering: .relaxed) }

    @usableFromInline func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if !push(.job(job)) { WorkerPool.shared.add(CollectionOfOne(job)) }
    }

    /// Runs `action` on the loop's thread; false where the loop has closed, and then never.
    @discardableResult
    func post(_ action: @escaping @Sendable (borrowing Python) -> Void) -> Bool { push(.action(action)) }

    /// False when the loop has closed.
    private func push(_ item: Item) -> Bool {
        let (isOpen, isFirst) = queue.withLock { queue -> (Bool, Bool) in
            guard !queue.isClosed else { return (false, false) }
            queue.items.append(item)
            return (true, queue.items.count == 1)
        }
        if isFirst, !(isOnThread && drainingDepth > 0) { py_eventfd_signal(descriptor) }
        return isOpen
    }

    var hasWork: Bool { queue.withLock { !$0.items.isEmpty } }

    /// Runs what is queued, at most about `limit` items, on the loop's thread. Never nests: a job that calls Python
    /// that comes back here would run another job inside itself.
    func runQueued(limit: Int, _ py: borrowing Python) {
        guard !isRunningJobs else { return }
        isRunningJobs = true
        dana_adrift_set(dana_adrift_get() &+ 1)
        defer {
            dana_adrift_set(dana_adrift_get() &- 1)
            isRunningJobs = false
        }
        let task = asUnownedTaskExecutor()
        var done = 0
        while done < limit {
            let batch = queue.withLock { queue -> [Item] in
                let batch = queue.items
                queue.items = []
                return batch
            }
            if batch.isEmpty { return }
            done += batch.count
            for item in batch {
                switch item {
                case .job(let job): job.runSynchronously(on: task)
                case .action(let action): action(py)
                }
            }
        }
    }

    /// Nothing is queued any more; the jobs that were go to the workers, the actions to the caller.
    func close() -> [@Sendable (borrowing Python) -> Void] {
        let items = queue.withLock { queue -> [Item] in
            queue.isClosed = true
            let items = queue.items
            queue.items = []
            return items
        }
        var actions: [@Sendable (borrowing Python) -> Void] = []
        for item in items {
            switch item {
            case .job(let job): WorkerPool.shared.add(CollectionOfOne(job))
            case .action(let action): actions.append(action)
            }
        }
        return actions
    }
}
