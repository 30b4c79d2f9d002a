/// A string: UTF-8 bytes in the object itself, with the number of scalars and a hash kept once asked for.
///
/// Strings never change while more than one reference holds them; `Heap.append` lengthens one in place otherwise.
struct StringObject: HeapObject {
    struct Layout {
        /// Its `own` is the capacity in bytes.
        var header: ObjectHeader
        /// 0 until asked for.
        var hash: UInt64
        var byteCount: UInt32
        var scalarCount: UInt32
        /// The byte offset of every 64th scalar, built when a non-ASCII string is first indexed.
        var marks: UnsafeMutablePointer<UInt32>?
    }

    static let kind = ObjectKind.string
    static let largestByteCount = 0x7FFF_FFFF
    let at: UnsafeMutablePointer<Layout>

    @inline(__always) var byteCount: Int { Int(at.pointee.byteCount) }
    /// Python's `len`.
    @inline(__always) var scalarCount: Int { Int(at.pointee.scalarCount) }
    @inline(__always) var isASCII: Bool { at.pointee.byteCount == at.pointee.scalarCount }
    @inline(__always) var capacity: Int { Int(at.pointee.header.own) }

    @inline(__always) var start: UnsafeMutablePointer<UInt8> {
        // Safe because the bytes follow the layout in the same block.
        UnsafeMutableRawPointer(at).advanced(by: MemoryLayout<Layout>.size).assumingMemoryBound(to: UInt8.self)
    }

    @inline(__always) var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: byteCount) }

    /// A Swift copy, for messages and for the host.
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
