/// A tuple: its items in the object itself.
struct TupleObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var count: Int
        var padding: Int
    }

    static let kind = ObjectKind.tuple
    let at: UnsafeMutablePointer<Layout>

    @inline(__always) var count: Int { at.pointee.count }

    @inline(__always) var start: UnsafeMutablePointer<Value> {
        // Safe because the items follow the layout in the same block.
        UnsafeMutableRawPointer(at).advanced(by: MemoryLayout<Layout>.size).assumingMemoryBound(to: Value.self)
    }

    @inline(__always) subscript(unchecked index: Int) -> Value { start[index] }

    var items: UnsafeBufferPointer<Value> { UnsafeBufferPointer(start: start, count: count) }
}

extension Heap {
    /// A tuple of `count` nulls, which the caller replaces with values it owns before the tuple is seen.
    @inline(__always) func tuple(count: Int) throws(DanaError) -> TupleObject {
        guard count <= Int.max / 16 else { throw .limit(.memory) }
        let object = try allocate(TupleObject.self, trailingBytes: count &* MemoryLayout<Value>.stride)
        object.at.pointee.count = count
        object.start.initialize(repeating: .null, count: count)
        return object
    }

    /// A tuple of borrowed values, each retained.
    func tuple(copying items: UnsafeBufferPointer<Value>) throws(DanaError) -> TupleObject {
        let object = try tuple(count: items.count)
        for index in 0..<items.count { object.start[index] = retained(items[index]) }
        return object
    }
}
