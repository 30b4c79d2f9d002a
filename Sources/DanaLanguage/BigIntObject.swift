import DanaData

/// An integer beyond 63 bits: its magnitude's words in the object itself, least significant first.
///
/// A `BigIntObject` never holds what fits a small integer, so equal integers have one form.
struct BigIntObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var isNegative: Bool
        var count: Int
    }

    static let kind = ObjectKind.bigInt
    let at: UnsafeMutablePointer<Layout>

    @inline(__always) var isNegative: Bool { at.pointee.isNegative }
    @inline(__always) var count: Int { at.pointee.count }

    @inline(__always) var start: UnsafeMutablePointer<UInt64> {
        // Safe because the words follow the layout in the same block.
        UnsafeMutableRawPointer(at).advanced(by: MemoryLayout<Layout>.size).assumingMemoryBound(to: UInt64.self)
    }

    @inline(__always) var magnitude: UnsafeBufferPointer<UInt64> { UnsafeBufferPointer(start: start, count: count) }

    var view: IntegerView { IntegerView(isNegative: isNegative, magnitude: magnitude) }
}
