/// A generator: the registers of a suspended call, and where it goes on.
struct GeneratorObject: HeapObject {
    enum State: UInt32 {
        case fresh, suspended, running, finished
    }

    struct Layout {
        /// Its `own` is the state.
        var header: ObjectHeader
        /// The function; null once finished.
        var function: Value
        /// The next instruction, counted from the code's first.
        var position: Int
        /// Registers behind the layout; all undefined while running and once finished.
        var count: Int
        var padding: Int
    }

    static let kind = ObjectKind.generator
    let at: UnsafeMutablePointer<Layout>

    var state: State {
        get { State(rawValue: at.pointee.header.own) ?? .finished }
        nonmutating set { at.pointee.header.own = newValue.rawValue }
    }

    /// Whether ending it here may leave a `finally` or a `with` undone.
    var needsClosing: Bool {
        state == .suspended && FunctionObject(at.pointee.function)?.code.pointee.hasHandlers ?? false
    }

    @inline(__always) var registers: UnsafeMutablePointer<Value> {
        // Safe because the registers follow the layout in the same block.
        UnsafeMutableRawPointer(at).advanced(by: MemoryLayout<Layout>.size).assumingMemoryBound(to: Value.self)
    }
}
