import CPython
import Glibc
import Synchronization

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
            try LoopTable.refuseBlocking(name, py)
            return try BlockingWait(body).run(py)
        }.get()
    }
}

extension LoopTable {
    fileprivate static func refuseBlocking(_ name: StaticString, _ py: borrowing Python) throws(PythonError) {
        guard try isLoopRunning(py) else { return }
        throw PythonError(
            .runtimeError,
            "\(name)() would block this thread's running event loop: await the asynchronous form of it instead")
    }
}

/// A thread of Python's that waits for a Swift task.
private final class BlockingWait<Output: Sendable>: @unchecked Sendable {
    // Safe because `result` is written before the eventfd is, and read after it has been.
    private let body: @Sendable () async throws -> Output
    private var result: Result<Output, any Error>?

    init(_ body: @escaping @Sendable () async throws -> Output) { self.body = body }

    func run(_ py: borrowing Python) throws(PythonError) -> Result<Output, any Error> {
        let descriptor = py_eventfd()
        guard descriptor >= 0 else {
            throw PythonError(.osError, "no eventfd to wait on: too many open files (errno \(errno))")
        }
        let done = Descriptor(descriptor)
        let task = Task(executorPreference: WorkerPool.shared) { [self] in
            do {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            py_eventfd_signal(done.number)
        }
        if let interruption = wait(done.number, py) {
            task.cancel()
            // Waits for the unwinding; a second Ctrl-C ends that, too.
            _ = wait(done.number, py)
            throw interruption
        }
        return result ?? .failure(CancellationError())
    }

    /// Waits until the task is done; gives the exception of a signal handler that came first.
    private func wait(_ descriptor: Int32, _ py: borrowing Python) -> PythonError? {
        while true {
            let status = py.release {
                var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                return poll(&poller, 1, -1)
            }
            if status > 0 { return nil }
            if PyErr_CheckSignals() != 0 { return .taken(py) }
        }
    }
}

/// A file descriptor closed with its last holder.
private final class Descriptor: Sendable {
    let number: Int32
    init(_ number: Int32) { self.number = number }
    deinit { close(number) }
}
