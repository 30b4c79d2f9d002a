import Testing

@testable import DanaPools

/// Every manner of every hook with every manner of borrower: four to the power of five pools. None lends more than it
/// may, none loses a permit, and each can be drained.
@Suite struct PoolHookMatrixTests {
    /// What a borrower does.
    enum Borrower: CaseIterable, Sendable {
        case patient, impatient, cancelledAtOnce, cancelledLater
    }

    static let manners = Workshop.Manner.allCases

    @Test(arguments: manners, manners)
    func nothingIsLost(make: Workshop.Manner, validate: Workshop.Manner) async throws {
        for reset in Self.manners {
            for close in Self.manners {
                for borrower in Borrower.allCases {
                    let workshop = Workshop()
                    for (hook, manner) in [
                        (PoolHook.make, make), (.validate, validate), (.reset, reset), (.close, close),
                    ] {
                        workshop.set(hook, manner)
                    }
                    let faults = try await Self.run(workshop, borrower)
                    #expect(
                        faults == [], "make \(make), validate \(validate), reset \(reset), close \(close), \(borrower)")
                }
            }
        }
    }

    private static func run(_ workshop: Workshop, _ borrower: Borrower) async throws -> [String] {
        let clock = ManualClock()
        var limits = PoolLimits()
        limits.maxSize = 2
        limits.validationFreshness = .zero
        let pool = try ResourcePool(limits: limits, hooks: workshop.hooks, clock: clock, seed: 1)
        let ended = Served()
        let tasks = (0..<5).map { number in
            Task {
                defer { ended.add(number) }
                let deadline: PoolDeadline = borrower == .impatient ? .after(.milliseconds(10)) : .standard
                try? await pool.withResource(deadline: deadline) { _ in await Task.yield() }
            }
        }
        if borrower == .cancelledAtOnce { for task in tasks { task.cancel() } }
        var rounds = 0
        while ended.numbers.count < tasks.count {
            for _ in 0..<20 { await Task.yield() }
            if borrower == .cancelledLater && rounds == 1 { for task in tasks { task.cancel() } }
            if rounds > 0 { clock.advance(by: .seconds(1)) }
            rounds += 1
        }
        var faults = check(pool.statistics, limits)
        pool.beginDrain(within: .seconds(1))
        while pool.statistics.size > 0 {
            for _ in 0..<20 { await Task.yield() }
            clock.advance(by: .seconds(1))
        }
        await pool.drain()
        faults += check(pool.statistics, limits)
        if pool.statistics.totals.abandoned > 0 { return faults }  // such a hook may run beside the next
        return faults + workshop.count.withLock { $0.faults }
    }

    private static func check(_ statistics: PoolStatistics, _ limits: PoolLimits) -> [String] {
        let totals = statistics.totals
        var faults: [String] = []
        if statistics.size > limits.maxSize { faults.append("\(statistics.size) resources") }
        if statistics.leased > 0 || statistics.waiting > 0 { faults.append("somebody is left: \(statistics)") }
        if totals.lent != totals.returned || totals.leaked > 0 { faults.append("leases do not add up: \(totals)") }
        return faults
    }
}
