/// Searching and changing dicts and sets.
extension Heap {
    /// The entry whose key equals `key`; nil when there is none.
    @inline(__always)
    func find(_ key: Value, hash: UInt64, in table: TableObject) throws(DanaError) -> Int? {
        let slotCount = table.at.pointee.slotCount
        if slotCount == 0 { return try findInOrder(key, hash: hash, in: table) }
        let slots = slots(of: table)
        let mask = slotCount &- 1
        var slot = UInt32(truncatingIfNeeded: hash >> 32) & mask
        while true {
            let position = slots[Int(slot)]
            if position == Heap.emptySlot { return nil }
            let entry = table.entry(Int(position))
            if entry.pointee.hash == hash, !entry.pointee.key.isUndefined {
                if try keysEqual(entry.pointee.key, key) { return Int(position) }
            }
            slot = (slot &+ 1) & mask
        }
    }

    /// Identity, then equal strings, then equality of any values.
    @inline(__always) private func keysEqual(_ stored: Value, _ key: Value) throws(DanaError) -> Bool {
        if stored.isIdentical(to: key) { return true }
        if stored.isSmallInteger && key.isSmallInteger { return false }
        if stored.isObject(.string) && key.isObject(.string) {
            return StringObject(known: stored).hasSameBytes(as: StringObject(known: key))
        }
        return try keysEqualSlowly(stored, key)
    }

    /// Sets as keys of sets are compared inside one another, each on the native stack: so many levels and no more.
    @inline(never) private func keysEqualSlowly(_ stored: Value, _ key: Value) throws(DanaError) -> Bool {
        guard state.pointee.keyComparisons < 100 else {
            throw error(.recursionError, "maximum recursion depth exceeded in comparison")
        }
        state.pointee.keyComparisons += 1
        defer { state.pointee.keyComparisons -= 1 }
        return try equal(stored, key)
    }

    @inline(__always)
    private func findInOrder(_ key: Value, hash: UInt64, in table: TableObject) throws(DanaError) -> Int? {
        let used = table.used
        var index = 0
        while index < used {
            let entry = table.entry(index)
            if entry.pointee.hash == hash, !entry.pointee.key.isUndefined {
                if try keysEqual(entry.pointee.key, key) { return index }
            }
            index &+= 1
        }
        return nil
    }

    // MARK: Dicts

    /// The value under a key, borrowed; nil when there is none.
    @inline(__always) func value(under key: Value, in dict: DictObject) throws(DanaError) -> Value? {
        guard let index = try find(key, hash: try hash(of: key), in: dict.table) else { return nil }
        return dict.table.entry(index).pointee.value
    }

    /// Sets a value under a key and takes over both references, even on an error.
    @inline(__always) func set(_ key: Value, to value: Value, in dict: DictObject) throws(DanaError) {
        try set(key, to: value, in: dict.table)
    }

    /// Adds an item and takes over its reference, even on an error.
    @inline(__always) func add(_ item: Value, to set: SetObject) throws(DanaError) {
        try self.set(item, to: .null, in: set.table)
    }

    private func set(_ key: Value, to value: Value, in table: TableObject) throws(DanaError) {
        let hash: UInt64
        let found: Int?
        do {
            hash = try self.hash(of: key)
            found = try find(key, hash: hash, in: table)
        } catch {
            release(key)
            release(value)
            throw error
        }
        if let found {
            let old = table.entry(found).pointee.value
            table.entry(found).pointee.value = value
            release(key)
            release(old)
        } else {
            try insert(key, hash: hash, value: value, into: table)
        }
    }

    func contains(_ item: Value, in table: TableObject) throws(DanaError) -> Bool {
        try find(item, hash: try hash(of: item), in: table) != nil
    }

    /// Removes an entry; its key and its value are now the caller's.
    func removeEntry(_ index: Int, of table: TableObject) -> (key: Value, value: Value) {
        let entry = table.entry(index)
        let removed = (key: entry.pointee.key, value: entry.pointee.value)
        entry.pointee.key = .undefined
        entry.pointee.value = .null
        table.at.pointee.live &-= 1
        if index &+ 1 == table.used && table.at.pointee.slotCount == 0 { table.at.pointee.used &-= 1 }
        return removed
    }

