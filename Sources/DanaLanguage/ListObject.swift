/// A list: its items in a buffer that grows by an eighth and more.
struct ListObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var items: UnsafeMutablePointer<Value>?
        var count: Int
        var capacity: Int
    }

    static let kind = ObjectKind.list
    let at: UnsafeMutablePointer<Layout>

    @inline(__always) var count: Int { at.pointee.count }

    /// The item at an index known to lie in the list.
    @inline(__always) subscript(unchecked index: Int) -> Value {
        // Safe because the caller compared the index with `count`, and a list that has items has a buffer.
        get { at.pointee.items.unsafelyUnwrapped[index] }
        nonmutating set { at.pointee.items.unsafelyUnwrapped[index] = newValue }
    }

    var items: UnsafeBufferPointer<Value> { UnsafeBufferPointer(start: at.pointee.items, count: count) }
}

extension Heap {
    /// An empty list with room for `capacity` items.
    func list(capacity: Int = 0) throws(DanaError) -> ListObject {
        let object = try allocate(ListObject.self)
        object.at.pointee.items = nil
        object.at.pointee.count = 0
        object.at.pointee.capacity = 0
        if capacity > 0 {
            let held = owned(object.value)
            try ensureCapacity(of: object, capacity)
            _ = held.take()
        }
        return object
    }

    /// A list of so many nulls.
    func list(nulls count: Int) throws(DanaError) -> ListObject {
        let object = try list(capacity: count)
        let held = owned(object.value)
        try forEachPortion(of: count) { portion in
            for index in portion { object[unchecked: index] = .null }
            object.at.pointee.count = portion.upperBound
        }
        _ = held.take()
        return object
    }

    /// A list of borrowed values, each retained.
    func list(copying items: UnsafeBufferPointer<Value>) throws(DanaError) -> ListObject {
        let object = try list(capacity: items.count)
        let held = owned(object.value)
        try append(copying: items, to: object)
        _ = held.take()
        return object
    }

    /// Appends borrowed values, each retained, to a list that has room for them.
    func append(copying items: UnsafeBufferPointer<Value>, to list: ListObject) throws(DanaError) {
        let count = list.count
        try forEachPortion(of: items.count) { portion in
            for index in portion { list[unchecked: count &+ index] = retained(items[index]) }
            list.at.pointee.count = count &+ portion.upperBound
        }
    }

    /// Appends a value and takes over its reference; on an error the caller still owns it.
    @inline(__always) func append(_ value: Value, to list: ListObject) throws(DanaError) {
        let count = list.at.pointee.count
        if count == list.at.pointee.capacity { try growList(list) }
        list[unchecked: count] = value
        list.at.pointee.count = count &+ 1
    }

    @inline(never) private func growList(_ list: ListObject) throws(DanaError) {
        let count = list.count
        try ensureCapacity(of: list, count + count / 4 + 6)
    }

    /// Room for at least `capacity` items in all.
    func ensureCapacity(of list: ListObject, _ capacity: Int) throws(DanaError) {
        guard capacity > list.at.pointee.capacity else { return }
        guard capacity <= Int.max / 16 else { throw .limit(.memory) }
        let stride = MemoryLayout<Value>.stride
        let buffer = try resizeBuffer(
            list.at.pointee.items, bytes: list.at.pointee.capacity * stride, used: list.count * stride,
            to: capacity * stride)
        list.at.pointee.items = buffer.assumingMemoryBound(to: Value.self)
        list.at.pointee.capacity = capacity
    }
}
