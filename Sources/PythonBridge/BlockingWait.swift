import CPython

/// Asynchronous Swift for callers that block.
extension Python {
    /// Who runs the Swift that a thread of Python's waits for.
    public enum WaitPlace: Sendable {
        /// The bridge's own threads: for anything.
        case workers
        /// The thread that waits: for what computes little between its awaits. It costs the least, because no other
        /// thread is woken; a signal is seen at the next await.
        case caller
    }

    /// Runs asynchronous Swift for a caller that blocks, as an exported synchronous function is.
    ///
    /// Python runs on meanwhile. Ctrl-C interrupts at once: the Swift task is cancelled, waited for, and
    /// `KeyboardInterrupt` raised. Refused on a thread whose event loop runs, which the wait would stop; `instead` is what
    /// the error says to await there.
    @inlinable
    public static func wait<Result: Sendable>(
        _ name: StaticString, instead: StaticString = "the asynchronous form of it", on place: WaitPlace = .workers,
        _ body: @escaping @Sendable () async throws -> Result
    ) throws -> Result {
        try hold { py throws(PythonError) in
            try py.checkMayBlock(name, instead: instead)
            return switch place {
            case .workers: try byWorkers(body, py)
            case .caller: try byCaller(body, py)
            }
        }.get()
    }

    /// Whether this thread may wait: no event loop runs on it.
    public func mayBlock() throws(PythonError) -> Bool { try !LoopTable.isLoopRunning(self) }

    /// Refuses to block a thread whose event loop runs; `name` is what would block it, `instead` what to await there.
    public func checkMayBlock(
        _ name: StaticString, instead: StaticString = "the asynchronous form of it"
    ) throws(PythonError) {
        guard try !mayBlock() else { return }
        throw PythonError(
            .runtimeError, "\(name)() would block this thread's running event loop: await \(instead) instead")
    }

    @usableFromInline
    static func byWorkers<Output: Sendable>(
        _ body: @escaping @Sendable () async throws -> Output, _ py: borrowing Python
    ) throws(PythonError) -> Result<Output, any Error> {
        let mailbox = try BlockingMailbox<Result<Output, any Error>>(py)
        let task = Task(executorPreference: WorkerPool.shared) { mailbox.send(await outcome(body)) }
        var result: Result<Output, any Error>?
        try end(of: task, py) { py throws(PythonError) in result = try mailbox.receive(py).first }
        return result ?? .failure(CancellationError())
    }

    @inlinable
    static func byCaller<Output: Sendable>(
        _ body: @escaping @Sendable () async throws -> Output, _ py: borrowing Python
    ) throws(PythonError) -> Result<Output, any Error> {
        let executor = CallerExecutor()
        defer { executor.leave() }
        let output = CallerOutput<Output>()
        let task = Task(executorPreference: executor) {
            output.result = await outcome(body)
            executor.end()
        }
        try end(of: task, py) { py throws(PythonError) in try executor.run(py) }
        return output.result ?? .failure(CancellationError())
    }

    @inlinable
    static func outcome<Output>(_ body: () async throws -> Output) async -> Result<Output, any Error> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    /// Waits for the end of a task; one that is interrupted is cancelled and waited for.
    @usableFromInline
    static func end(
        of task: Task<Void, Never>, _ py: borrowing Python,
        _ wait: (borrowing Python) throws(PythonError) -> Void
    ) throws(PythonError) {
        do throws(PythonError) {
            try wait(py)
        } catch {
            task.cancel()
            // Waits for the unwinding; a second Ctrl-C ends that, too.
            _ = try? wait(py)
            throw error
        }
    }
}
