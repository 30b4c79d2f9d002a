import CPython

/// Which Python object holds a Swift one, so that the same Swift object is the same Python object.
///
/// Open addressing over the Swift object's address: the table is written for every object made and ended.
struct PythonInstanceTable {
    private struct Entry {
        let key: UInt
        let object: PyRef
    }

    private var entries: [Entry?] = Array(repeating: nil, count: 64)
    private var count = 0

    /// The Python object that holds the Swift object at this address; borrowed.
    subscript(value: UnsafeMutableRawPointer) -> PyRef? {
        guard let index = find(UInt(bitPattern: value)) else { return nil }
        return entries[index]?.object
    }

    mutating func set(_ value: UnsafeMutableRawPointer, _ object: PyRef) {
        let key = UInt(bitPattern: value)
        if let index = find(key) {
            entries[index] = Entry(key: key, object: object)
            return
        }
        if (count + 1) * 2 > entries.count { grow() }
        place(Entry(key: key, object: object))
        count += 1
    }

    /// Forgets the Swift object at this address if it is this Python object's.
    mutating func remove(_ value: UnsafeMutableRawPointer, _ object: PyRef) {
        guard var hole = find(UInt(bitPattern: value)), entries[hole]?.object == object else { return }
        entries[hole] = nil
        count -= 1
        // What was pushed past the hole moves back into it, so that a search may end at the first free place.
        var index = next(hole)
        while let entry = entries[index] {
            let home = home(of: entry.key)
            if (index &- home) & mask >= (index &- hole) & mask {
                entries[hole] = entry
                entries[index] = nil
                hole = index
            }
            index = next(index)
        }
    }

    private var mask: Int { entries.count - 1 }

    private func next(_ index: Int) -> Int { (index + 1) & mask }

    private func home(of key: UInt) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
    }

    private func find(_ key: UInt) -> Int? {
        var index = home(of: key)
        while let entry = entries[index] {
            if entry.key == key { return index }
            index = next(index)
        }
        return nil
    }

    private mutating func place(_ entry: Entry) {
        var index = home(of: entry.key)
        while entries[index] != nil { index = next(index) }
        entries[index] = entry
    }

    private mutating func grow() {
        let old = entries
        entries = Array(repeating: nil, count: old.count * 2)
        for case let entry? in old { place(entry) }
    }
}
