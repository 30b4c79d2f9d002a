import Synchronization

/// The calls that run on one place of a pool, which end with it: who closes the place ends them, and none begins any
/// more.
final class RunningCalls: Sendable {
    private struct State {
        /// What ends each.
        var running: [Int: @Sendable () -> Void] = [:]
        var last = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// A call begins: `end` ends it, from any thread, and may come after `remove`. Nil when the place is closed.
    func add(_ end: @escaping @Sendable () -> Void) -> Int? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            state.last += 1
            state.running[state.last] = end
            return state.last
        }
    }

    /// The call has ended.
    func remove(_ number: Int) { state.withLock { _ = $0.running.removeValue(forKey: number) } }

    /// Ends all of them.
    func close() {
        let running = state.withLock { state in
            defer { (state.running, state.isClosed) = ([:], true) }
            return state.running
        }
        for end in running.values { end() }
    }

    /// What `body` gives, as a task of its own that is cancelled when the place is closed; nil when that
    /// is or was so.
    nonisolated(nonsending) func run<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result?
    {
        let end = CallEnd()
        guard let number = add({ end.comes(byClosing: true) }) else { return nil }
        defer { remove(number) }
        async let result = {
            defer { end.comes(byClosing: false) }
            return await body()
        }()
        // Leaving it cancels it, and waits for its end.
        if await end.isClosing { return nil }
        return await result
    }

    /// Whichever comes first of the end of a call and the closing of its place.
    private final class CallEnd: Sendable {
        private struct State {
            var isClosing: Bool?
            var waiter: CheckedContinuation<Bool, Never>?
        }

        private let state = Mutex(State())

        func comes(byClosing isClosing: Bool) {
            let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard state.isClosing == nil else { return nil }
                state.isClosing = isClosing
                return state.waiter.take()
            }
            waiter?.resume(returning: isClosing)
        }

        nonisolated(nonsending) var isClosing: Bool {
            get async {
                await withCheckedContinuation { waiter in
                    let known = state.withLock { state in
                        if state.isClosing == nil { state.waiter = waiter }
                        return state.isClosing
                    }
                    if let known { waiter.resume(returning: known) }
                }
            }
        }
    }
}
