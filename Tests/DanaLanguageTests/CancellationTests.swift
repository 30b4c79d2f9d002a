import Testing

@testable import DanaLanguage

/// The flag that stops a run: what was begun before, and not what is begun after.
@Suite struct CancellationTests {
    @Test func aTurnIsCancelledAndNoOther() {
        let cancellation = Cancellation()
        let first = cancellation.nextTurn()
        let second = cancellation.nextTurn()
        #expect(first != second)
        cancellation.cancel(turn: first, reason: "late")
        #expect(!cancellation.isCancelled)
        #expect(cancellation.reason == nil)
        cancellation.cancel(turn: second, reason: "now")
        cancellation.cancel(turn: second, reason: "again")
        #expect(cancellation.isCancelled)
        #expect(cancellation.reason == "now")
        let third = cancellation.nextTurn()
        #expect(!cancellation.isCancelled)
        #expect(cancellation.reason == nil)
        cancellation.cancel(turn: second, reason: "late")
        #expect(!cancellation.isCancelled)
        cancellation.cancel(turn: third, reason: "in time")
        #expect(cancellation.isCancelled)
    }

    @Test func aFinalOneStaysForWhatIsBegunLater() {
        let cancellation = Cancellation()
        _ = cancellation.nextTurn()
        cancellation.cancel(reason: "closed")
        let next = cancellation.nextTurn()
        #expect(cancellation.isCancelled)
        #expect(cancellation.reason == "closed")
        #expect(cancellation.nextTurn() != next)
        #expect(cancellation.isCancelled)
    }

    @Test func keysOfAnyLengthAreTheirOwn() {
        let keys = [16, 17, 24, 32].map { SealKey(bytes: [UInt8](repeating: 7, count: $0)) }
        #expect(Set(keys.compactMap { $0.map { "\($0.low) \($0.high)" } }).count == 4)
        #expect(SealKey(bytes: [UInt8](repeating: 7, count: 15)) == nil)
        // Bytes that lie sixteen apart do not cancel each other out.
        var first = [UInt8](repeating: 0, count: 32)
        var second = first
        first[0] = 1
        second[16] = 1
        #expect(SealKey(bytes: first) != SealKey(bytes: second))
    }
}
