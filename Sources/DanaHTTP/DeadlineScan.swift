/// When to look through all deadlines again: not before the earliest of them, and not more often than every
/// `interval`, so that many exchanges cost little. Times are nanoseconds.
struct DeadlineScan {
    static let interval: UInt64 = 20_000_000

    private(set) var next = UInt64.max

    /// A deadline was set or came nearer.
    mutating func added(_ deadline: UInt64) { next = min(next, deadline) }

    func isDue(_ now: UInt64) -> Bool { next <= now }

    /// All deadlines were looked at, and this is the earliest.
    mutating func done(_ now: UInt64, earliest: UInt64?) {
        next = earliest.map { max($0, now &+ DeadlineScan.interval) } ?? .max
    }

    /// How long to wait, in milliseconds, at most `longest`.
    func wait(_ now: UInt64, longest: Int32) -> Int32 {
        guard next > now else { return 0 }
        let milliseconds = (next - now) / 1_000_000
        return milliseconds >= UInt64(longest) ? longest : Int32(milliseconds) + 1
    }
}
