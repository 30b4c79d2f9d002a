/// A tuple: its items in the object itself.
struct TupleObject: HeapObject {
    struct Layout {
        /// Its `own` is the number of its list of names in `TupleNames`; 0 for none.
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
        if count > Heap.filledAtOnce { return try fillInPortions(object, count: count) }
        object.at.pointee.count = count
        object.start.initialize(repeating: .null, count: count)
        return object
    }

    private static let filledAtOnce = 1 << 16

    /// Fills a tuple with nulls in portions, so that limits are seen meanwhile; on an error it is gone.
    @inline(never) private func fillInPortions(_ object: TupleObject, count: Int) throws(DanaError) -> TupleObject {
        object.at.pointee.count = 0
        let held = owned(object.value)
        while object.count < count {
            let part = min(count - object.count, Heap.filledAtOnce)
            (object.start + object.count).initialize(repeating: .null, count: part)
            object.at.pointee.count += part
            try charge(part >> 6)
        }
        _ = held.take()
        return object
    }

    /// A tuple of borrowed values, each retained.
    func tuple(copying items: UnsafeBufferPointer<Value>) throws(DanaError) -> TupleObject {
        let object = try tuple(count: items.count)
        let held = owned(object.value)
        try copy(items, to: object.start)
        _ = held.take()
        return object
    }

    /// Copies borrowed values, each retained, over nulls; limits are seen meanwhile.
    @inline(__always)
    func copy(_ items: UnsafeBufferPointer<Value>, to target: UnsafeMutablePointer<Value>) throws(DanaError) {
        try forEachPortion(of: items.count) { portion in
            for index in portion { target[index] = retained(items[index]) }
        }
    }

    /// Goes through many places in portions, which are charged one by one.
    @inline(__always)
    func forEachPortion(of count: Int, _ body: (Range<Int>) throws(DanaError) -> Void) throws(DanaError) {
        var start = 0
        while start < count {
            let end = min(start &+ 1024, count)
            try charge((end &- start) >> 6)
            try body(start..<end)
            start = end
        }
    }
}
