import Synchronization

/// Tells those who wait for something in a context, on whatever thread, that it is to stop.
public final class StopSignal: Sendable {
    private struct State {
        var listeners: [Int: @Sendable () -> Void] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    /// Calls back at each signal; the number ends that.
    public func listen(_ listener: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.last += 1
            state.listeners[state.last] = listener
            return state.last
        }
    }

    public func ignore(_ number: Int) { state.withLock { _ = $0.listeners.removeValue(forKey: number) } }

    func raise() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener() }
    }

    /// Returns at the next signal, or when the task is cancelled; at once where `isOver` says so.
    func wait(unless isOver: () -> Bool) async {
        let (signals, signal) = AsyncStream.makeStream(of: Void.self)
        let number = listen { signal.yield() }
        defer { ignore(number) }
        if isOver() { return }
        for await _ in signals { return }
    }
}
