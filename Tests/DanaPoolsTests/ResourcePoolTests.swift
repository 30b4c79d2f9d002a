import Foundation
import Testing

@testable import DanaPools

/// The pool as its users see it, on a clock that stands still.
@Suite struct ResourcePoolTests {
    private let clock = ManualClock()
    private let workshop = Workshop()

    private func pool(
        _ hooks: PoolHooks<Int>? = nil, change: (inout PoolLimits) -> Void = { _ in }
    ) throws -> ResourcePool<Int> {
        var limits = PoolLimits()
        limits.maxSize = 1
        limits.lifetimeJitter = 0
        change(&limits)
        return try ResourcePool(
            name: "test", limits: limits, hooks: hooks ?? workshop.makesAndCloses, clock: clock, seed: 1)
    }

    /// Returns when the condition holds; looks whenever something has happened in the pool.
    private func until(_ pool: ResourcePool<Int>, _ holds: (PoolStatistics) -> Bool) async {
        let events = pool.events(bound: 10_000)
        if holds(pool.statistics) { return }
        for await _ in events where holds(pool.statistics) { return }
    }

    // MARK: Lending

    @Test func lendsOneThingAgainAndAgain() async throws {
        let pool = try pool()
        for _ in 0..<3 { #expect(try await pool.withResource { $0 } == 1) }
        #expect(workshop.made == 1)
        #expect(pool.statistics.idle == 1)
        #expect(pool.statistics.totals.lent == 3)
    }

    @Test func takesBackWhenTheBodyThrows() async throws {
        let pool = try pool()
        await #expect(throws: Workshop.Failure(hook: .reset)) {
            try await pool.withResource { _ in throw Workshop.Failure(hook: .reset) }
        }
        #expect(pool.statistics.idle == 1)
    }

    @Test func releasingTwiceIsReleasingOnce() async throws {
        let pool = try pool { $0.maxSize = 2 }
        let lease = try await pool.lease()
        lease.release()
        let other = try await pool.lease()
        lease.release()
        lease.discard()
        #expect(lease.isReleased)
        #expect(pool.statistics.leased == 1)
        other.release()
        #expect(pool.statistics.totals.returned == 2)
    }

    @Test func discardedThingsAreClosed() async throws {
        let pool = try pool()
        try await pool.lease().discard()
        await until(pool) { $0.size == 0 }
        #expect(workshop.alive == 0)
        #expect(try await pool.withResource { $0 } == 2)
    }

    @Test func triesWithoutWaiting() async throws {
        let pool = try pool()
        #expect(pool.tryLease() == nil)
        try await pool.withResource { _ in }
        let lease = try #require(pool.tryLease())
        #expect(lease.resource == 1)
        #expect(pool.tryLease() == nil)
        lease.release()
    }

    @Test func forgottenLeasesComeBackAndAreReported() async throws {
        let pool = try pool()
        let events = pool.events()
        var lease: Lease<Int>? = try await pool.lease(file: "There.swift", line: 7)
        #expect(lease?.place == PoolPlace(file: "There.swift", line: 7))
        lease = nil
        for await event in events {
            if case .leaked(let place) = event {
                #expect(place.description == "There.swift:7")
                break
            }
        }
        #expect(pool.statistics.idle == 1)
        #expect(pool.statistics.totals.leaked == 1)
    }

    @Test func eventsEndWithThePool() async throws {
        let pool = try pool()
        let events = pool.events()
        await pool.drain()
        var isDrained = false
        for await event in events { if case .drained = event { isDrained = true } }
        #expect(isDrained)
        for await event in pool.events() { Issue.record("\(event)") }
    }

    @Test func longLeasesAreReported() async throws {
        let pool = try pool { $0.longLease = .seconds(5) }
        let events = pool.events()
        let lease = try await pool.lease(file: "Slow.swift", line: 1)
        clock.advance(by: .seconds(5))
        for await event in events {
            if case .heldLong(let place) = event {
                #expect(place.file == "Slow.swift")
                break
            }
        }
        lease.release()
    }

