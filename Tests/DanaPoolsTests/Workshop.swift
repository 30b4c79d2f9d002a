import Synchronization

@testable import DanaPools

/// Makes numbered things for a pool, does with them what a test says, and counts those that live.
final class Workshop: Sendable {
    /// What becomes of a hook.
    enum Manner: CaseIterable, Sendable {
        case succeeds, fails
        /// Lets others go first, and succeeds.
        case dawdles
        /// Does not end before it is cancelled.
        case hangs
    }

    struct Failure: Error, Equatable {
        let hook: PoolHook
    }

    struct Count {
        var made = 0
        var closed = 0
        var mostAlive = 0
        var alive: Set<Int> = []
        /// What was asked for with a thing that was closed, or not made.
        var faults: [String] = []
    }

    let count = Mutex(Count())
    private let manners = Mutex<[PoolHook: Manner]>([:])

    func set(_ hook: PoolHook, _ manner: Manner) {
        manners.withLock { $0[hook] = manner }
    }

    var alive: Int { count.withLock { $0.alive.count } }
    var made: Int { count.withLock { $0.made } }
    var closed: Int { count.withLock { $0.closed } }

    /// All hooks.
    var hooks: PoolHooks<Int> {
        var hooks = makesOnly
        hooks.validate = { try await self.use(.validate, $0) }
        hooks.reset = { try await self.use(.reset, $0) }
        hooks.close = { thing in
            defer { self.close(thing) }
            try await self.behave(.close)
        }
        return hooks
    }

    /// Makes and closes, and nothing else.
    var makesAndCloses: PoolHooks<Int> {
        var hooks = hooks
        hooks.validate = nil
        hooks.reset = nil
        return hooks
    }

    var makesOnly: PoolHooks<Int> {
        PoolHooks(make: {
            try await self.behave(.make)
            return self.count.withLock { count in
                count.made += 1
                count.alive.insert(count.made)
                count.mostAlive = max(count.mostAlive, count.alive.count)
                return count.made
            }
        })
    }

    private func use(_ hook: PoolHook, _ thing: Int) async throws {
        count.withLock { if !$0.alive.contains(thing) { $0.faults.append("\(hook) of \(thing)") } }
        try await behave(hook)
    }

    private func close(_ thing: Int) {
        count.withLock { count in
            count.closed += 1
            if count.alive.remove(thing) == nil { count.faults.append("\(thing) was closed twice") }
        }
    }

    private func behave(_ hook: PoolHook) async throws {
        switch manners.withLock({ $0[hook] ?? .succeeds }) {
        case .succeeds: break
        case .fails: throw Failure(hook: hook)
        case .dawdles: for _ in 0..<5 { await Task.yield() }
        case .hangs: try await Gate().passUnlessCancelled()
        }
    }
}
