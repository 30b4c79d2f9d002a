import DanaPools
import Testing

@testable import DanaProcesses

/// The life of a process, event by event; waiters are their numbers, and what a process offers is a word.
@Suite struct SupervisorMachineTests {
    private let endpoint = "ready"
    private var machine = SupervisorMachine<Int, String>(
        intensity: RestartIntensity(most: 2, pause: Backoff(base: .seconds(2), cap: .seconds(60))))

    /// The number of the start that a need brings, or nil.
    private mutating func need(_ id: Int, at seconds: Int = 0) -> Int? {
        if case .wait(let start) = machine.need(id, id: id, at: .start + .seconds(seconds)) { start } else { nil }
    }

    @Test mutating func oneStartServesAllWhoWait() {
        #expect(need(1) == 1)
        #expect(need(2) == nil)
        #expect(machine.ready(1, endpoint).sorted() == [1, 2])
        guard case .use(3, _) = machine.need(3, id: 3, at: .start) else {
            return #expect(Bool(false), "it is not used")
        }
    }

    @Test mutating func anEndBringsAnotherStart() {
        #expect(need(1) == 1)
        _ = machine.ready(1, endpoint)
        #expect(machine.ended(1, "gone", at: .start, random: 0) == [])
        #expect(need(2) == 2)
        #expect(machine.ended(1, "late news", at: .start, random: 0) == [])
        #expect(machine.ready(1, endpoint) == [])
        #expect(machine.ready(2, endpoint) == [2])
    }

    @Test mutating func whatKeepsEndingRests() {
        #expect(need(1) == 1)
        #expect(machine.ended(1, "first", at: .start, random: 1) == [1])
        #expect(need(2) == 2)
        #expect(machine.ended(2, "second", at: .start, random: 1) == [2])
        guard case .refuse(3, .rests(let reason, let time)) = machine.need(3, id: 3, at: .start + .seconds(1)) else {
            return #expect(Bool(false), "it is started for ever")
        }
        #expect(reason.contains("second") && time == .seconds(1))
        #expect(need(4, at: 2) == 3)
    }

    @Test mutating func whatEndsAgainAndAgainThoughItWasReadyRests() {
        for second in 0..<2 {
            #expect(need(second, at: second) == second + 1)
            #expect(machine.ready(second + 1, endpoint) == [second])
            #expect(machine.ended(second + 1, "gone", at: .start + .seconds(second), random: 1) == [])
        }
        guard case .refuse(9, .rests("gone", .seconds(1))) = machine.need(9, id: 9, at: .start + .seconds(2)) else {
            return #expect(Bool(false), "it is started for ever")
        }
        #expect(need(3, at: 3) == 3)
        #expect(machine.ended(3, "gone", at: .start + .seconds(3), random: 1) == [3])
        #expect(need(4, at: 6) == nil && need(5, at: 7) == 4, "it rests twice as long")
        #expect(machine.ready(4, endpoint) == [5])
        #expect(machine.ended(4, "gone", at: .start + .seconds(100), random: 1) == [])
        #expect(need(6, at: 100) == 5, "it went well for long")
    }

    @Test mutating func aCancelledWaiterIsForgotten() {
        #expect(machine.cancel(1) == nil)
        guard case .refuse(1, .cancelled) = machine.need(1, id: 1, at: .start) else {
            return #expect(Bool(false), "the early cancel is lost")
        }
        #expect(need(2) == 1)
        #expect(machine.cancel(2) == 2)
        #expect(machine.ready(1, endpoint) == [])
        #expect(machine.cancel(3) == nil)
        machine.forget(3)
        guard case .use = machine.need(3, id: 3, at: .start) else { return #expect(Bool(false), "it is not forgotten") }
    }

    @Test mutating func aClosedOneStaysClosed() {
        #expect(machine.warm(at: .start) == 1)
        #expect(need(1) == nil)
        #expect(machine.close() == [1] && machine.isClosed)
        #expect(machine.warm(at: .start) == nil)
        #expect(machine.ready(1, endpoint) == [])
        guard case .refuse(2, .closed) = machine.need(2, id: 2, at: .start) else {
            return #expect(Bool(false), "it is started again")
        }
    }
}
