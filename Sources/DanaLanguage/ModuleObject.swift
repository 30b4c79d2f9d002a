/// A module: named variables in numbered slots, so that linked code reads them by number.
struct ModuleObject: HeapObject {
    struct Slot {
        var name: Value
        /// Undefined while unassigned.
        var value: Value
        /// What a read finds when the module has no such variable: a core function or a built-in, else undefined.
        var fallback: Value
    }

    struct Layout {
        /// It is marked while the module's body still runs.
        var header: ObjectHeader
        var name: Value
        var slots: UnsafeMutablePointer<Slot>?
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

    @inline(__always) var slots: UnsafeMutablePointer<Slot> {
        // Safe because linked code holds only numbers of slots that the module gave out.
        at.pointee.slots.unsafelyUnwrapped
    }
}
