import Synchronization

/// Places where Swift waits until the test lets it on, each known by a name and made at first mention.
///
/// A gate that is open stays open until it is shut.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var nextID = 0
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        var cancelled: Set<Int> = []
    }

    private static let gates = Mutex<[String: Gate]>([:])
    private let state = Mutex(State())

    static func named(_ name: String) -> Gate {
        gates.withLock { gates in
            if let gate = gates[name] { return gate }
            let gate = Gate()
            gates[name] = gate
            return gate
        }
    }

    /// Lets on who waits, in the order of their coming.
    func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.waiting = [:] }
            return state.waiting.sorted { $0.key < $1.key }.map(\.value)
        }
        for continuation in waiting { continuation.resume(returning: true) }
    }

    func shut() { state.withLock { $0.isOpen = false } }

    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Until it opens; a cancellation is not heard.
    func pass() async {
        let id = makeID()
        _ = await withCheckedContinuation { wait(id, $0) }
    }

    /// Until it opens or the task is cancelled.
    func passOrCancel() async throws(CancellationError) {
        let id = makeID()
        let passed = await withTaskCancellationHandler {
            await withCheckedContinuation { wait(id, $0) }
        } onCancel: {
            cancel(id)
        }
        if !passed { throw CancellationError() }
    }

    private func makeID() -> Int {
        state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
    }

    private func wait(_ id: Int, _ continuation: CheckedContinuation<Bool, Never>) {
        let outcome: Bool? = state.withLock { state in
            if state.cancelled.remove(id) != nil { return false }
            if state.isOpen { return true }
            state.waiting[id] = continuation
            return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    private func cancel(_ id: Int) {
        let continuation = state.withLock { state in
            let continuation = state.waiting.removeValue(forKey: id)
            if continuation == nil { state.cancelled.insert(id) }
            return continuation
        }
        continuation?.resume(returning: false)
    }
}
