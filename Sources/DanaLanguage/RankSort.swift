/// Sorts entries by ranks alone, a byte at a time from the last, leaving out the bytes that all have in common.
enum RankSort {
    /// Stable; tells which of the two memories holds the result.
    static func sort(
        _ entries: UnsafeMutablePointer<ValueSort.Entry>, scratch: UnsafeMutablePointer<ValueSort.Entry>, count: Int,
        heap: Heap
    ) throws(DanaError) -> UnsafeMutablePointer<ValueSort.Entry> {
        var source = entries
        var target = scratch
        if isSorted(entries, count) { return entries }
        if count < 64 {
            insertionSort(entries, count)
            return entries
        }
        var differing: UInt64 = 0
        for index in 1..<count { differing |= entries[index].rank ^ entries[0].rank }
        for shift in stride(from: UInt64(0), to: 64, by: 8) where differing >> shift & 0xFF != 0 {
            var starts = [Int](repeating: 0, count: 257)
            for index in 0..<count {
                if index & 1023 == 1023 { try heap.charge(16) }
                starts[Int(source[index].rank >> shift & 0xFF) + 1] += 1
            }
            for byte in 1..<257 { starts[byte] += starts[byte - 1] }
            for index in 0..<count {
                if index & 255 == 255 { try heap.charge(16) }
                let byte = Int(source[index].rank >> shift & 0xFF)
                target[starts[byte]] = source[index]
                starts[byte] += 1
            }
            swap(&source, &target)
        }
        return source
    }

    private static func isSorted(_ entries: UnsafeMutablePointer<ValueSort.Entry>, _ count: Int) -> Bool {
        var index = 1
        while index < count {
            if entries[index].rank < entries[index - 1].rank { return false }
            index += 1
        }
        return true
    }

    private static func insertionSort(_ entries: UnsafeMutablePointer<ValueSort.Entry>, _ count: Int) {
        for index in 1..<count {
            let moved = entries[index]
            var place = index
            while place > 0, entries[place - 1].rank > moved.rank {
                entries[place] = entries[place - 1]
                place -= 1
            }
            entries[place] = moved
        }
    }
}
