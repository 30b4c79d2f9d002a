/// A `bytes` value, its bytes in the object itself.
struct BytesObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        /// 0 until asked for.
        var hash: UInt64
        var count: Int
    }

    static let kind = ObjectKind.bytes
    let at: UnsafeMutablePointer<Layout>

    @inline(__always) var count: Int { at.pointee.count }

    @inline(__always) var start: UnsafeMutablePointer<UInt8> {
        // Safe because the bytes follow the layout in the same block.
        UnsafeMutableRawPointer(at).advanced(by: MemoryLayout<Layout>.size).assumingMemoryBound(to: UInt8.self)
    }

    @inline(__always) var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
}

extension Heap {
    /// A `bytes` value of `count` bytes, which `fill` initialises in full.
    @inline(__always)
    func bytes(
        count: Int, fill: (UnsafeMutablePointer<UInt8>) throws(DanaError) -> Void
    ) throws(DanaError) -> BytesObject {
        let object = try allocate(BytesObject.self, trailingBytes: count)
        object.at.pointee.hash = 0
        object.at.pointee.count = count
        do {
            try fill(object.start)
        } catch {
            release(object.value)
            throw error
        }
        return object
    }
}
