/// A type by the name that a module has for it when it is asked, as a value: a list of the module and the name. The field
/// of a struct has one where it names a type that is defined further down.
struct NamedType {
    private let module: ModuleObject
    private let symbol: Value

    init?(_ type: Value) {
        guard let list = ListObject(type), list.count == 2, let module = ModuleObject(list[unchecked: 0]),
            list[unchecked: 1].isObject(.string)
        else { return nil }
        self.module = module
        symbol = list[unchecked: 1]
    }

    var name: String { StringObject(known: symbol).text }

    /// The type, borrowed; nil while the module has none of the name.
    func meaning(_ heap: Heap) -> Value? {
        guard let slot = try? heap.existingSlot(symbol, of: module), !slot.pointee.value.isUndefined else { return nil }
        return slot.pointee.value
    }
}

extension Heap {
    /// The type of a name that a struct's field gives before there is such a type, owned: the struct itself, or what the
    /// module calls so later.
    func type(named name: Value, in type: StructTypeObject, of module: ModuleObject) throws(DanaError) -> Value {
        if name.isIdentical(to: type.at.pointee.name) { return retained(type.value) }
        let list = try list(capacity: 2)
        let held = owned(list.value)
        try append(retained(module.value), to: list)
        try append(retained(name), to: list)
        return held.take()
    }

    /// Puts types in the place of the names in a type that an annotation has just made, or in its parts.
    func resolveNames(
        in type: Value, for structure: StructTypeObject, of module: ModuleObject
    ) throws(DanaError) -> Value {
        if let string = StringObject(type) {
            return try self.type(named: try name(of: string.value), in: structure, of: module)
        }
        let parts: UnsafeMutableBufferPointer<Value>
        // What others hold as well is a value of the program's.
        guard type.isObject, type.object.pointee.count == 1 else { return retained(type) }
        if let list = ListObject(type) {
            parts = UnsafeMutableBufferPointer(start: list.at.pointee.items, count: list.count)
        } else if let tuple = TupleObject(type) {
            parts = UnsafeMutableBufferPointer(start: tuple.start, count: tuple.count)
        } else {
            return retained(type)
        }
        for index in parts.indices {
            let resolved = try resolveNames(in: parts[index], for: structure, of: module)
            store(resolved, in: &parts[index])
        }
        return retained(type)
    }
}
