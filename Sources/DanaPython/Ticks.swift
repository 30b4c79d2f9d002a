import PythonBridge

/// Counts from 0 at even intervals of Swift's timer; late ones are not made up for.
struct Ticks: AsyncSequence, Sendable {
    let interval: Seconds
    let count: Int?

    func makeAsyncIterator() -> Iterator { Iterator(interval: interval.nanoseconds, count: count) }

    struct Iterator: AsyncIteratorProtocol {
        let interval: UInt64
        let count: Int?
        private var number = 0
        private var due = TimerThread.now

        init(interval: UInt64, count: Int?) {
            self.interval = interval
            self.count = count
        }

        mutating func next() async throws -> Int? {
            if let count, number >= count { return nil }
            let now = TimerThread.now
            due = Swift.max(due &+ interval, now)
            try await TimerThread.shared.sleep(nanoseconds: due &- now)
            defer { number += 1 }
            return number
        }
    }
}
