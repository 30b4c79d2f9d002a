/// Counts up to a number without ever waiting: a stream's source at full speed.
struct Numbers: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let count: Int
    private var number = 0

    init(count: Int) { self.count = count }

    func makeAsyncIterator() -> Numbers { self }

    mutating func next() async -> Int? {
        guard number < count else { return nil }
        defer { number += 1 }
        return number
    }
}
