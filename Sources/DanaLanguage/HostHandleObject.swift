/// Something of the host's that Dana passes around without looking inside: a model, a Python object, a file.
struct HostHandleObject: HeapObject {
    struct Layout {
        /// Its flag `marked` says that a pipe calls it.
        var header: ObjectHeader
        /// The host's number for it; the host is told when the last reference goes.
        var identifier: UInt64
        /// An interned name of its type for messages; immortal.
        var typeName: Value
    }

    static let kind = ObjectKind.hostHandle
    let at: UnsafeMutablePointer<Layout>

    var identifier: UInt64 { at.pointee.identifier }
    /// The name of its type.
    var name: String { StringObject(at.pointee.typeName)?.text ?? BuiltInType.hostHandle.name }
    /// Whether `|` calls it and composes it, as it does functions.
    var isFunction: Bool { header.pointee.flags.contains(.marked) }
}

extension Heap {
    /// A handle for the host's number, owned.
    func handle(_ identifier: UInt64, typeName: String, isFunction: Bool = false) throws(DanaError) -> HostHandleObject
    {
        let name = try self.name(typeName)
        let object = try allocate(HostHandleObject.self)
        object.at.pointee.identifier = identifier
        object.at.pointee.typeName = name
        if isFunction { object.header.pointee.flags.insert(.marked) }
        return object
    }
}

extension Value {
    /// Whether two values are one object, as handles of one object of the host's are.
    @inline(__always) func isOneObject(with other: Value) -> Bool {
        isIdentical(to: other) || (isObject(.hostHandle) && hasHandle(of: other))
    }

    @inline(never) private func hasHandle(of other: Value) -> Bool {
        other.isObject(.hostHandle)
            && HostHandleObject(known: self).identifier == HostHandleObject(known: other).identifier
    }
}
