import Testing

@testable import PythonBridge

@Suite struct TimerHeapTests {
    @Test func deadlinesComeInOrder() {
        var random = SystemRandomNumberGenerator()
        var heap = TimerHeap<UInt64>()
        for id in 1...1000 {
            let deadline = UInt64.random(in: 0..<500, using: &random)
            heap.insert(deadline, id: UInt64(id), deadline: deadline)
        }
        for id in stride(from: 1, through: 1000, by: 3) {
            #expect(heap.remove(UInt64(id)) != nil)
            #expect(heap.remove(UInt64(id)) == nil)
        }
        var fired: [UInt64] = []
        for now in UInt64(0)..<500 {
            while let deadline = heap.popDue(now) {
                #expect(deadline == now)
                fired.append(deadline)
            }
            #expect(heap.earliest.map { $0 > now } ?? true)
        }
        #expect(fired.count == 666)
        #expect(heap.count == 0 && heap.earliest == nil && heap.popDue(.max) == nil)
    }

    @Test func removeAllGivesEveryPayload() {
        var heap = TimerHeap<Int>()
        for id in 0..<10 { heap.insert(id, id: UInt64(id), deadline: UInt64(10 - id)) }
        #expect(heap.removeAll().sorted() == Array(0..<10))
        #expect(heap.count == 0 && heap.remove(3) == nil)
    }

    /// What a cancelled deadline occupied is free at once: the payloads are, and so are the entries.
    @Test func aMillionCancelledDeadlinesLeaveNothing() {
        final class Payload {
            nonisolated(unsafe) static var alive = 0
            init() { Self.alive += 1 }
            deinit { Self.alive -= 1 }
        }
        var heap = TimerHeap<Payload>()
        for round in UInt64(0)..<100 {
            for id in 0..<10_000 { heap.insert(Payload(), id: round * 10_000 + UInt64(id), deadline: .max) }
            for id in 0..<10_000 { _ = heap.remove(round * 10_000 + UInt64(id)) }
            #expect(heap.count == 0 && Payload.alive == 0)
        }
    }
}
