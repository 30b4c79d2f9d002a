import Synchronization

/// How many of the bridge's own things are alive: what tests and leak reports look at.
package enum BridgeCensus {
    /// Calls of asynchronous Swift functions, from the making of the coroutine until nothing holds the call.
    package static var calls: Int { liveCalls.load(ordering: .relaxed) }

    /// Event loops that have called Swift and have not closed.
    package static var loops: Int { LoopTable.count }

    static let liveCalls = Atomic<Int>(0)
}
