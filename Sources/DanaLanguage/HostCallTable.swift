/// The calls that wait for the host, each in a slot that later calls use again, so that most take no memory.
struct HostCallTable {
    /// A call that a fiber waits for.
    struct Pending {
        /// 0 for a slot that is free.
        var identifier: HostCall.Identifier = 0
        var request = HostCall.Request.operation(handle: 0, .call)
        var fiber: UnsafeMutablePointer<FiberState>?
        /// Which argument the answer replaces, after which the instruction runs again; nil when it is the result.
        var replaced: DrainTarget?
        /// What the operation works on, one reference, so that it lives until the answer; else undefined.
        var subject = Value.undefined
        /// What an end without an item gives, one reference; undefined for a StopIteration.
        var fallback = Value.undefined
        /// The type that the program declares for the answer, one reference, once it was asked for; else undefined.
        var expected = Value.undefined
        /// The positional arguments and those of the keywords, one reference each, and the keywords' names.
        var values: UnsafeMutablePointer<Value>?
        var capacity = 0
        var positionalCount = 0
        var keywordCount = 0

        var valueCount: Int { positionalCount + keywordCount }

        var call: HostCall {
            HostCall(
                identifier: identifier, request: request, values: UnsafePointer(values),
                positionalCount: positionalCount, keywordCount: keywordCount)
        }
    }

    private var slots: [UnsafeMutablePointer<Pending>] = []
    private var free: [Int] = []

    /// An identifier is the call's number and, in the low bits, its slot's.
    private static let slotBits = 20
    private static let firstCapacity = 8
    /// A slot that holds room for more values gives it back.
    private static let keptCapacity = 256

    var count: Int { slots.count - free.count }
    var isEmpty: Bool { count == 0 }

    /// The waiting calls, oldest first.
    var calls: HostCalls {
        if count == 1, let only = slots.first(where: { $0.pointee.identifier != 0 }) {
            return HostCalls(only.pointee.call)
        }
        return HostCalls(all.map(\.pointee.call))
    }

    /// Those that the fibers of one entry made.
    func calls(of entry: Int) -> HostCalls {
        if count == 1, let only = slots.first(where: { $0.pointee.identifier != 0 }),
            only.pointee.fiber?.pointee.entry == entry
        {
            return HostCalls(only.pointee.call)
        }
        return HostCalls(all.filter { $0.pointee.fiber?.pointee.entry == entry }.map(\.pointee.call))
    }

    /// The used slots, the oldest call's first.
    var all: [UnsafeMutablePointer<Pending>] {
        slots.filter { $0.pointee.identifier != 0 }.sorted { $0.pointee.identifier < $1.pointee.identifier }
    }

    /// The slot of a call that still waits.
    func find(_ identifier: HostCall.Identifier) -> UnsafeMutablePointer<Pending>? {
        let index = identifier & (1 << HostCallTable.slotBits - 1)
        guard identifier > 0, index < slots.count, slots[index].pointee.identifier == identifier else { return nil }
        return slots[index]
    }

    /// A slot for the call with this number, with room for values.
    mutating func take(number: Int, valueCount: Int, _ heap: Heap) throws(DanaError)
        -> UnsafeMutablePointer<Pending>
    {
        if free.isEmpty { addSlot() }
        guard let index = free.last, index < 1 << HostCallTable.slotBits else { throw .limit(.hostCalls) }
        try HostCallTable.reserve(valueCount, in: slots[index], heap)
        free.removeLast()
        slots[index].pointee.identifier = number << HostCallTable.slotBits | index
        return slots[index]
    }

    /// The slot that a saved call had; nil when it cannot be had.
    mutating func take(saved identifier: HostCall.Identifier, valueCount: Int, _ heap: Heap) throws(DanaError)
        -> UnsafeMutablePointer<Pending>?
    {
        let index = identifier & (1 << HostCallTable.slotBits - 1)
        guard identifier > 0 else { return nil }
        while slots.count <= index { addSlot() }
        guard let place = free.firstIndex(of: index) else { return nil }
        try HostCallTable.reserve(valueCount, in: slots[index], heap)
        free.remove(at: place)
        slots[index].pointee.identifier = identifier
        return slots[index]
    }

    /// Frees a slot and releases what the call held.
    mutating func giveBack(_ slot: UnsafeMutablePointer<Pending>, _ heap: Heap) {
        let index = slot.pointee.identifier & (1 << HostCallTable.slotBits - 1)
        if let values = slot.pointee.values {
            for number in 0..<slot.pointee.valueCount { heap.release(values[number]) }
        }
        heap.release(slot.pointee.subject)
        heap.release(slot.pointee.fallback)
        heap.release(slot.pointee.expected)
        slot.pointee.identifier = 0
        slot.pointee.fiber = nil
        slot.pointee.replaced = nil
        slot.pointee.subject = .undefined
        slot.pointee.fallback = .undefined
        slot.pointee.expected = .undefined
        slot.pointee.positionalCount = 0
        slot.pointee.keywordCount = 0
        if slot.pointee.capacity > HostCallTable.keptCapacity { HostCallTable.freeValues(of: slot, heap) }
        free.append(index)
    }

    /// Gives all memory back, and what calls hold that still wait.
    mutating func end(_ heap: Heap) {
        if slots.isEmpty { return }
        for slot in all { giveBack(slot, heap) }
        for slot in slots {
            HostCallTable.freeValues(of: slot, heap)
            slot.deinitialize(count: 1)
            slot.deallocate()
        }
        slots = []
        free = []
    }

    private mutating func addSlot() {
        let slot = UnsafeMutablePointer<Pending>.allocate(capacity: 1)
        slot.initialize(to: Pending())
        // The lowest free slot is the last: slots that were used before are used again first.
        free.insert(slots.count, at: 0)
        slots.append(slot)
    }

    private static func reserve(_ count: Int, in slot: UnsafeMutablePointer<Pending>, _ heap: Heap) throws(DanaError) {
        if count <= slot.pointee.capacity { return }
        let capacity = max(count, firstCapacity)
        let buffer = try heap.allocateBuffer(capacity * MemoryLayout<Value>.stride)
            .bindMemory(to: Value.self, capacity: capacity)
        freeValues(of: slot, heap)
        slot.pointee.values = buffer
        slot.pointee.capacity = capacity
    }

    private static func freeValues(of slot: UnsafeMutablePointer<Pending>, _ heap: Heap) {
        if let values = slot.pointee.values {
            heap.freeBuffer(values, bytes: slot.pointee.capacity * MemoryLayout<Value>.stride)
        }
        slot.pointee.values = nil
        slot.pointee.capacity = 0
    }
}
