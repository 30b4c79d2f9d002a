import Glibc

/// The memory of one interpreter: allocates objects and buffers, counts their bytes against the limit before it
/// allocates, counts references and destroys what nothing holds any more, without recursion.
///
/// It is a trivial handle; the `Interpreter` owns the state. An object must be fully initialised before the next
/// allocation, for any allocation may run the cycle collector, which reads every container.
struct Heap {
    let state: UnsafeMutablePointer<HeapState>

    /// `constructors` holds for each `BuiltInType` what calling it does, and outlives the heap.
    init(
        limits: Limits, clock: Clock?, cancellation: Cancellation, seed: UInt64,
        constructors: UnsafeMutablePointer<UnsafePointer<LinkedNative>?>
    ) {
        state = .reserved(1)
        state.initialize(
            to: HeapState(
                memoryLimit: limits.memory, outputLimit: limits.output, seed: seed,
                meter: Meter(limits: limits, clock: clock, cancellation: cancellation),
                common: CommonObjects(constructors: constructors)))
    }

    /// Frees the state. Whatever still lives is a leak, which `liveObjects` and `bytesInUse` told before.
    func end() {
        state.pointee.blocks.end()
        state.pointee.containers.giveBack()
        state.deinitialize(count: 1)
        state.giveBack()
    }

    var bytesInUse: Int { state.pointee.bytesInUse }
    var liveObjects: Int { state.pointee.liveObjects }

    /// How many bytes live, and in builds with assertions how many objects of which kinds.
    var census: String {
        #if DEBUG
            let kinds: [String] = ObjectKind.allCases.compactMap {
                let count = state.pointee.census[Int($0.rawValue)]
                return count == 0 ? nil : "\(count) \($0)"
            }
            return "\(bytesInUse) bytes; " + kinds.joined(separator: ", ")
        #else
            return "\(bytesInUse) bytes"
        #endif
    }

    // MARK: References

    @inline(__always) func retain(_ value: Value) {
        if value.isObject { retain(value.object) }
    }

    @inline(__always) func retain(_ object: UnsafeMutablePointer<ObjectHeader>) {
        assert(object.pointee.count > 0 && object.pointee.count < Heap.deadCount, "a dead object is retained")
        object.pointee.count &+= 1
    }

    /// Takes one reference away; the object is destroyed with its last.
    @inline(__always) func release(_ value: Value) {
        if value.isObject { release(value.object) }
    }

    @inline(__always) func release(_ object: UnsafeMutablePointer<ObjectHeader>) {
        assert(object.pointee.count > 0 && object.pointee.count < Heap.deadCount, "a dead object is released")
        let count = object.pointee.count &- 1
        object.pointee.count = count
        if count == 0 { destroy(object) }
    }

    @inline(__always) func retained(_ value: Value) -> Value {
        retain(value)
        return value
    }

    /// Takes over the reference that the value carries.
    @inline(__always) func owned(_ value: Value) -> Owned { Owned(value, heap: self) }

    /// What a destroyed object's count reads in builds with assertions.
    static let deadCount: UInt32 = 0xDEAD_0000

    // MARK: Ticks

    /// Charges ticks; natives call it with a 64th of the elements they visit, before or while they do.
    @inline(__always) func charge(_ ticks: Int) throws(DanaError) {
        state.pointee.meter.countdown &-= ticks
        if state.pointee.meter.countdown <= 0 { try lookAtMeter() }
    }

    @inline(never) private func lookAtMeter() throws(DanaError) {
        _ = try state.pointee.meter.look()
        if state.pointee.dead != nil { destroySomeDead() }
        if !state.pointee.abandoned.isEmpty { state.pointee.meter.lookSoon() }
    }

    // MARK: Allocation

