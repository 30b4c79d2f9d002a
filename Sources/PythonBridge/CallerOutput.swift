/// What a task comes to that a ``CallerExecutor`` runs.
@usableFromInline
final class CallerOutput<Output: Sendable>: @unchecked Sendable {
    // Safe because the task writes it before it tells its executor that it has ended, and the thread that waits reads it
    // when it has learned that from the executor, under its lock.
    @usableFromInline var result: Result<Output, any Error>?

    @inlinable init() {}
}
