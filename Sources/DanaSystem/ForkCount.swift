import Glibc
import Synchronization

/// Counts the forks that this process descends from: what was made at another count was made in a parent, whose threads
/// do not live on here.
package enum ForkCount {
    private static let count = Atomic<Int>(0)

    private static let countsInChildren: Void = {
        pthread_atfork(nil, nil) { ForkCount.count.add(1, ordering: .relaxed) }
    }()

    package static var current: Int {
        countsInChildren
        return count.load(ordering: .relaxed)
    }
}
