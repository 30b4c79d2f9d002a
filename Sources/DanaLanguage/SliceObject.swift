/// What stands in brackets with colons; absent parts are null.
struct SliceObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var start: Value
        var stop: Value
        var step: Value
    }

    static let kind = ObjectKind.slice
    /// The start and the step of the slice that `...` is in an index.
    static let ellipsis = "..."
    let at: UnsafeMutablePointer<Layout>
}

extension Heap {
    /// Takes over the references of all three parts; on an error the caller still owns them.
    func slice(start: Value, stop: Value, step: Value) throws(DanaError) -> SliceObject {
        let object = try allocate(SliceObject.self)
        object.at.pointee.start = start
        object.at.pointee.stop = stop
        object.at.pointee.step = step
        return object
    }
}
