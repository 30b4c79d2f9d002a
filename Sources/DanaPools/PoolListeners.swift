import Synchronization

/// Who listens to a pool's events.
final class PoolListeners: Sendable {
    typealias Listener = @Sendable (PoolEvent) -> Void

    private struct State {
        var listeners: [Int: Listener] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    var isEmpty: Bool { state.withLock { $0.listeners.isEmpty } }

    func add(_ listener: @escaping Listener) -> Int {
        state.withLock { state in
            state.last += 1
            state.listeners[state.last] = listener
            return state.last
        }
    }

    func remove(_ number: Int) {
        let listener = state.withLock { $0.listeners.removeValue(forKey: number) }
        withExtendedLifetime(listener) {}  // dropped behind the lock
    }

    /// Tells everybody; true when there is somebody.
    func tell(_ event: PoolEvent) -> Bool {
        let listeners = state.withLock { $0.listeners }
        for listener in listeners.values { listener(event) }
        return !listeners.isEmpty
    }
}
