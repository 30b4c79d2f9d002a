import Testing

@testable import Dana

/// The turn of a context: lent to one at a time, by one exchange where nobody waits.
@Suite struct ContextGateTests {
    @Test func whoeverComesWhileItIsTakenWaitsInTurn() async throws {
        let gate = ContextGate()
        #expect(gate.tryEnter())
        #expect(!gate.tryEnter())
        let (entered, enters) = AsyncStream.makeStream(of: Int.self)
        var tasks: [Task<Void, any Error>] = []
        for number in 1...3 {
            tasks.append(
                Task {
                    try await gate.enter()
                    enters.yield(number)
                    gate.leave()
                })
            while gate.waitingCount < number { await Task.yield() }
        }
        #expect(!gate.tryEnter())
        #expect(!gate.leave())
        var order: [Int] = []
        for await number in entered {
            order.append(number)
            if order.count == 3 { break }
        }
        #expect(order == [1, 2, 3])
        for task in tasks { try await task.value }
        #expect(gate.tryEnter())
        #expect(!gate.leave())
    }

    @Test func aClosedGateIsOverWhenItsLastVisitorLeaves() async {
        let gate = ContextGate()
        #expect(gate.tryEnter())
        gate.close()
        #expect(gate.isClosed && !gate.isClosedAndFree)
        #expect(gate.leave())
        #expect(gate.isClosedAndFree)
        #expect(!gate.tryEnter())
        await #expect(throws: DanaFailure.self) { try await gate.enter() }
        await gate.whenFree()
    }

    @Test func whoIsTurnedAwayWaitsNoLonger() async throws {
        let gate = ContextGate()
        #expect(gate.tryEnter())
        let waits = Task { try await gate.enter() }
        while gate.waitingCount == 0 { await Task.yield() }
        gate.turnAway(.lifeOver, isForGood: false)
        await #expect(throws: DanaFailure.self) { try await waits.value }
        let again = Task { try await gate.enter() }
        while gate.waitingCount == 0 { await Task.yield() }
        gate.turnAway(.lifeOver, isForGood: true)
        await #expect(throws: DanaFailure.self) { try await again.value }
        await #expect(throws: DanaFailure.self) { try await gate.enter() }
        #expect(!gate.leave())
        try await gate.enter()
        #expect(!gate.leave())
    }

    @Test func aCancelledVisitorLeavesNothingBehind() async throws {
        let gate = ContextGate()
        #expect(gate.tryEnter())
        let task = Task { try await gate.enter() }
        while gate.waitingCount == 0 { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(gate.waitingCount == 0)
        #expect(!gate.leave())
        #expect(gate.tryEnter())
    }
}