    /// Removes the first entry; its key and its value are now the caller's. Nil for an empty table.
    func removeFirst(of table: TableObject) throws(DanaError) -> (key: Value, value: Value)? {
        guard table.count > 0 else { return nil }
        var index = table.gone
        while index < table.used, table.entry(index).pointee.key.isUndefined { index += 1 }
        let passed = index - table.gone
        table.gone = index
        try charge(passed / 8)
        return removeEntry(index, of: table)
    }

    /// Removes the last entry; its key and its value are now the caller's. Nil for an empty table.
    func removeLast(of table: TableObject) throws(DanaError) -> (key: Value, value: Value)? {
        guard table.count > 0 else { return nil }
        let used = table.used
        forgetRemovedTail(of: table)
        try charge((used - table.used) / 8)
        let removed = removeEntry(table.used - 1, of: table)
        forgetRemovedTail(of: table)
        return removed
    }

    /// Gives up the removed entries at the end, whose places are then free for others.
    private func forgetRemovedTail(of table: TableObject) {
        while table.used > 0, table.entry(table.used - 1).pointee.key.isUndefined {
            table.at.pointee.used &-= 1
            if table.at.pointee.slotCount > 0 { freeSlot(of: table.used, in: table) }
        }
        table.gone = min(table.gone, table.used)
    }

    /// Takes the entry of a place out of the index; what was found by passing over its slot moves up.
    private func freeSlot(of index: Int, in table: TableObject) {
        let slots = slots(of: table)
        let mask = table.at.pointee.slotCount &- 1
        func wanted(_ position: UInt32) -> UInt32 {
            UInt32(truncatingIfNeeded: table.entry(Int(position)).pointee.hash >> 32) & mask
        }
        var free = wanted(UInt32(truncatingIfNeeded: index))
        while slots[Int(free)] != UInt32(truncatingIfNeeded: index) { free = (free &+ 1) & mask }
        var slot = (free &+ 1) & mask
        while slots[Int(slot)] != Heap.emptySlot {
            let distance = (slot &- wanted(slots[Int(slot)])) & mask
            if distance >= (slot &- free) & mask {
                slots[Int(free)] = slots[Int(slot)]
                free = slot
            }
            slot = (slot &+ 1) & mask
        }
        slots[Int(free)] = Heap.emptySlot
    }

    /// Removes every entry.
    func clear(_ table: TableObject) {
        let entries = table.at.pointee.entries
        let used = table.used
        let bytes = bufferBytes(capacity: table.at.pointee.capacity, slotCount: table.at.pointee.slotCount)
        table.at.pointee.entries = nil
        table.at.pointee.used = 0
        table.gone = 0
        table.at.pointee.live = 0
        table.at.pointee.capacity = 0
        table.at.pointee.slotCount = 0
        guard let entries else { return }
        for index in 0..<used where !entries[index].key.isUndefined {
            release(entries[index].key)
            release(entries[index].value)
        }
        freeBuffer(entries, bytes: bytes)
    }

    /// Gives the entries' buffer back; what the entries held is the caller's.
    func freeEntries(of table: TableObject) {
        guard let entries = table.at.pointee.entries else { return }
        freeBuffer(
            entries, bytes: bufferBytes(capacity: table.at.pointee.capacity, slotCount: table.at.pointee.slotCount))
        table.at.pointee.entries = nil
        table.at.pointee.used = 0
        table.gone = 0
        table.at.pointee.live = 0
        table.at.pointee.capacity = 0
        table.at.pointee.slotCount = 0
    }

    // MARK: The index

    private static let emptySlot: UInt32 = 0xFFFF_FFFF
    /// Tables of up to so many entries are searched in order.
    private static let smallCapacity: UInt32 = 8

    @inline(__always) private func slots(of table: TableObject) -> UnsafeMutablePointer<UInt32> {
        // Safe because the index lies behind the entries in the same buffer.
        UnsafeMutableRawPointer(table.entry(Int(table.at.pointee.capacity))).assumingMemoryBound(to: UInt32.self)
    }

