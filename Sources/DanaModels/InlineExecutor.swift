/// Runs what a task does on the thread that starts or wakes it: for deeds that never wait, which would stand in the line
/// behind whatever keeps Swift's threads busy otherwise, and could not run at all in a forked child.
final class InlineExecutor: TaskExecutor {
    static let shared = InlineExecutor()

    func enqueue(_ job: consuming ExecutorJob) {
        UnownedJob(job).runSynchronously(on: asUnownedTaskExecutor())
    }
}
