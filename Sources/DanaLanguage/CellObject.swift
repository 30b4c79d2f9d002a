/// A variable that an inner function captures.
struct CellObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        /// Undefined until the variable is assigned.
        var content: Value
        var padding: Int
    }

    static let kind = ObjectKind.cell
    let at: UnsafeMutablePointer<Layout>
}

extension Heap {
    /// Takes over the content's reference; on an error the caller still owns it.
    func cell(_ content: Value) throws(DanaError) -> CellObject {
        let object = try allocate(CellObject.self)
        object.at.pointee.content = content
        return object
    }
}
