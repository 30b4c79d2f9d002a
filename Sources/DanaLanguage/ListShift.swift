/// Moving many items of a list by some places, a portion at a time, so that limits are seen on the way.
extension Heap {
    private static let shiftPortion = 1 << 16

    /// Moves the items of a range up or down. The places that they move to hold nulls or are moved away, and the places
    /// that they leave hold nulls; so a limit that is met on the way leaves every item somewhere in the list.
    func shift(_ range: Range<Int>, by distance: Int, of list: ListObject) throws(DanaError) {
        guard let items = list.at.pointee.items, distance != 0 else { return }
        var rest = range
        while !rest.isEmpty {
            let count = min(rest.count, Heap.shiftPortion)
            try charge(count >> 6)
            let part: Range<Int>
            let left: Range<Int>
            if distance > 0 {
                part = rest.upperBound - count..<rest.upperBound
                left = part.lowerBound..<min(part.upperBound, part.lowerBound + distance)
                rest = rest.lowerBound..<part.lowerBound
            } else {
                part = rest.lowerBound..<rest.lowerBound + count
                left = max(part.lowerBound, part.upperBound + distance)..<part.upperBound
                rest = part.upperBound..<rest.upperBound
            }
            // Safe because the range and the places it moves to lie in the list.
            (items + part.lowerBound + distance).update(from: items + part.lowerBound, count: count)
            (items + left.lowerBound).update(repeating: .null, count: left.count)
        }
    }

    /// Puts an item, owned, before the one at an index, which is at most the count.
    func insert(_ item: Value, at index: Int, of list: ListObject) throws(DanaError) {
        let held = owned(item)
        let count = list.count
        try append(.null, to: list)
        try shift(index..<count, by: 1, of: list)
        list[unchecked: index] = held.take()
    }

    /// Takes an item out of a list; it is now the caller's.
    func removeItem(_ index: Int, of list: ListObject) throws(DanaError) -> Value {
        let item = owned(list[unchecked: index])
        let count = list.count
        list[unchecked: index] = .null
        try shift(index + 1..<count, by: -1, of: list)
        list.at.pointee.count = count - 1
        return item.take()
    }

    /// Exchanges the items of a range for others, whose references go over; what was there is released.
    func replace(_ range: Range<Int>, of list: ListObject, with replacement: ListObject) throws(DanaError) {
        let (count, incoming) = (list.count, replacement.count)
        let distance = incoming - range.count
        let removed = try self.list(capacity: range.count)
        let held = owned(removed.value)
        try ensureCapacity(of: list, count + max(distance, 0))
        guard let items = list.at.pointee.items else { return }
        for (number, index) in range.enumerated() {
            if number & 0xFFFF == 0xFFFF { try charge(1 << 10) }
            removed[unchecked: number] = items[index]
            removed.at.pointee.count = number + 1
            items[index] = .null
        }
        try forEachPortion(of: max(distance, 0)) { portion in
            (items + count + portion.lowerBound).update(repeating: .null, count: portion.count)
            list.at.pointee.count = count + portion.upperBound
        }
        try shift(range.upperBound..<count, by: distance, of: list)
        list.at.pointee.count = count + distance
        // Each item goes over before a limit can be met, and leaves a null behind.
        try forEachPortion(of: incoming) { portion in
            for index in portion {
                items[range.lowerBound + index] = replacement[unchecked: index]
                replacement[unchecked: index] = .null
            }
        }
        _ = held.value
    }
}
