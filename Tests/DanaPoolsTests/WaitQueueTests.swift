import Testing

@testable import DanaPools

/// Who is next among those who wait, step by step.
@Suite struct WaitQueueTests {
    /// A queue that an expectation may change.
    private final class Line {
        private var queue: WaitQueue

        init(ageing: Duration = .seconds(10), share: Int? = nil) {
            queue = WaitQueue(bound: 100, ageing: ageing.wholeNanoseconds, share: share)
        }

        var count: Int { queue.count }
        var eligible: Int { queue.eligible }
        var earliestDeadline: PoolTime { queue.earliestDeadline() }

        func announce() -> WaiterID { queue.announce(tenant: 0, priority: .normal) }

        func wait(_ waiter: WaiterID) -> Bool { queue.wait(waiter, until: .never, now: .start) }

        /// Has somebody wait.
        func add(
            _ tenant: String? = nil, _ priority: PoolPriority = .normal, since: Int = 0, until: PoolTime = .never
        ) -> WaiterID {
            let waiter = queue.announce(tenant: queue.tenant(tenant), priority: priority)
            let waits = queue.wait(waiter, until: until, now: .start + .seconds(since))
            #expect(waits)
            return waiter
        }

        func cancel(_ waiter: WaiterID) -> Bool { queue.cancel(waiter) }

        /// Lends to all who wait and may have something, in the order in which they are next.
        func lendToAll() -> [WaiterID] {
            var order: [WaiterID] = []
            while let next = queue.next() { order.append(next.waiter) }
            return order
        }

        func takeBack(from tenant: String) { queue.takeBack(from: queue.tenant(tenant)) }

        func expire(at time: PoolTime) -> WaiterID? { queue.nextExpired(at: time)?.waiter }

        func removeAll() -> [WaiterID] { queue.removeAll() }
    }

    private func at(_ seconds: Int) -> PoolTime { .start + .seconds(seconds) }

    @Test func firstComesFirst() {
        let line = Line()
        let waiters = (0..<4).map { _ in line.add() }
        #expect(line.count == 4)
        #expect(line.lendToAll() == waiters)
        #expect(line.count == 0)
        #expect(line.eligible == 0)
    }

    @Test func aCancelledOneLeavesNoGap() {
        let line = Line()
        let waiters = (0..<5).map { _ in line.add() }
        for index in [0, 2, 4] { #expect(line.cancel(waiters[index])) }
        #expect(!line.cancel(waiters[0]))
        #expect(line.lendToAll() == [waiters[1], waiters[3]])
    }

    @Test func whoIsCancelledAheadNeverWaits() {
        let line = Line()
        let waiter = line.announce()
        #expect(!line.cancel(waiter))
        #expect(!line.wait(waiter))
        #expect(line.count == 0)
        let next = line.announce()
        #expect(next.index == waiter.index)
        #expect(!line.cancel(waiter))
        #expect(line.wait(next))
    }

    @Test func aPriorityIsWorthItsAgeing() {
        let line = Line(ageing: .seconds(10))
        let low = line.add(nil, .low, since: 0)
        let normal = line.add(nil, .normal, since: 9)
        let high = line.add(nil, .high, since: 18)
        let late = line.add(nil, .high, since: 21)
        #expect(line.lendToAll() == [high, normal, low, late])
    }

    @Test func tenantsTakeTurns() {
        let line = Line()
        let a = (0..<3).map { _ in line.add("a") }
        let b = (0..<2).map { _ in line.add("b") }
        let nobody = line.add()
        #expect(line.lendToAll() == [a[0], b[0], nobody, a[1], b[1], a[2]])
    }

    @Test func aTenantHasItsShare() {
        let line = Line(share: 1)
        let a = (0..<2).map { _ in line.add("a") }
        let b = line.add("b")
        #expect(line.eligible == 2)
        #expect(line.lendToAll() == [a[0], b])
        #expect(line.count == 1)
        #expect(line.eligible == 0)
        line.takeBack(from: "a")
        #expect(line.eligible == 1)
        #expect(line.lendToAll() == [a[1]])
    }

    @Test func deadlinesComeInTheirOrder() {
        let line = Line()
        let late = line.add(until: at(9))
        let early = line.add(until: at(3))
        let gone = line.add(until: at(1))
        #expect(line.cancel(gone))
        #expect(line.earliestDeadline == at(3))
        #expect(line.expire(at: at(2)) == nil)
        #expect(line.expire(at: at(9)) == early)
        #expect(line.expire(at: at(9)) == late)
        #expect(line.expire(at: at(9)) == nil)
        #expect(line.earliestDeadline == .never)
    }

    @Test func allLeaveInTheOrderInWhichTheyCame() {
        let line = Line(share: 1)
        let waiters = ["a", "b", "a", nil].map { line.add($0) }
        #expect(line.removeAll() == waiters)
        #expect(line.count == 0)
    }

    /// The memory of a queue follows those who wait, not those who have waited.
    @Test func whoIsGoneIsForgotten() {
        var deadlines = DeadlineHeap()
        for number in 0..<10_000 {
            deadlines.add(at(10_000 - number), WaiterID(index: number, number: UInt64(number)))
            deadlines.trim(live: 1) { $0.number + 1 >= UInt64(number) }
            #expect(deadlines.count <= 130)
        }
        #expect(deadlines.first?.waiter.index == 9_999)

        var tenants = TenantTable(share: nil)
        for number in 0..<1_000 { tenants.drop(tenants.find("tenant \(number)")) }
        #expect(tenants.count == TenantTable.remembered)
        #expect(tenants.find("tenant 0") == 1, "few are remembered")
        #expect(tenants.find("another") == TenantTable.remembered + 1)
    }
}
