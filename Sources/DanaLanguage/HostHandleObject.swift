/// Something of the host's that Dana passes around without looking inside: a model, a Python object, a file.
struct HostHandleObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        /// The host's number for it; the host is told when the last reference goes.
        var identifier: UInt64
        /// An interned name of its type for messages; immortal.
        var typeName: Value
    }

    static let kind = ObjectKind.hostHandle
    let at: UnsafeMutablePointer<Layout>
}
