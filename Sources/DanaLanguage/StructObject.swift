/// A `struct` as a value: calling it makes a `StructObject`.
struct StructTypeObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var name: Value
        /// A tuple of names.
        var fieldNames: Value
        /// A tuple as long as the names': type values, null where a field has none.
        var fieldTypes: Value
        /// A tuple as long as the names': undefined where a field has no default, else the value or, for a
        /// default that must be made anew, a function of no arguments.
        var fieldDefaults: Value
        /// A dict from name to the function whose first parameter is the receiver.
        var methods: Value
        /// Changes with each method defined, so that call sites notice.
        var version: Int
        /// The first field whose default is made anew for each instance; the number of fields when there is none.
        var firstMaker: Int
    }

    static let kind = ObjectKind.structType
    let at: UnsafeMutablePointer<Layout>

    var fieldNames: TupleObject { TupleObject(known: at.pointee.fieldNames) }
    var fieldTypes: TupleObject { TupleObject(known: at.pointee.fieldTypes) }
    var fieldDefaults: TupleObject { TupleObject(known: at.pointee.fieldDefaults) }
    var methods: DictObject { DictObject(known: at.pointee.methods) }
}

/// An instance of a struct: its fields in the object itself, in the order of their definition.
struct StructObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var type: Value
        var count: Int
    }

    static let kind = ObjectKind.structure
    let at: UnsafeMutablePointer<Layout>

    @inline(__always) var type: StructTypeObject { StructTypeObject(known: at.pointee.type) }
    @inline(__always) var count: Int { at.pointee.count }

    @inline(__always) var fields: UnsafeMutablePointer<Value> {
        // Safe because the fields follow the layout in the same block.
        UnsafeMutableRawPointer(at).advanced(by: MemoryLayout<Layout>.size).assumingMemoryBound(to: Value.self)
    }
}

/// An `enum` as a value.
struct EnumTypeObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var name: Value
        /// A dict from name to `EnumMemberObject`, in the order of definition.
        var members: Value
    }

    static let kind = ObjectKind.enumType
    let at: UnsafeMutablePointer<Layout>

    var members: DictObject { DictObject(known: at.pointee.members) }
}

/// One case of an enum.
struct EnumMemberObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var type: Value
        var name: Value
        var content: Value
        var padding: Int
    }

    static let kind = ObjectKind.enumMember
    let at: UnsafeMutablePointer<Layout>

    var type: EnumTypeObject { EnumTypeObject(known: at.pointee.type) }
}

/// An `interface`: what a value must have to be taken for one.
struct InterfaceObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var name: Value
        /// A dict from method name to the number of its parameters, the receiver not counted.
        var methods: Value
        /// A dict from field name to a type value or null.
        var fields: Value
        var padding: Int
    }

    static let kind = ObjectKind.interface
    let at: UnsafeMutablePointer<Layout>
}

/// A built-in type as a value: `int`, `str`, ... Calling it calls its constructor.
struct TypeObject: HeapObject {
    struct Layout {
        var header: ObjectHeader
        var type: BuiltInType
        var constructor: UnsafePointer<LinkedNative>?
    }

    static let kind = ObjectKind.type
    let at: UnsafeMutablePointer<Layout>

    var type: BuiltInType { at.pointee.type }
}
