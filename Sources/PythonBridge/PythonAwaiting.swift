import CPython

/// Awaiting on the event loop that a task runs for.
extension Python {
    /// Awaits what `make` gives, as ``PythonObject/awaited()`` does. `make` runs on the event loop's thread, so that a
    /// task on another thread can call a coroutine function without taking the interpreter. What runs meanwhile finds
    /// `purpose` with ``awaitedFor``.
    public static func awaiting(
        for purpose: (any Sendable)? = nil,
        _ make: @escaping @Sendable (borrowing Python) throws(PythonError) -> PythonObject
    ) async throws -> PythonObject {
        guard let call = PendingCall.current, let bridge = call.bridge else {
            throw PythonError(
                .runtimeError,
                "no event loop to await on: Python is awaited inside an asynchronous function that Python has called")
        }
        let wait = PythonWait(call, bridge, for: purpose, make)
        return try await withTaskCancellationHandler {
            try await wait.run()
        } onCancel: {
            wait.cancel()
        }
    }

    /// What the Python that runs on this thread is awaited for, as the Swift task that awaits it has said; nil where none
    /// does.
    public var awaitedFor: (any Sendable)? { PythonWaitCallback.current(self)?.purpose }
}

/// Awaiting Python from Swift: coroutines, futures and anything else with `__await__`.
extension PythonObject {
    /// Awaits this on the event loop that the task runs for, and gives the result.
    ///
    /// The awaitable runs as a task of that loop, in a copy of the caller's context. Cancelling the Swift task cancels it,
    /// and this returns when it has really ended: with `CancellationError`, where it let itself be cancelled. May be
    /// called from any thread; only the loop's thread touches Python.
    public func awaited(for purpose: (any Sendable)? = nil) async throws -> PythonObject {
        try await Python.awaiting(for: purpose) { _ in self }
    }

    /// Awaits this and converts the result.
    public func awaited<Value: FromPython & Sendable>(as type: Value.Type) async throws -> Value {
        let result = try await awaited()
        return try Python.hold { py throws(PythonError) in try Value.fromPython(result.pointer, py) }
    }

    /// Iterates an asynchronous iterator or iterable of Python's; leaving the loop early closes it.
    public func asyncSequence() -> PythonAsyncSequence { PythonAsyncSequence(iterable: self) }

    /// Enters an asynchronous context manager, runs `body`, and leaves it whatever happens. The exit sees the error and
    /// may swallow it, in which case nil is the result; it is not cut short by a cancellation.
    public func asyncWith<Result: Sendable>(
        _ body: @Sendable (PythonObject) async throws -> Result
    ) async throws -> Result? {
        let entered = try await Python.hold { py throws(PythonError) in
            try callMethod("__aenter__", py: py)
        }.awaited()
        let failure: PythonError
        do {
            let result = try await body(entered)
            try await leave(nil)
            return result
        } catch {
            failure = Python.hold { py in PythonError(mapping: error, py) }
            guard try await leave(failure) else { throw error }
            return nil
        }
    }

    @discardableResult
    private func leave(_ failure: PythonError?) async throws -> Bool {
        let exit = try Python.hold { py throws(PythonError) -> PythonObject in
            guard let failure else { return try callMethod("__aexit__", py.none, py.none, py.none, py: py) }
            let exception = failure.exception(py)
            return try callMethod("__aexit__", exception.type(py), exception, py.none, py: py)
        }
        // A task of its own: the exit runs to its end even where this task has been cancelled.
        let left = try await Task(executorPreference: LoopBridge.current?.executor) { try await exit.awaited() }.value
        return try Python.hold { py throws(PythonError) in try left.isTrue(py) }
    }
}

/// A Python asynchronous iterable as an `AsyncSequence`.
public struct PythonAsyncSequence: AsyncSequence, Sendable {
    public typealias Element = PythonObject

    let iterable: PythonObject

    public func makeAsyncIterator() -> Iterator { Iterator(iterable) }

    /// Steps the Python iterator; when dropped before its end, closes it.
    public final class Iterator: AsyncIteratorProtocol {
        private let iterable: PythonObject
        private var iterator: PythonObject?
        private var isFinished = false

        init(_ iterable: PythonObject) { self.iterable = iterable }

        public func next() async throws -> PythonObject? {
            guard !isFinished else { return nil }
            let step = try Python.hold { py throws(PythonError) -> PythonObject in
                if let iterator { return try iterator.callMethod("__anext__", py: py) }
                let iterator = try iterable.callMethod("__aiter__", py: py)
                self.iterator = iterator
                return try iterator.callMethod("__anext__", py: py)
            }
            do {
                return try await step.awaited()
            } catch let error as PythonError {
                isFinished = true
                if Python.hold({ py in error.matches(.stopAsyncIteration, py) }) { return nil }
                throw error
            } catch {
                isFinished = true
                throw error
            }
        }

        deinit {
            guard !isFinished, let iterator, let call = PendingCall.current, let bridge = call.bridge else { return }
            bridge.executor.post { py in
                // Closing is a courtesy to generators; what it raises has nobody to go to.
                guard let close = try? iterator.callMethod("aclose", py: py) else { return }
                PythonWait.runDetached(close, py)
            }
        }
    }
}
