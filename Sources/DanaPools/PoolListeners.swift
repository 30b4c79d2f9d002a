import Synchronization

/// Who listens to a pool's events.
final class PoolListeners: Sendable {
    typealias Listener = @Sendable (PoolEvent) -> Void

    private struct State {
        var listeners: [Int: Listener] = [:]
        /// Told when no more events come.
        var ends: [Int: @Sendable () -> Void] = [:]
        var last = 0
        var isOver = false
    }

    private let state = Mutex(State())

    var isEmpty: Bool { state.withLock { $0.listeners.isEmpty } }

    /// `ended` is called when no more events come.
    func add(_ listener: @escaping Listener, ended: (@Sendable () -> Void)? = nil) -> Int {
        let (number, isOver) = state.withLock { state in
            state.last += 1
            if !state.isOver {
                state.listeners[state.last] = listener
                state.ends[state.last] = ended
            }
            return (state.last, state.isOver)
        }
        if isOver { ended?() }
        return number
    }

    func remove(_ number: Int) {
        let gone = state.withLock { state in
            (state.listeners.removeValue(forKey: number), state.ends.removeValue(forKey: number))
        }
        withExtendedLifetime(gone) {}  // dropped behind the lock
    }

    /// No more events come.
    func end() {
        let (ends, gone) = state.withLock { state in
            state.isOver = true
            defer { (state.ends, state.listeners) = ([:], [:]) }
            return (state.ends, state.listeners)
        }
        for ended in ends.values { ended() }
        withExtendedLifetime(gone) {}  // dropped behind the lock
    }

    /// Tells everybody; true when there is somebody.
    func tell(_ event: PoolEvent) -> Bool {
        let listeners = state.withLock { $0.listeners }
        for listener in listeners.values { listener(event) }
        return !listeners.isEmpty
    }
}