    private func bufferBytes(capacity: UInt32, slotCount: UInt32) -> Int {
        Int(capacity) * MemoryLayout<TableObject.Entry>.stride + Int(slotCount) * 4
    }

    /// Appends an entry for a key known to be absent; takes over both references, even on an error.
    @inline(__always)
    func insert(_ key: Value, hash: UInt64, value: Value, into table: TableObject) throws(DanaError) {
        if table.at.pointee.used == table.at.pointee.capacity {
            do { try grow(table) } catch {
                release(key)
                release(value)
                throw error
            }
        }
        let index = table.used
        table.entry(index).initialize(to: TableObject.Entry(hash: hash, key: key, value: value))
        table.at.pointee.used &+= 1
        table.at.pointee.live &+= 1
        let slotCount = table.at.pointee.slotCount
        if slotCount != 0 { Heap.occupySlot(for: hash, index: index, of: slots(of: table), slotCount) }
    }

    @inline(__always)
    private static func occupySlot(
        for hash: UInt64, index: Int, of slots: UnsafeMutablePointer<UInt32>, _ slotCount: UInt32
    ) {
        let mask = slotCount &- 1
        var slot = UInt32(truncatingIfNeeded: hash >> 32) & mask
        while slots[Int(slot)] != Heap.emptySlot { slot = (slot &+ 1) & mask }
        slots[Int(slot)] = UInt32(truncatingIfNeeded: index)
    }

    /// Rebuilds the table without its holes, larger when it is full of live entries.
    @inline(never) private func grow(_ table: TableObject) throws(DanaError) {
        let live = table.at.pointee.live
        guard live < 1 << 29 else { throw .limit(.memory) }
        let capacity = live < Heap.smallCapacity / 2 ? Heap.smallCapacity / 2 : max(live * 2, Heap.smallCapacity)
        try rebuild(table, capacity: capacity)
    }

    /// Room for `count` entries in all without growing.
    func ensureCapacity(of table: TableObject, _ count: Int) throws(DanaError) {
        guard count < 1 << 29 else { throw .limit(.memory) }
        if count > Int(table.at.pointee.capacity) { try rebuild(table, capacity: UInt32(count)) }
    }

    /// Makes room for at least `capacity` entries; of the slots two thirds are used at most.
    private func rebuild(_ table: TableObject, capacity least: UInt32) throws(DanaError) {
        var capacity = least
        var slotCount: UInt32 = 0
        if capacity > Heap.smallCapacity {
            slotCount = 16
            while slotCount / 3 * 2 < capacity { slotCount *= 2 }
            capacity = slotCount / 3 * 2
        }
        let bytes = bufferBytes(capacity: capacity, slotCount: slotCount)
        let buffer = try allocateBuffer(bytes)
        let entries = buffer.bindMemory(to: TableObject.Entry.self, capacity: Int(capacity))
        // Safe because the index lies behind the entries in the same buffer.
        let slots = UnsafeMutableRawPointer(entries + Int(capacity)).assumingMemoryBound(to: UInt32.self)
        slots.initialize(repeating: Heap.emptySlot, count: Int(slotCount))
        let oldUsed = table.used
        var used = 0
        if let old = table.at.pointee.entries {
            do {
                for index in 0..<oldUsed where !old[index].key.isUndefined {
                    (entries + used).initialize(to: old[index])
                    if slotCount > 0 {
                        Heap.occupySlot(for: old[index].hash, index: used, of: slots, slotCount)
                        if index & 255 == 255 { try charge(32) }
                    }
                    used &+= 1
                }
            } catch {
                freeBuffer(buffer, bytes: bytes)
                throw error
            }
            freeBuffer(
                old, bytes: bufferBytes(capacity: table.at.pointee.capacity, slotCount: table.at.pointee.slotCount))
        }
        table.at.pointee.entries = entries
        table.at.pointee.capacity = capacity
        table.at.pointee.slotCount = slotCount
        table.at.pointee.used = UInt32(truncatingIfNeeded: used)
        table.gone = 0
    }
}
