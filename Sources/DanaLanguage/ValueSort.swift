/// Python's stable sort of a list in place, by the items themselves or by keys that were computed before.
///
/// Small integers, floats and strings have a word each that orders them, wholly or by their beginning; anything else
/// is compared as `<` compares.
struct ValueSort {
    let heap: Heap
    let isReversed: Bool

    /// An item beside what orders it.
    struct Entry {
        /// The key's rank, or the first bytes of a string.
        var rank: UInt64
        var key: Value
        var item: Value
    }

    private enum Ranks {
        /// Equal ranks mean equal keys.
        case exact
        /// Equal ranks need a look at the strings.
        case prefixes
        case none
    }

    func sort(_ list: ListObject) throws(DanaError) {
        try sort(list, keys: list.items)
    }

    /// Sorts by keys, as many as there are items.
    func sort(_ list: ListObject, by keys: ListObject) throws(DanaError) {
        guard keys.count == list.count else { throw heap.valueError("list modified during sort") }
        try sort(list, keys: keys.items)
    }

    private func sort(_ list: ListObject, keys: UnsafeBufferPointer<Value>) throws(DanaError) {
        let count = list.count
        guard count > 1 else { return }
        let bytes = count * MemoryLayout<Entry>.stride
        let memory = try heap.allocateBuffer(2 * bytes)
        defer { heap.freeBuffer(memory, bytes: 2 * bytes) }
        let entries = memory.bindMemory(to: Entry.self, capacity: 2 * count)
        for index in 0..<count {
            if index & 255 == 255 { try heap.charge(16) }
            entries[index] = Entry(rank: 0, key: keys[index], item: list[unchecked: index])
        }
        let sorted = try sort(entries, scratch: entries + count, count: count)
        for index in 0..<count { list[unchecked: index] = sorted[index].item }
    }

    /// Sorts with the help of scratch memory, and tells which of the two holds the result.
    private func sort(_ entries: UnsafeMutablePointer<Entry>, scratch: UnsafeMutablePointer<Entry>, count: Int)
        throws(DanaError) -> UnsafeMutablePointer<Entry>
    {
        // Equal items keep their order when the whole is turned around before and after.
        if isReversed { reverse(entries, count) }
        let ranks = try rank(entries, count)
        var result: UnsafeMutablePointer<Entry>
        switch ranks {
        case .exact: result = try RankSort.sort(entries, scratch: scratch, count: count, heap: heap)
        case .prefixes:
            result = try merge(entries, scratch, count) { left, right throws(DanaError) in
                if left.pointee.rank != right.pointee.rank { return left.pointee.rank < right.pointee.rank }
                let (left, right) = (StringObject(known: left.pointee.key), StringObject(known: right.pointee.key))
                try heap.charge(min(left.byteCount, right.byteCount) >> 9)
                return ValueOrder.compare(left.bytes, right.bytes) == .less
            }
        case .none:
            result = try merge(entries, scratch, count) { left, right throws(DanaError) in
                try ValueOrder(heap: heap).holds(.less, left.pointee.key, right.pointee.key)
            }
        }
        if isReversed { reverse(result, count) }
        return result
    }

    private func reverse(_ entries: UnsafeMutablePointer<Entry>, _ count: Int) {
        var buffer = UnsafeMutableBufferPointer(start: entries, count: count)
        buffer.reverse()
    }

    // MARK: Ranks

    private func rank(_ entries: UnsafeMutablePointer<Entry>, _ count: Int) throws(DanaError) -> Ranks {
        let first = entries[0].key
        if first.isSmallInteger { return try rankAll(entries, count, integerRank) ? .exact : .none }
        if first.float != nil { return try rankAll(entries, count, floatRank) ? .exact : .none }
        if first.isObject(.string) { return try rankAll(entries, count, stringRank) ? .prefixes : .none }
        return .none
    }

    private func rankAll(
        _ entries: UnsafeMutablePointer<Entry>, _ count: Int, _ rank: (Value) -> UInt64?
    ) throws(DanaError) -> Bool {
        for index in 0..<count {
            if index & 1023 == 1023 { try heap.charge(16) }
            guard let rank = rank(entries[index].key) else { return false }
            entries[index].rank = rank
        }
        return true
    }

