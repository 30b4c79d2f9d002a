import DanaSystem
import Synchronization

/// Audit events on their way to one who awaits them. Of those that are not taken in time the newest are kept, and an event
/// says how many are missing before them.
final class AuditStream: Sendable {
    private struct State {
        var events: [AuditEvent] = []
        /// Where the events begin that nobody has taken.
        var first = 0
        var lost = 0
        var isOver = false
        var waiting: [CheckedContinuation<AuditEvent?, Never>] = []

        mutating func takeFirst() {
            first += 1
            guard first == events.count else { return }
            events = []
            first = 0
        }
    }

    private let limit: Int
    private let state = Mutex(State())
    private let ended: @Sendable () -> Void

    /// `ended` is called when no more events are wanted.
    init(limit: Int, ended: @escaping @Sendable () -> Void) {
        self.limit = max(1, limit)
        self.ended = ended
    }

    deinit { ended() }

    func add(_ event: AuditEvent) {
        let waiting = state.withLock { state -> CheckedContinuation<AuditEvent?, Never>? in
            if state.isOver { return nil }
            if !state.waiting.isEmpty { return state.waiting.removeFirst() }
            state.events.append(event)
            guard state.events.count - state.first > limit else { return nil }
            state.first += 1
            state.lost += 1
            if state.first > limit {
                state.events.removeFirst(state.first)
                state.first = 0
            }
            return nil
        }
        waiting?.resume(returning: event)
    }

    /// The next event when it comes; nil when there are no more.
    func next() async -> AuditEvent? {
        await withCheckedContinuation { continuation in
            let event: AuditEvent?? = state.withLock { state in
                if state.lost > 0 {
                    defer { state.lost = 0 }
                    return .some(
                        AuditEvent(
                            kind: .lost, context: 0, subject: "audit", detail: "\(state.lost)", place: nil,
                            function: nil,
                            time: MonotonicTime.now))
                }
                if state.first < state.events.count {
                    defer { state.takeFirst() }
                    return .some(state.events[state.first])
                }
                if state.isOver { return .some(nil) }
                state.waiting.append(continuation)
                return nil
            }
            if let event { continuation.resume(returning: event) }
        }
    }

    /// No more events come; those that came are still given.
    func end() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: nil) }
        ended()
    }
}
