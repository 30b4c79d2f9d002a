import Glibc
import Testing

@testable import DanaPools

/// The pool under tasks and threads that come, are cancelled, run out of time and let hooks fail, on the real clock.
@Suite(.serialized) struct PoolStressTests {
    private static let isSlow = getenv("DANA_TEST_SLOW").map { String(cString: $0) == "1" } ?? false

    /// A waiter that is cancelled always ends, however close to its beginning or its turn the cancellation comes.
    @Test func noCancellationIsLost() async throws {
        let pool = try ResourcePool(limits: Self.limits(size: 1), hooks: PoolHooks(make: { 1 }))
        let lease = try await pool.lease()
        for round in 0..<20_000 {
            let waiter = Task.detached { try await pool.withResource(deadline: .never) { _ in } }
            for _ in 0..<round % 4 { await Task.yield() }
            waiter.cancel()
            await #expect(throws: CancellationError.self) { try await waiter.value }
        }
        #expect(pool.statistics.waiting == 0)
        lease.release()
        #expect(pool.statistics.idle == 1)
    }

    /// A waiter that is cancelled while the permit is on its way to it either has it or leaves it: it never gets lost.
    @Test func noPermitIsLost() async throws {
        let pool = try ResourcePool(limits: Self.limits(size: 1), hooks: PoolHooks(make: { 1 }))
        for round in 0..<5_000 {
            let lease = try await pool.lease()
            let waiter = Task.detached { try await pool.withResource(deadline: .never) { _ in } }
            for _ in 0..<round % 5 { await Task.yield() }
            let canceller = Task.detached { waiter.cancel() }
            lease.release()
            await canceller.value
            _ = await waiter.result
            #expect(pool.tryLease()?.release() != nil)
        }
    }

    @Test func endsFullAndIdle() async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("pool stress: seed \(seed)")
        let workshop = Workshop()
        let pool = try ResourcePool(limits: Self.limits(size: 4), hooks: Self.unreliable(workshop, seed: seed))
        let rounds = Self.isSlow ? 30_000 : 1_000
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                group.addTask { await Self.askInTasks(pool, rounds: rounds, seed: seed &+ UInt64(number)) }
            }
            for number in 0..<4 {
                group.addTask {
                    try? await Threads.run { Self.askInThread(pool, rounds: rounds, seed: seed &- UInt64(number)) }
                }
            }
        }
        let totals = pool.statistics.totals
        print("pool stress: \(totals)")
        #expect(pool.statistics.leased == 0)
        #expect(pool.statistics.waiting == 0)
        #expect(totals.lent == totals.returned)
        #expect(totals.lent > 100 && totals.cancelled > 10 && totals.timedOut > 10 && totals.makeFailures > 0)
        var leases: [Lease<Int>] = []
        for _ in 0..<4 { leases.append(try await pool.lease()) }
        #expect(Set(leases.map(\.resource)).count == 4)
        for lease in leases { lease.release() }
        await pool.drain()
        #expect(pool.statistics.size == 0)
        #expect(workshop.alive == 0)
        #expect(workshop.count.withLock { $0.mostAlive } <= 4)
        #expect(workshop.count.withLock { $0.faults } == [])
    }

    private static func limits(size: Int) -> PoolLimits {
        var limits = PoolLimits()
        limits.maxSize = size
        limits.validationFreshness = .zero
        // Other tests may keep the processors for long.
        limits.acquisitionTimeout = .seconds(3_600)
        limits.makeTimeout = .seconds(3_600)
        limits.checkTimeout = .seconds(3_600)
        limits.closeTimeout = .seconds(3_600)
        limits.makeBackoff = Backoff(base: .microseconds(100), cap: .milliseconds(1))
        limits.breakerPause = Backoff(base: .microseconds(100), cap: .milliseconds(1))
        return limits
    }

    /// Hooks of which one call in eight fails.
    private static func unreliable(_ workshop: Workshop, seed: UInt64) -> PoolHooks<Int> {
        let dice = Dice(seed: seed)
        let reliable = workshop.hooks
        var hooks = reliable
        hooks.make = {
            if dice.roll(8) == 0 { throw Workshop.Failure(hook: .make) }
            return try await reliable.make()
        }
        hooks.validate = {
            try await reliable.validate?($0)
            if dice.roll(8) == 0 { throw Workshop.Failure(hook: .validate) }
        }
        hooks.reset = {
            try await reliable.reset?($0)
            if dice.roll(8) == 0 { throw Workshop.Failure(hook: .reset) }
        }
        return hooks
    }

    private static func askInTasks(_ pool: ResourcePool<Int>, rounds: Int, seed: UInt64) async {
        var random = SplitMix(seed: seed)
        for _ in 0..<rounds {
            let deadline = PoolDeadline.after(.microseconds(.random(in: 0...2_000, using: &random)))
            let priority = PoolPriority.allCases.randomElement(using: &random) ?? .normal
            let tenant = ["a", "b", nil].randomElement(using: &random) ?? nil
            let yields = Int.random(in: 0..<8, using: &random)
            let manner = Int.random(in: 0..<8, using: &random)
            let task = Task.detached {
                if manner == 0 { return try await pool.lease(deadline: deadline).discard() }
                try await pool.withResource(priority: priority, tenant: tenant, deadline: deadline) { _ in
                    for _ in 0..<yields { await Task.yield() }
                }
            }
            if manner < 4 {
                for _ in 0..<yields { await Task.yield() }
                task.cancel()
            }
            _ = await task.result
        }
    }

    private static func askInThread(_ pool: ResourcePool<Int>, rounds: Int, seed: UInt64) {
        var random = SplitMix(seed: seed)
        for _ in 0..<rounds {
            let deadline = PoolDeadline.after(.microseconds(.random(in: 0...2_000, using: &random)))
            guard let lease = try? pool.leaseBlocking(tenant: "thread", deadline: deadline) else { continue }
            if Bool.random(using: &random) { sched_yield() }
            lease.release()
        }
    }
}