    @Test func knowsWhereItWasAsked() async throws {
        let pool = try pool()
        let lease = try await pool.lease()
        #expect(lease.place.file.hasSuffix("ResourcePoolTests.swift"))
        lease.release()
    }

    // MARK: Waiting

    @Test func servesInTheOrderOfRequests() async throws {
        let pool = try pool()
        let lease = try await pool.lease()
        let order = Served()
        var tasks: [Task<Void, any Error>] = []
        for number in 0..<5 {
            tasks.append(Task { try await pool.withResource { _ in order.add(number) } })
            await until(pool) { $0.waiting == number + 1 }
        }
        lease.release()
        for task in tasks { try await task.value }
        #expect(order.numbers == [0, 1, 2, 3, 4])
    }

    @Test func urgentRequestsGoFirstButNobodyStarves() async throws {
        let pool = try pool {
            $0.ageing = .seconds(10)
            $0.acquisitionTimeout = .seconds(1_000)
        }
        let lease = try await pool.lease()
        let order = Served()
        var tasks: [Task<Void, any Error>] = []
        func ask(_ number: Int, _ priority: PoolPriority) async {
            tasks.append(Task { try await pool.withResource(priority: priority) { _ in order.add(number) } })
            await until(pool) { $0.waiting == number + 1 }
        }
        await ask(0, .low)
        await ask(1, .normal)
        clock.advance(by: .seconds(5))
        await ask(2, .high)
        clock.advance(by: .seconds(20))
        await ask(3, .high)
        lease.release()
        for task in tasks { try await task.value }
        #expect(order.numbers == [2, 1, 0, 3])
    }

    @Test func tenantsTakeTurnsAndHaveTheirShare() async throws {
        let pool = try pool {
            $0.maxSize = 2
            $0.maxPerTenant = 1
        }
        let first = try await pool.lease(tenant: "a")
        let second = Task { try await pool.lease(tenant: "a") }
        await until(pool) { $0.waiting == 1 }
        let other = try await pool.lease(tenant: "b")
        #expect(pool.statistics.waiting == 1)
        other.release()
        #expect(pool.statistics.waiting == 1)
        first.release()
        try await second.value.release()
        #expect(pool.statistics.leased == 0)
    }

    @Test func waitingEndsInTime() async throws {
        let pool = try pool { $0.acquisitionTimeout = .seconds(30) }
        let lease = try await pool.lease()
        let standard = Task { try await pool.withResource { _ in } }
        await until(pool) { $0.waiting == 1 }
        let short = Task { try await pool.withResource(deadline: .after(.seconds(2))) { _ in } }
        await until(pool) { $0.waiting == 2 }
        clock.advance(by: .seconds(2))
        await #expect(throws: PoolError.self) { try await short.value }
        #expect(pool.statistics.waiting == 1)
        clock.advance(by: .seconds(28))
        let error = await #expect(throws: PoolError.self) { try await standard.value }
        #expect(error?.description.contains("no resource within 30 s; wait longer, raise maxSize") == true)
        #expect(pool.statistics.totals.timedOut == 2)
        lease.release()
        #expect(pool.statistics.idle == 1)
    }

    @Test func cancellingEndsWaiting() async throws {
        let pool = try pool()
        let lease = try await pool.lease()
        let waiter = Task { try await pool.withResource { _ in } }
        await until(pool) { $0.waiting == 1 }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(pool.statistics.waiting == 0)
        lease.release()
        #expect(pool.statistics.idle == 1)
    }

    @Test func cancelledTasksGetNothing() async throws {
        let pool = try pool()
        let gate = Gate()
        let task = Task {
            await gate.pass()
            try await pool.withResource { _ in }
        }
        task.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(pool.statistics.size == 0)
    }

    @Test func queueHasAnEnd() async throws {
        let pool = try pool { $0.queueBound = 1 }
        let lease = try await pool.lease()
        let waiter = Task { try await pool.withResource { $0 } }
        await until(pool) { $0.waiting == 1 }
        let error = await #expect(throws: PoolError.self) { try await pool.withResource { _ in } }
        guard case .queueFull(pool: "test", bound: 1) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        lease.release()
        #expect(try await waiter.value == 1)
    }

