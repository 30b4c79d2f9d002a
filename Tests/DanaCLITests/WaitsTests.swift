import Testing

@testable import DanaCLI

/// Calls that wait for their moments side by side.
@Suite struct WaitsTests {
    @Test func theEarliestIsDueFirst() {
        var waits = Waits()
        waits.add(1, until: 300)
        waits.add(2, until: 100)
        waits.add(3, until: 200)
        #expect(waits.next == 100)
        #expect(waits.take(at: 99) == [])
        #expect(waits.take(at: 250) == [2, 3])
        #expect(waits.next == 300)
        #expect(waits.take(at: 300) == [1])
        #expect(waits.next == nil)
    }

    @Test func aCallThatIsAskedForAgainKeepsItsMoment() {
        var waits = Waits()
        waits.add(1, until: 100)
        waits.add(1, until: 500)
        #expect(waits.next == 100)
    }

    @Test func aCallThatIsNotAskedForAnyMoreIsForgotten() {
        var waits = Waits()
        waits.add(1, until: 100)
        waits.add(2, until: 200)
        waits.keep(only: [2])
        #expect(waits.take(at: .max) == [2])
    }
}
