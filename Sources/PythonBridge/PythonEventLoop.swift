import CPython
import DanaSystem
import Glibc
import Synchronization

/// An asyncio event loop for Swift programs: what awaits Python without having been called by it runs here.
public enum PythonEventLoop {
    /// Runs `body` on a new event loop, on a thread of its own, and gives its result.
    ///
    /// Inside, Python awaitables are awaited with ``PythonObject/awaited()``. Cancelling the Swift task cancels `body`; the
    /// loop ends, as with `asyncio.run`, when everything on it has ended. What it runs sees the variables of `context`, a
    /// context of Python's that nobody has entered, or else of an empty one.
    public static func run<Result: Sendable>(
        in context: PythonObject? = nil, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let run = Run(body, context)
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { (continuation: UnsafeContinuation<Result, any Error>) in
                let isStarted = SystemThread.start {
                    continuation.resume(with: counted(cancel: { run.cancel() }) { run.onThread() })
                }
                if !isStarted {
                    continuation.resume(throwing: PythonError(.osError, "no thread to be had for an event loop"))
                }
            }
        } onCancel: {
            run.cancel()
        }
    }

    /// The loops that run, and how to cancel them.
    private struct UnderWay {
        var cancels: [Int: @Sendable () -> Void] = [:]
        var last = 0
        /// Python is about to end: what begins is cancelled.
        var isEnding = false
    }

    private static let underWay = Mutex(UnderWay())

    /// Cancels what runs on these loops and returns when they have ended; the caller does not hold the interpreter.
    static func endAll() {
        let cancels = underWay.withLock { underWay in
            underWay.isEnding = true
            return Array(underWay.cancels.values)
        }
        for cancel in cancels { cancel() }
        while underWay.withLock({ !$0.cancels.isEmpty }) { usleep(50) }
    }

    /// Does something that counts as a loop that runs.
    private static func counted<Result>(cancel: @escaping @Sendable () -> Void, _ body: () -> Result) -> Result {
        let (number, isEnding) = underWay.withLock { underWay in
            underWay.last += 1
            underWay.cancels[underWay.last] = cancel
            return (underWay.last, underWay.isEnding)
        }
        if isEnding { cancel() }
        defer { underWay.withLock { _ = $0.cancels.removeValue(forKey: number) } }
        return body()
    }

    /// One run of a loop.
    private final class Run<Output: Sendable>: Sendable {
        private struct State {
            var result: Result<Output, any Error>?
            var task: Task<Output, any Error>?
            var isCancelled = false
        }

        private let body: @Sendable () async throws -> Output
        private let context: PythonObject?
        private let state = Mutex(State())

        init(_ body: @escaping @Sendable () async throws -> Output, _ context: PythonObject?) {
            self.body = body
            self.context = context
        }

        func onThread() -> Result<Output, any Error> {
            do {
                try Python.hold { py throws(PythonError) in
                    let main = PythonObject(owning: try coroutine("main", py) { [self] in await run() })
                    let runner = try PythonModules.asyncio.attribute("run", py)
                    if let context {
                        _ = try context.callMethod("run", runner, main, py: py)
                    } else {
                        _ = try runner.call(main, py: py)
                    }
                }
                return state.withLock { $0.result } ?? .failure(CancellationError())
            } catch {
                return state.withLock { $0.result } ?? .failure(error)
            }
        }

        private func run() async -> Nothing {
            let task = Task(executorPreference: LoopBridge.current?.executor) { [body] in try await body() }
            let isCancelled = state.withLock { state in
                state.task = task
                return state.isCancelled
            }
            if isCancelled { task.cancel() }
            let result = await withTaskCancellationHandler {
                await task.result
            } onCancel: {
                task.cancel()
            }
            state.withLock { $0.result = result }
            return Nothing()
        }

        func cancel() {
            let task = state.withLock { state in
                state.isCancelled = true
                return state.task
            }
            task?.cancel()
        }
    }
}
