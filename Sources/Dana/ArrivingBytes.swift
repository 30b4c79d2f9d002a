import Synchronization

/// What of one answer has arrived for a program and is not in the context's heap yet. All of a context's together come to
/// no more than it may hold; what is let go of no longer counts.
final class ArrivingBytes: Sendable {
    private let core: ContextCore
    private let count = Atomic<Int>(0)

    init(in core: ContextCore) { self.core = core }

    /// Counts so many more; whether they may be kept.
    func take(_ more: Int) -> Bool {
        count.add(more, ordering: .relaxed)
        return core.arriving.add(more, ordering: .relaxed).newValue <= core.settings.limits.memory
    }

    deinit { core.arriving.subtract(count.load(ordering: .relaxed), ordering: .relaxed) }
}
