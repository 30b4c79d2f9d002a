import Glibc
import Testing

@testable import DanaPools

/// The machine under every event there is, in random order and, for the smallest pools, in every order.
@Suite struct PoolExplorationTests {
    private struct Failure: Error {}

    private static let isSlow = getenv("DANA_TEST_SLOW").map { String(cString: $0) == "1" } ?? false

    @Test func randomWalksFindNoFault() {
        let seed = UInt64.random(in: .min ... .max)
        print("pool exploration: seed \(seed)")
        let demanded = Self.isSlow ? 10_000_000 : 150_000
        var random = SplitMix(seed: seed)
        var steps = 0
        while steps < demanded {
            let walk = random.next()
            let (world, count) = Self.walk(seed: walk, length: 2_000)
            steps += count
            if !world.faults.isEmpty {
                Issue.record("walk \(walk) of seed \(seed): \(world.faults.prefix(3))")
                return
            }
        }
        #expect(steps >= demanded)
    }

    @Test func whateverIsBrokenIsFound() {
        var world = PoolWorld(limits: PoolLimits(), hooks: GivenHooks(), seed: 1)
        world.request(tenant: nil, priority: .normal)
        world.wait(0, .standard)
        #expect(world.faults == [])
        _ = world.machine.slots.open()
        world.advance(to: world.now)
        #expect(!world.faults.isEmpty)
    }

    @Test(arguments: [1, 2])
    func everyOrderOfEventsFindsNoFault(size: Int) {
        var limits = PoolLimits()
        limits.maxSize = size
        limits.queueBound = 2
        limits.lifetimeJitter = 0
        limits.makeBackoff = Backoff(base: .zero, cap: .zero)
        limits.breakerPause = Backoff(base: .zero, cap: .zero)
        limits.breakerThreshold = 2
        let depth = (Self.isSlow ? 13 : 10) - size
        let hooks = GivenHooks(validate: true, reset: true, close: true)
        var exploration = Exploration(depth: depth)
        exploration.explore(PoolWorld(limits: limits, hooks: hooks, seed: 1))
        exploration.explore(PoolWorld(limits: limits, hooks: GivenHooks(), seed: 1))
        print("pool exploration: \(exploration.visited) states of a pool of \(size), \(depth) events deep")
        #expect(exploration.faults == [])
        #expect(exploration.visited > 1_000)
    }

    // MARK: Random walks

    /// A pool of random limits under random events, drained at the end.
    private static func walk(seed: UInt64, length: Int) -> (PoolWorld, Int) {
        var random = SplitMix(seed: seed)
        let hooks = GivenHooks(
            validate: .random(using: &random), reset: .random(using: &random), close: .random(using: &random))
        var world = PoolWorld(limits: limits(&random), hooks: hooks, seed: seed)
        let tenants: [String?] = Bool.random(using: &random) ? [nil] : [nil, "a", "b", "c"]
        let failing = Bool.random(using: &random) ? 0.1 : 0.6
        for _ in 0..<length where world.faults.isEmpty {
            event(&world, tenants, failing, &random)
        }
        if world.faults.isEmpty { drain(&world, &random) }
        return (world, world.steps)
    }

    private static func limits(_ random: inout SplitMix) -> PoolLimits {
        var limits = PoolLimits()
        limits.maxSize = .random(in: 1...4, using: &random)
        limits.minIdle = Bool.random(using: &random) ? 0 : .random(in: 0...limits.maxSize, using: &random)
        limits.queueBound = .random(in: 0...12, using: &random)
        limits.maxPerTenant = Bool.random(using: &random) ? nil : .random(in: 1...2, using: &random)
        limits.ageing = .seconds(.random(in: 0...10, using: &random))
        limits.idleTimeout = .seconds(.random(in: 1...60, using: &random))
        limits.maxLifetime = .seconds(.random(in: 1...120, using: &random))
        limits.breakerThreshold = .random(in: 1...4, using: &random)
        let isAlwaysStale = Bool.random(using: &random)
        limits.validationFreshness = isAlwaysStale ? .zero : .milliseconds(.random(in: 0...1_000, using: &random))
        limits.idleCheckInterval = .seconds(.random(in: 1...30, using: &random))
        return limits
    }

