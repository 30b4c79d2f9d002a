/// Deadlines in order, each removable: what a cancelled deadline occupied is free at once.
struct TimerHeap<Payload> {
    private struct Entry {
        let deadline: UInt64
        let id: UInt64
        let payload: Payload
    }

    private var entries: [Entry] = []
    private var positions: [UInt64: Int] = [:]

    var count: Int { entries.count }
    var earliest: UInt64? { entries.first?.deadline }

    mutating func insert(_ payload: Payload, id: UInt64, deadline: UInt64) {
        entries.append(Entry(deadline: deadline, id: id, payload: payload))
        positions[id] = entries.count - 1
        rise(entries.count - 1)
    }

    /// The payload of a deadline that has not fired yet.
    mutating func remove(_ id: UInt64) -> Payload? {
        guard let position = positions[id] else { return nil }
        return remove(at: position)
    }

    /// The payload of the earliest deadline at or before `now`.
    mutating func popDue(_ now: UInt64) -> Payload? {
        guard let first = entries.first, first.deadline <= now else { return nil }
        return remove(at: 0)
    }

    /// Every payload, in no order; the heap is empty afterwards.
    mutating func removeAll() -> [Payload] {
        defer {
            entries = []
            positions = [:]
        }
        return entries.map(\.payload)
    }

    private mutating func remove(at position: Int) -> Payload {
        let entry = entries[position]
        positions[entry.id] = nil
        let last = entries.removeLast()
        if position < entries.count {
            entries[position] = last
            positions[last.id] = position
            rise(position)
            sink(position)
        }
        if entries.isEmpty, positions.capacity > 4096 {
            entries = []
            positions = [:]
        }
        return entry.payload
    }

    private mutating func rise(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].deadline < entries[parent].deadline else { return }
            swap(child, parent)
            child = parent
        }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].deadline < entries[least].deadline { least = child }
            }
            guard least != parent else { return }
            swap(parent, least)
            parent = least
        }
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        entries.swapAt(left, right)
        positions[entries[left].id] = left
        positions[entries[right].id] = right
    }
}