    private func integerRank(_ value: Value) -> UInt64? {
        value.isSmallInteger ? UInt64(bitPattern: Int64(value.smallInteger)) ^ 1 << 63 : nil
    }

    private func floatRank(_ value: Value) -> UInt64? {
        guard let float = value.float, !float.isNaN else { return nil }
        // Both zeros have one rank.
        let bits = float == 0 ? 0 : float.bitPattern
        return bits >> 63 == 0 ? bits ^ 1 << 63 : ~bits
    }

    private func stringRank(_ value: Value) -> UInt64? {
        guard let string = StringObject(value) else { return nil }
        let start = string.start
        if string.byteCount >= 8 {
            // Safe because the string has eight bytes.
            return UInt64(bigEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
        }
        var rank: UInt64 = 0
        for index in 0..<string.byteCount { rank |= UInt64(start[index]) << UInt64(56 - 8 * index) }
        return rank
    }

    // MARK: Merging

    private typealias Position = UnsafeMutablePointer<Entry>

    /// A merge sort that begins with the runs it finds; tells where the result lies.
    @inline(__always)
    private func merge(
        _ entries: Position, _ scratch: Position, _ count: Int,
        isLess: (Position, Position) throws(DanaError) -> Bool
    ) throws(DanaError) -> Position {
        var runs = try findRuns(entries, count, isLess: isLess)
        var source = entries
        var target = scratch
        while runs.count > 2 {
            try heap.charge(count >> 6)
            var merged: [Int] = [0]
            merged.reserveCapacity(runs.count / 2 + 2)
            var index = 0
            while index + 2 < runs.count {
                try merge(source, runs[index], runs[index + 1], runs[index + 2], into: target, isLess: isLess)
                merged.append(runs[index + 2])
                index += 2
            }
            if index + 1 < runs.count {
                let (start, end) = (runs[index], runs[index + 1])
                (target + start).update(from: source + start, count: end - start)
                merged.append(end)
            }
            runs = merged
            swap(&source, &target)
        }
        return source
    }

    private static let shortestRun = 12

    /// The ends of runs in order, beginning with 0. Falling runs are turned around, short ones lengthened by insertion.
    @inline(__always)
    private func findRuns(
        _ entries: Position, _ count: Int, isLess: (Position, Position) throws(DanaError) -> Bool
    ) throws(DanaError) -> [Int] {
        var ends = [0]
        var start = 0
        while start < count {
            var end = start + 1
            if end < count {
                let falls = try isLess(entries + end, entries + start)
                end += 1
                while end < count, try isLess(entries + end, entries + (end - 1)) == falls { end += 1 }
                if falls { reverse(entries + start, end - start) }
            }
            let goal = min(count, start + ValueSort.shortestRun)
            while end < goal {
                let moved = entries[end]
                var place = end
                var low = start
                while low < place {
                    let middle = low + (place - low) / 2
                    if try isLess(entries + end, entries + middle) { place = middle } else { low = middle + 1 }
                }
                var index = end
                while index > low {
                    entries[index] = entries[index - 1]
                    index -= 1
                }
                entries[low] = moved
                end += 1
            }
            ends.append(end)
            if ends.count & 7 == 7 || end - start > 64 { try heap.charge((end - start) >> 3 + 8) }
            start = end
        }
        return ends
    }

    @inline(__always)
    private func merge(
        _ source: Position, _ start: Int, _ middle: Int, _ end: Int, into target: Position,
        isLess: (Position, Position) throws(DanaError) -> Bool
    ) throws(DanaError) {
        var left = start
        var right = middle
        var place = start
        while left < middle && right < end {
            if place & 255 == 255 { try heap.charge(16) }
            if try isLess(source + right, source + left) {
                target[place] = source[right]
                right += 1
            } else {
                target[place] = source[left]
                left += 1
            }
            place += 1
        }
        (target + place).update(from: source + left, count: middle - left)
        (target + place + (middle - left)).update(from: source + right, count: end - right)
    }
}