    private static func event(
        _ world: inout PoolWorld, _ tenants: [String?], _ failing: Double, _ random: inout SplitMix
    ) {
        let tenant = tenants.randomElement(using: &random) ?? nil
        switch Int.random(in: 0..<21, using: &random) {
        case 0...3:
            world.request(tenant: tenant, priority: PoolPriority.allCases.randomElement(using: &random) ?? .normal)
        case 4: world.take(tenant: tenant)
        case 5...7:
            guard let index = world.announced.indices.randomElement(using: &random) else { return }
            let deadlines: [PoolDeadline] = [
                .standard, .never, .after(.milliseconds(.random(in: 0...5_000, using: &random))),
            ]
            world.wait(index, deadlines.randomElement(using: &random) ?? .standard)
        case 8:
            if let index = world.announced.indices.randomElement(using: &random) { world.cancelAnnounced(index) }
        case 9:
            if let index = world.waiting.indices.randomElement(using: &random) { world.cancelWaiting(index) }
        case 10...12:
            guard let index = world.borrowers.indices.randomElement(using: &random) else { return }
            let manners: [PoolMachine.Return] = [.released, .released, .discarded, .forgotten]
            world.giveBack(index, manners.randomElement(using: &random) ?? .released)
        case 13:
            if let index = world.past.indices.randomElement(using: &random) { world.giveBackAgain(index) }
        case 14...17:
            guard let index = world.hooks.indices.randomElement(using: &random) else { return }
            world.endHook(index, failure: random.unit() < failing ? Failure() : nil)
        case 18: world.ringEarly()
        case 19: world.advance(to: world.now + .milliseconds(.random(in: 0...2_000, using: &random)))
        default: world.advance(to: min(world.alarm, world.now + .seconds(120)))
        }
    }

    /// Ends the world: in the end nothing is alive, whatever the hooks and borrowers do.
    private static func drain(_ world: inout PoolWorld, _ random: inout SplitMix) {
        world.drain(within: .seconds(.random(in: 0...5, using: &random)))
        for _ in 0..<50 where world.faults.isEmpty { event(&world, [nil], 0.3, &random) }
        for _ in 0..<100 where !world.isDrained && world.faults.isEmpty {
            world.advance(to: min(world.alarm, world.now + .seconds(60)))
        }
        if !world.isDrained && world.faults.isEmpty { world.faults.append("the drain has no end") }
    }

    // MARK: Every order

    /// All worlds that a number of events leads to; each is gone on from once.
    private struct Exploration {
        let depth: Int
        var seen: Set<[UInt64]> = []
        var faults: [String] = []

        var visited: Int { seen.count }

        init(depth: Int) {
            self.depth = depth
        }

        mutating func explore(_ first: PoolWorld) {
            var worlds = [first]
            for _ in 0..<depth {
                var next: [PoolWorld] = []
                for world in worlds {
                    for follower in Self.followers(of: world) {
                        if let fault = follower.faults.first { return faults.append(fault) }
                        if seen.insert(follower.identity).inserted { next.append(follower) }
                    }
                }
                worlds = next
            }
        }

        private static func followers(of world: PoolWorld) -> [PoolWorld] {
            var followers: [PoolWorld] = []
            func add(_ event: (inout PoolWorld) -> Void) {
                var copy = world
                event(&copy)
                followers.append(copy)
            }
            if world.announced.count + world.waiting.count < 3 {
                for priority in [PoolPriority.low, .high] { add { $0.request(tenant: nil, priority: priority) } }
            }
            add { $0.take(tenant: nil) }
            for index in world.announced.indices {
                add { $0.wait(index, .standard) }
                add { $0.cancelAnnounced(index) }
            }
            for index in world.waiting.indices { add { $0.cancelWaiting(index) } }
            for index in world.borrowers.indices {
                add { $0.giveBack(index, .released) }
                add { $0.giveBack(index, .discarded) }
            }
            for index in world.past.indices { add { $0.giveBackAgain(index) } }
            for index in world.hooks.indices {
                add { $0.endHook(index, failure: nil) }
                add { $0.endHook(index, failure: Failure()) }
            }
            if world.alarm < .never { add { $0.advance(to: $0.alarm) } }
            add { $0.ringEarly() }
            add { $0.drain(within: .seconds(1)) }
            add { $0.drain(within: .zero) }
            return followers
        }
    }
}

extension PoolWorld {
    /// What of a world decides its future: numbers that only name something are left out, times are counted from now.
    fileprivate var identity: [UInt64] {
        var parts: [UInt64] = []
        func add(_ time: PoolTime) { parts.append(time == .never ? .max : time.nanoseconds &- now.nanoseconds) }
        for slot in machine.slots.indices {
            parts.append(UInt64(machine.slots[slot].phase.rawValue))
            add(machine.slots[slot].due)
            add(machine.slots[slot].expires)
            add(machine.slots[slot].proven)
            add(machine.slots[slot].idleSince)
        }
        for waiter in announced {
            parts += [1, UInt64(waiter.priority.rawValue), withdrawn.contains(waiter) ? 1 : 0]
        }
        for waiter in waiting {
            parts += [2, UInt64(waiter.priority.rawValue)]
            add(waiter.since)
            add(waiter.deadline)
        }
        for hook in hooks {
            parts += [3, UInt64(hook.kind.hashValue.magnitude), UInt64(hook.ticket.slot), hook.isAbandoned ? 1 : 0]
        }
        parts += [4, UInt64(past.count), UInt64(machine.breaker.failures), UInt64(machine.makeFailures)]
        parts += [UInt64(machine.breaker.phase.rawValue.count), UInt64(machine.slots.mostRecent ?? 99)]
        add(machine.breaker.reopens)
        add(machine.makesAgain)
        add(machine.drainDeadline ?? .never)
        add(alarm)
        return parts
    }
}
