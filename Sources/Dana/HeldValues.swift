import DanaLanguage
import Synchronization

/// The values of a context that something outside holds, and those that it let go of, on any thread, and nobody has
/// released yet.
final class HeldValues: Sendable {
    private struct State {
        var counts: [UInt64: Int] = [:]
        var dropped: [Value] = []
    }

    private let state = Mutex(State())
    private let isAnyDropped = Atomic<Bool>(false)

    func keep(_ value: Value) { state.withLock { $0.counts[value.identity, default: 0] += 1 } }

    func drop(_ value: Value) {
        state.withLock { state in
            guard let count = state.counts[value.identity] else { return }
            state.counts[value.identity] = count == 1 ? nil : count - 1
            state.dropped.append(value)
            isAnyDropped.store(true, ordering: .releasing)
        }
    }

    /// Whether anything was let go of since the last time.
    var hasDropped: Bool { isAnyDropped.load(ordering: .acquiring) }

    /// What was let go of since the last time.
    func takeDropped() -> [Value] {
        state.withLock { state in
            isAnyDropped.store(false, ordering: .releasing)
            defer { state.dropped = [] }
            return state.dropped
        }
    }

    /// What is still held and how often; nobody holds anything afterwards.
    func takeAll() -> [(Value, Int)] {
        state.withLock { state in
            defer { state.counts = [:] }
            return state.counts.map { (Value(identity: $0.key), $0.value) }
        }
    }
}
