/// A module: named variables in slots that never move, so that linked code points at them.
struct ModuleObject: HeapObject {
    struct Slot {
        /// Interned.
        let name: Value
        /// Undefined while unassigned.
        var value: Value
        /// What a read finds when the module has no such variable: a core function or a built-in, else undefined.
        var fallback: Value
    }

    struct Layout {
        /// It is marked while the module's body still runs.
        var header: ObjectHeader
        var name: Value
        var slots: UnsafeMutablePointer<UnsafeMutablePointer<Slot>>?
        var count: Int
        var capacity: Int
        /// A dict from name to slot number.
        var numbers: Value
        /// The names that `export` gave, a set, or null when none did.
        var exports: Value
        var padding: Int
    }

    static let kind = ObjectKind.module
    let at: UnsafeMutablePointer<Layout>

    var count: Int { at.pointee.count }

    /// The slot with a number below `count`.
    @inline(__always) func slot(_ number: Int) -> UnsafeMutablePointer<Slot> {
        // Safe because a module with slots has a buffer, and callers stay below `count`.
        at.pointee.slots.unsafelyUnwrapped[number]
    }

    var name: String { StringObject(known: at.pointee.name).text }

    /// Gives each of two modules the variables of the other.
    func exchangeVariables(with other: ModuleObject) {
        swap(&at.pointee.slots, &other.at.pointee.slots)
        swap(&at.pointee.count, &other.at.pointee.count)
        swap(&at.pointee.capacity, &other.at.pointee.capacity)
        swap(&at.pointee.numbers, &other.at.pointee.numbers)
        swap(&at.pointee.exports, &other.at.pointee.exports)
    }
}

extension Heap {
    /// A module without variables; it retains the name.
    func module(name: Value) throws(DanaError) -> ModuleObject {
        let numbers = owned(try dict().value)
        let object = try allocate(ModuleObject.self)
        object.at.pointee.name = retained(name)
        object.at.pointee.slots = nil
        object.at.pointee.count = 0
        object.at.pointee.capacity = 0
        object.at.pointee.numbers = numbers.take()
        object.at.pointee.exports = .null
        return object
    }

    /// The slot of a variable that has one.
    func existingSlot(_ name: Value, of module: ModuleObject) throws(DanaError) -> UnsafeMutablePointer<
        ModuleObject.Slot
    >? {
        guard let number = try value(under: name, in: DictObject(known: module.at.pointee.numbers)) else { return nil }
        return module.slot(number.smallInteger)
    }

    /// The slot of a variable, made when there is none; the name is interned, the fallback borrowed.
    func slot(_ name: Value, of module: ModuleObject, fallback: Value) throws(DanaError)
        -> UnsafeMutablePointer<ModuleObject.Slot>
    {
        if let slot = try existingSlot(name, of: module) { return slot }
        let stride = MemoryLayout<UnsafeMutablePointer<ModuleObject.Slot>>.stride
        let (count, capacity) = (module.at.pointee.count, module.at.pointee.capacity)
        if count == capacity {
            let larger = max(capacity * 2, 8)
            module.at.pointee.slots = try resizeBuffer(
                module.at.pointee.slots, bytes: capacity * stride, used: count * stride, to: larger * stride
            ).assumingMemoryBound(to: UnsafeMutablePointer<ModuleObject.Slot>.self)
            module.at.pointee.capacity = larger
        }
        try set(retained(name), to: Value(small: count), in: DictObject(known: module.at.pointee.numbers))
        let slot = try allocateBuffer(MemoryLayout<ModuleObject.Slot>.size)
            .bindMemory(to: ModuleObject.Slot.self, capacity: 1)
        slot.initialize(to: ModuleObject.Slot(name: retained(name), value: .undefined, fallback: retained(fallback)))
        // Safe because the buffer was grown above.
        module.at.pointee.slots.unsafelyUnwrapped[count] = slot
        module.at.pointee.count = count + 1
        return slot
    }
}
