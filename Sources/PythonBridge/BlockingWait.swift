import CPython

/// Asynchronous Swift for callers that block.
extension Python {
    /// Runs asynchronous Swift for a caller that blocks, as an exported synchronous function is.
    ///
    /// Python runs on meanwhile. Ctrl-C interrupts at once: the Swift task is cancelled, waited for, and
    /// `KeyboardInterrupt` raised. Refused on a thread whose event loop runs, which the wait would stop.
    public static func wait<Result: Sendable>(
        _ name: StaticString, _ body: @escaping @Sendable () async throws -> Result
    ) throws -> Result {
        try hold { py throws(PythonError) in
            try py.checkMayBlock(name)
            return try finished(body, py)
        }.get()
    }

    /// Refuses to block a thread whose event loop runs; `name` is what would block it.
    public func checkMayBlock(_ name: StaticString) throws(PythonError) {
        guard try LoopTable.isLoopRunning(self) else { return }
        throw PythonError(
            .runtimeError,
            "\(name)() would block this thread's running event loop: await the asynchronous form of it instead")
    }

    private static func finished<Output: Sendable>(
        _ body: @escaping @Sendable () async throws -> Output, _ py: borrowing Python
    ) throws(PythonError) -> Result<Output, any Error> {
        let mailbox = try BlockingMailbox<Result<Output, any Error>>(py)
        let task = Task(executorPreference: WorkerPool.shared) {
            do {
                mailbox.send(.success(try await body()))
            } catch {
                mailbox.send(.failure(error))
            }
        }
        do throws(PythonError) {
            return try mailbox.receive(py).first ?? .failure(CancellationError())
        } catch {
            task.cancel()
            // Waits for the unwinding; a second Ctrl-C ends that, too.
            _ = try? mailbox.receive(py)
            throw error
        }
    }
}