    // MARK: Threads

    @Test func threadsWaitToo() async throws {
        let pool = try pool()
        let lease = try await pool.lease()
        let answer = Task.detached { try await Threads.run { try pool.leaseBlocking().resource } }
        await until(pool) { $0.waiting == 1 }
        lease.release()
        #expect(try await answer.value == 1)
        #expect(pool.statistics.totals.leaked == 1)
    }

    @Test func threadsWaitNoLongerThanTheyMay() async throws {
        let pool = try pool()
        let lease = try await pool.lease()
        let answer = Task.detached {
            try await Threads.run { try pool.leaseBlocking(deadline: .after(.seconds(1))).resource }
        }
        await until(pool) { $0.waiting == 1 }
        clock.advance(by: .seconds(1))
        await #expect(throws: PoolError.self) { try await answer.value }
        lease.release()
        try await Threads.run { pool.drainBlocking() }
        #expect(workshop.alive == 0)
    }

    // MARK: Upkeep

    @Test func keepsSomeReady() async throws {
        let pool = try pool {
            $0.maxSize = 4
            $0.minIdle = 2
        }
        await until(pool) { $0.idle == 2 }
        let lease = try #require(pool.tryLease())
        await until(pool) { $0.idle == 2 }
        lease.release()
        #expect(pool.statistics.size == 3)
        clock.advance(by: .seconds(600))
        await until(pool) { $0.size == 2 }
        #expect(workshop.alive == 2)
    }

    @Test func livesEnd() async throws {
        let pool = try pool { $0.maxLifetime = .seconds(60) }
        try await pool.withResource { _ in }
        clock.advance(by: .seconds(59))
        #expect(try await pool.withResource { $0 } == 1)
        let lease = try await pool.lease()
        clock.advance(by: .seconds(1))
        #expect(workshop.alive == 1)
        lease.release()
        #expect(try await pool.withResource { $0 } == 2)
    }

    @Test func whatLayIdleIsValidated() async throws {
        let pool = try pool(workshop.hooks)
        try await pool.withResource { _ in }
        await until(pool) { $0.idle == 1 }
        workshop.set(.validate, .fails)
        clock.advance(by: .milliseconds(500))
        #expect(try await pool.withResource { $0 } == 1)
        await until(pool) { $0.idle == 1 }
        clock.advance(by: .milliseconds(501))
        #expect(try await pool.withResource { $0 } == 2)
        await until(pool) { $0.idle == 1 }
        clock.advance(by: .seconds(30))
        await until(pool) { $0.size == 0 }
        #expect(workshop.alive == 0)
    }

    @Test func whatCannotBeResetIsClosed() async throws {
        let pool = try pool(workshop.hooks)
        workshop.set(.reset, .fails)
        try await pool.withResource { _ in }
        #expect(try await pool.withResource { $0 } == 2)
        await until(pool) { $0.size == 0 }
        #expect(workshop.alive == 0)
    }

    @Test func failuresOpenTheBreakerAndAProbeClosesIt() async throws {
        let pool = try pool {
            $0.breakerThreshold = 2
            $0.makeBackoff = Backoff(base: .zero, cap: .zero)
            $0.breakerPause = Backoff(base: .seconds(8), cap: .seconds(8))
        }
        workshop.set(.make, .fails)
        let error = await #expect(throws: PoolError.self) { try await pool.withResource { _ in } }
        #expect(error?.description.contains("Failure(hook: ") == true)
        #expect(pool.statistics.breaker == .open)
        await #expect(throws: PoolError.self) { try await pool.withResource { _ in } }
        #expect(pool.statistics.totals.makeFailures == 2)
        workshop.set(.make, .succeeds)
        clock.advance(by: .seconds(8))
        #expect(try await pool.withResource { $0 } == 1)
        #expect(pool.statistics.breaker == .closed)
    }

