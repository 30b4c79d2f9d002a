/// The first sixteen bytes of every heap object.
struct ObjectHeader {
    var count: UInt32
    let kind: ObjectKind
    var flags: Flags
    /// The block's size in units of 16 bytes, or 0 for one that came from the system's allocator by itself.
    let blockUnits: UInt16
    /// The place in the heap's list of containers, for a kind that can be part of a cycle.
    var containerIndex: UInt32
    /// For the object's own use: a string keeps its capacity here, an iterator its form; what is hashed by identity
    /// its number.
    var own: UInt32

    struct Flags: OptionSet {
        let rawValue: UInt8

        /// The object waits in the heap's list of the dead.
        static let dying = Flags(rawValue: 1)
        /// The string is in the heap's table of names, compared by identity.
        static let interned = Flags(rawValue: 2)
        /// The object is never counted down to nothing: it lives as long as its heap.
        static let immortal = Flags(rawValue: 4)
        /// A frozen set, a finished generator, a module still being run: what the kind says.
        static let marked = Flags(rawValue: 8)
    }
}

/// A typed view of one heap object's memory. Copying a view copies no reference.
protocol HeapObject {
    /// The memory's layout, which begins with an `ObjectHeader`.
    associatedtype Layout
    static var kind: ObjectKind { get }
    var at: UnsafeMutablePointer<Layout> { get }
    init(at: UnsafeMutablePointer<Layout>)
}

extension HeapObject {
    /// The view of an object already known to be of this kind.
    @inline(__always) init(known value: Value) {
        // Safe because the caller looked at the kind, and each kind has one layout.
        self.init(at: UnsafeMutableRawPointer(value.object).assumingMemoryBound(to: Layout.self))
    }

    /// Nil when the value is not an object of this kind.
    @inline(__always) init?(_ value: Value) {
        guard value.isObject(Self.kind) else { return nil }
        self.init(known: value)
    }

    @inline(__always) var header: UnsafeMutablePointer<ObjectHeader> {
        // Safe because every layout begins with its header.
        UnsafeMutableRawPointer(at).assumingMemoryBound(to: ObjectHeader.self)
    }

    @inline(__always) var value: Value { Value(object: header) }
}
