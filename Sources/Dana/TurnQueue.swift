/// Who has a context's turn and who waits for it, first come first served. Decides; `ContextGate` acts.
struct TurnQueue {
    private(set) var isTaken = false
    private(set) var isClosed = false
    private var waiting: [Int] = []
    private var first = 0

    enum Entrance: Equatable {
        case entered, waits, closed
    }

    /// Whether the turn is taken by someone who came while nobody waited.
    mutating func stands(isTaken: Bool) { self.isTaken = isTaken }

    /// Someone asks for the turn.
    mutating func enter(_ visitor: Int) -> Entrance {
        if isClosed { return .closed }
        if !isTaken {
            isTaken = true
            return .entered
        }
        waiting.append(visitor)
        return .waits
    }

    /// The turn is given back; who has it now, if anyone waited.
    mutating func leave() -> Int? {
        guard first < waiting.count else {
            isTaken = false
            return nil
        }
        let next = waiting[first]
        first += 1
        if first > 32 && first * 2 > waiting.count {
            waiting.removeFirst(first)
            first = 0
        }
        return next
    }

    /// Someone no longer waits; false when that one has the turn already.
    mutating func withdraw(_ visitor: Int) -> Bool {
        guard let index = waiting[first...].firstIndex(of: visitor) else { return false }
        waiting.remove(at: index)
        return true
    }

    /// Nobody enters any more; those who waited.
    mutating func close() -> [Int] {
        isClosed = true
        return dismiss()
    }

    /// Nobody waits any more; those who did.
    mutating func dismiss() -> [Int] {
        defer {
            waiting = []
            first = 0
        }
        return Array(waiting[first...])
    }

    var waitingCount: Int { waiting.count - first }
}
