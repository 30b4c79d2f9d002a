/// The memory of a dict or a set: entries in the order of insertion, and behind them an index of hashes.
///
/// A removed entry keeps its place with an undefined key until the table is rebuilt.
struct TableObject {
    struct Entry {
        var hash: UInt64
        var key: Value
        /// Null in a set.
        var value: Value
    }

    struct Layout {
        /// Its `own` is `gone`.
        var header: ObjectHeader
        /// `capacity` entries, and behind them the index of `slotCount` positions; nil while nothing was inserted.
        var entries: UnsafeMutablePointer<Entry>?
        /// Entries in use, the removed included.
        var used: UInt32
        /// Entries that are there: Python's `len`.
        var live: UInt32
        var capacity: UInt32
        /// A power of two, or 0 for a table so small that it is searched in order.
        var slotCount: UInt32
    }

    let at: UnsafeMutablePointer<Layout>

    @inline(__always) var count: Int { Int(at.pointee.live) }
    /// The number of places an iteration walks, the removed entries' included.
    @inline(__always) var used: Int { Int(at.pointee.used) }

    /// So many entries at the beginning, at least, were removed: what is taken from there need not look at them again.
    var gone: Int {
        get { Int(at.pointee.header.own) }
        nonmutating set { at.pointee.header.own = UInt32(truncatingIfNeeded: newValue) }
    }

    /// The entry at a place below `used`; its key is undefined when it was removed.
    @inline(__always) func entry(_ index: Int) -> UnsafeMutablePointer<Entry> {
        // Safe because a table with used entries has a buffer, and callers stay below `used`.
        at.pointee.entries.unsafelyUnwrapped + index
    }
}

/// A dict.
struct DictObject: HeapObject {
    typealias Layout = TableObject.Layout
    static let kind = ObjectKind.dict
    let at: UnsafeMutablePointer<Layout>
    var table: TableObject { TableObject(at: at) }
    var count: Int { table.count }
}

/// A set, or a frozenset when its header is marked.
struct SetObject: HeapObject {
    typealias Layout = TableObject.Layout
    static let kind = ObjectKind.set
    let at: UnsafeMutablePointer<Layout>
    var table: TableObject { TableObject(at: at) }
    var count: Int { table.count }
    var isFrozen: Bool { at.pointee.header.flags.contains(.marked) }
}

/// What `keys()`, `values()` and `items()` of a dict give: a look at the dict, not a copy.
struct DictViewObject: HeapObject {
    enum Part: UInt32 {
        case keys, values, items
    }

    struct Layout {
        /// Its `own` is the part.
        var header: ObjectHeader
        var dict: Value
        var padding: Int
    }

    static let kind = ObjectKind.dictView
    let at: UnsafeMutablePointer<Layout>
    var dict: DictObject { DictObject(known: at.pointee.dict) }
    var part: Part { Part(rawValue: at.pointee.header.own) ?? .keys }
}

extension Heap {
    func dict() throws(DanaError) -> DictObject {
        let object = try allocate(DictObject.self)
        clearFields(of: TableObject(at: object.at))
        return object
    }

    func set(isFrozen: Bool = false) throws(DanaError) -> SetObject {
        let object = try allocate(SetObject.self)
        clearFields(of: TableObject(at: object.at))
        if isFrozen { object.at.pointee.header.flags.insert(.marked) }
        return object
    }

    private func clearFields(of table: TableObject) {
        table.at.pointee.entries = nil
        table.at.pointee.used = 0
        table.at.pointee.live = 0
        table.at.pointee.capacity = 0
        table.at.pointee.slotCount = 0
    }

    /// The view retains the dict.
    func view(_ part: DictViewObject.Part, of dict: DictObject) throws(DanaError) -> DictViewObject {
        let object = try allocate(DictViewObject.self, own: part.rawValue)
        object.at.pointee.dict = retained(dict.value)
        return object
    }
}