    /// Memory for an object, its header written with one reference; the caller writes the rest at once.
    @inline(__always)
    func allocate<Object: HeapObject>(_: Object.Type, trailingBytes: Int = 0, own: UInt32 = 0)
        throws(DanaError) -> Object
    {
        let memory = try allocate(
            Object.kind, bytes: MemoryLayout<Object.Layout>.size &+ trailingBytes, own: own)
        // Safe because the block is fresh, large enough and aligned to 16.
        return Object(at: UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Object.Layout.self))
    }

    @inline(__always)
    private func allocate(_ kind: ObjectKind, bytes: Int, own: UInt32) throws(DanaError)
        -> UnsafeMutablePointer<ObjectHeader>
    {
        let units = BlockAllocator.units(bytes)
        let memory: UnsafeMutableRawPointer
        let isSmall = units <= BlockAllocator.largestUnits
        if isSmall {
            try account(units &* BlockAllocator.unit)
            memory = try given(state.pointee.blocks.small(units: units), units &* BlockAllocator.unit)
        } else {
            memory = try allocateLarge(bytes)
        }
        let object = memory.assumingMemoryBound(to: ObjectHeader.self)
        object.initialize(
            to: ObjectHeader(
                count: 1, kind: kind, flags: [], blockUnits: isSmall ? UInt16(truncatingIfNeeded: units) : 0,
                containerIndex: 0, own: own))
        state.pointee.liveObjects &+= 1
        #if DEBUG
            state.pointee.census[Int(kind.rawValue)] += 1
        #endif
        if kind.isContainer { state.pointee.track(object) }
        return object
    }

    /// A large object begins with its size, 16 bytes before its header.
    @inline(never) private func allocateLarge(_ bytes: Int) throws(DanaError) -> UnsafeMutableRawPointer {
        let whole = bytes &+ 16
        try account(whole)
        let memory = try given(malloc(whole), whole)
        memory.storeBytes(of: whole, as: Int.self)
        return memory + 16
    }

    /// Gives an object's own block back; its children and buffers are gone already.
    func free(_ object: UnsafeMutablePointer<ObjectHeader>) {
        state.pointee.liveObjects &-= 1
        let units = Int(object.pointee.blockUnits)
        #if DEBUG
            object.pointee.count = Heap.deadCount
            state.pointee.census[Int(object.pointee.kind.rawValue)] -= 1
        #endif
        if units > 0 {
            state.pointee.bytesInUse &-= units &* BlockAllocator.unit
            state.pointee.blocks.freeSmall(UnsafeMutableRawPointer(object), units: units)
        } else {
            let memory = UnsafeMutableRawPointer(object) - 16
            state.pointee.bytesInUse &-= memory.load(as: Int.self)
            Glibc.free(memory)
        }
    }

    /// A buffer of an object; whoever frees it must say the same number of bytes.
    func allocateBuffer(_ bytes: Int) throws(DanaError) -> UnsafeMutableRawPointer {
        let units = BlockAllocator.units(bytes)
        if units <= BlockAllocator.largestUnits {
            try account(units &* BlockAllocator.unit)
            return try given(state.pointee.blocks.small(units: units), units &* BlockAllocator.unit)
        }
        try account(bytes)
        return try given(malloc(bytes), bytes)
    }

    func freeBuffer(_ buffer: UnsafeMutableRawPointer, bytes: Int) {
        let units = BlockAllocator.units(bytes)
        if units <= BlockAllocator.largestUnits {
            state.pointee.bytesInUse &-= units &* BlockAllocator.unit
            state.pointee.blocks.freeSmall(buffer, units: units)
        } else {
            state.pointee.bytesInUse &-= bytes
            Glibc.free(buffer)
        }
    }

    /// The buffer with its first `used` bytes kept, in a larger or smaller block.
    func resizeBuffer(_ buffer: UnsafeMutableRawPointer?, bytes: Int, used: Int, to newBytes: Int) throws(DanaError)
        -> UnsafeMutableRawPointer
    {
        guard let buffer else { return try allocateBuffer(newBytes) }
        let smallest = BlockAllocator.largestUnits * BlockAllocator.unit
        if bytes > smallest && newBytes > smallest {
            try account(newBytes &- bytes)
            return try given(realloc(buffer, newBytes), newBytes &- bytes)
        }
        let larger = try allocateBuffer(newBytes)
        larger.copyMemory(from: buffer, byteCount: used)
        freeBuffer(buffer, bytes: bytes)
        return larger
    }

    /// Makes sure that `bytes` more would be granted, without taking them: natives ask before they build a result.
    func reserve(_ bytes: Int) throws(DanaError) {
        try account(bytes)
        state.pointee.bytesInUse &-= bytes
    }

    // MARK: The limit

    @inline(__always) private func account(_ bytes: Int) throws(DanaError) {
        let (sum, overflow) = state.pointee.bytesInUse.addingReportingOverflow(bytes)
        if overflow || sum > state.pointee.collectAt { try accountSlowly(bytes) }
        state.pointee.bytesInUse &+= bytes
    }

    /// Collects cycles when enough was allocated since the last time, and before the limit fails.
    @inline(never) private func accountSlowly(_ bytes: Int) throws(DanaError) {
        guard bytes >= 0, bytes <= state.pointee.memoryLimit else {
            if bytes < 0 { return }
            throw .limit(.memory)
        }
        try collectCycles()
        let inUse = state.pointee.bytesInUse
        if bytes > state.pointee.memoryLimit &- inUse { throw .limit(.memory) }
        state.pointee.collectAt = min(
            state.pointee.memoryLimit, max(inUse &* 2, inUse &+ HeapState.firstCollection))
    }

    /// Takes back what was accounted when the system had no memory to give.
    @inline(__always)
    private func given(_ memory: UnsafeMutableRawPointer?, _ bytes: Int) throws(DanaError) -> UnsafeMutableRawPointer {
        guard let memory else {
            state.pointee.bytesInUse &-= bytes
            throw .limit(.memory)
        }
        return memory
    }
}
