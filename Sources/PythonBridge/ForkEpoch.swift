import Synchronization

/// Counts the forks this process descends from; what was made in an earlier epoch belongs to the parent.
enum ForkEpoch {
    private static let counter = Atomic<Int>(0)

    static var current: Int { counter.load(ordering: .relaxed) }

    static func advance() { counter.add(1, ordering: .relaxed) }
}
