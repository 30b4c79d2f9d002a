/// The deadlines of those who wait, earliest first: a binary heap that keeps the deadlines of those who no longer wait
/// until they come to its top or are too many.
struct DeadlineHeap {
    typealias Entry = (time: PoolTime, waiter: WaiterID)

    private var entries: ContiguousArray<Entry> = []

    var first: Entry? { entries.first }
    var count: Int { entries.count }

    mutating func add(_ time: PoolTime, _ waiter: WaiterID) {
        entries.append((time, waiter))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].time < entries[parent].time else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() {
        guard let last = entries.popLast(), !entries.isEmpty else { return }
        entries[0] = last
        sink(0)
    }

    /// Leaves out the deadlines of those who are gone once they are more than those who wait, so that each removal
    /// costs the same on average.
    mutating func trim(live: Int, isLive: (WaiterID) -> Bool) {
        guard entries.count > 64, entries.count / 2 > live else { return }
        entries.removeAll { !isLive($0.waiter) }
        for parent in (0..<entries.count / 2).reversed() { sink(parent) }
    }

    private mutating func sink(_ start: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < entries.count else { return }
            if child + 1 < entries.count && entries[child + 1].time < entries[child].time { child += 1 }
            guard entries[child].time < entries[parent].time else { return }
            entries.swapAt(child, parent)
            parent = child
        }
    }
}