    @Test func failingMakesAreTriedAgain() async throws {
        let pool = try pool()
        workshop.set(.make, .fails)
        let waiter = Task { try await pool.withResource { $0 } }
        await until(pool) { $0.totals.makeFailures == 1 && $0.waiting == 1 }
        workshop.set(.make, .succeeds)
        clock.advance(by: .seconds(1))
        #expect(try await waiter.value == 1)
    }

    // MARK: End

    @Test func drainingWaitsForBorrowers() async throws {
        let pool = try pool()
        let lease = try await pool.lease()
        let waiter = Task { try await pool.withResource { _ in } }
        await until(pool) { $0.waiting == 1 }
        async let drained: Void = pool.drain()
        let error = await #expect(throws: PoolError.self) { try await waiter.value }
        #expect(error?.description == "pool 'test' is closed: it lends nothing any more")
        await #expect(throws: PoolError.self) { try await pool.withResource { _ in } }
        #expect(workshop.alive == 1)
        lease.release()
        await drained
        #expect(workshop.alive == 0)
        #expect(pool.statistics.size == 0)
        await pool.drain()
    }

    @Test func drainingTakesAwayWhatIsNotReturned() async throws {
        let pool = try pool()
        let lease = try await pool.lease()
        pool.beginDrain()
        clock.advance(by: .seconds(30))
        await pool.drain()
        #expect(workshop.alive == 0)
        #expect(pool.statistics.totals.forced == 1)
        lease.release()
        #expect(pool.statistics.totals.returned == 0)
    }

    @Test func cancellingADrainForcesIt() async throws {
        let pool = try pool()
        let lease = try await pool.lease()
        let drain = Task { await pool.drain() }
        drain.cancel()
        await drain.value
        #expect(workshop.alive == 0)
        lease.release()
    }

    @Test func aForgottenPoolClosesWhatItHas() async throws {
        let drained = Gate()
        func lend() async throws -> Lease<Int> {
            let pool = try pool { $0.maxSize = 2 }
            pool.listen { if case .drained = $0 { drained.open() } }
            let lease = try await pool.lease()
            try await pool.withResource { _ in }
            return lease
        }
        let lease = try await lend()
        #expect(workshop.made == 2)
        lease.release()
        await drained.pass()
        #expect(workshop.alive == 0)
        #expect(clock.next == .never)
    }

    // MARK: Limits and clocks

    private static let senseless: [(@Sendable (inout PoolLimits) -> Void, String)] = [
        ({ $0.maxSize = 0 }, "PoolLimits.maxSize must be from 1 to 10000000"),
        ({ $0.minIdle = 2 }, "PoolLimits.minIdle must be from 0 to maxSize (1)"),
        ({ $0.queueBound = -1 }, "PoolLimits.queueBound must be from 0 to 10000000"),
        ({ $0.lifetimeJitter = .nan }, "PoolLimits.lifetimeJitter must be from 0 to 1"),
        ({ $0.makeTimeout = .zero }, "PoolLimits.makeTimeout must be more than nothing"),
        ({ $0.ageing = .seconds(-1) }, "PoolLimits.ageing must be not negative"),
    ]

    @Test(arguments: senseless)
    func senselessLimitsAreRefused(change: @Sendable (inout PoolLimits) -> Void, message: String) {
        let error = #expect(throws: PoolError.self) { try pool(change: change) }
        #expect(error?.description == message)
    }

    @Test func theRealClockRings() async throws {
        var limits = PoolLimits()
        limits.maxSize = 1
        limits.makeTimeout = .seconds(3_600)
        let pool = try ResourcePool(limits: limits, hooks: workshop.makesOnly)
        let lease = try await pool.lease(deadline: .never)
        let start = ContinuousClock.now
        await #expect(throws: PoolError.self) {
            try await pool.withResource(deadline: .after(.milliseconds(20))) { _ in }
        }
        #expect(ContinuousClock.now - start >= .milliseconds(20))
        lease.release()
    }
}
