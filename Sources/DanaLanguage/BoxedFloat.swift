/// A float whose exponent does not fit a value itself.
struct BoxedFloat: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var float: Double
    }

    static let kind = ObjectKind.boxedFloat
    let at: UnsafeMutablePointer<Layout>

    var float: Double { at.pointee.float }
}

extension Heap {
    @inline(__always) func float(_ float: Double) throws(DanaError) -> Value {
        if let value = Value(fitting: float) { return value }
        return try boxedFloat(float)
    }

    @inline(never) private func boxedFloat(_ float: Double) throws(DanaError) -> Value {
        let box = try allocate(BoxedFloat.self)
        UnsafeMutableRawPointer(box.at).storeBytes(of: float, toByteOffset: 16, as: Double.self)
        return box.value
    }
}

extension Value {
    /// The float of an inline or boxed float; nil for any other value.
    @inline(__always) var float: Double? {
        if isInlineFloat { return inlineFloat }
        return BoxedFloat(self)?.float
    }
}
