/// The slots of a pool, at most so many as it may have resources, and in each the state of one resource.
struct PoolSlots {
    /// What goes on in a slot.
    enum Phase: Int, CaseIterable, Sendable {
        /// There is no resource. Becomes `making`.
        case free
        /// The make hook runs. Becomes `idle`, `leased`, `closing` or `free`.
        case making
        /// The resource lies ready. Becomes `leased`, `validating` or `closing`.
        case idle
        /// The validate hook runs. Becomes `idle`, `leased` or `closing`.
        case validating
        /// Someone has borrowed the resource. Becomes `resetting`, `idle` or `closing`.
        case leased
        /// The reset hook runs. Becomes `idle`, `leased` or `closing`.
        case resetting
        /// The close hook runs. Becomes `free`.
        case closing
    }

    struct Slot {
        fileprivate(set) var phase = Phase.free
        /// The number of the use under way.
        fileprivate(set) var number: UInt64 = 0
        /// When something is to happen by itself.
        var due = PoolTime.never
        /// When the resource's life ends.
        var expires = PoolTime.never
        /// When the resource was last known to be good.
        var proven = PoolTime.start
        /// Since when nobody has borrowed it.
        var idleSince = PoolTime.start
        /// Who has borrowed it.
        var tenant = 0
        /// The slots behind and before it among the idle or, behind it, among the free.
        fileprivate var next = -1
        fileprivate var previous = -1
    }

    private let limit: Int
    private var slots: ContiguousArray<Slot> = []
    private var firstFree = -1
    private var counts = InlineArray<7, Int>(repeating: 0)
    /// The idle slot that was used last; -1 when there is none.
    private var firstIdle = -1

    init(limit: Int) {
        self.limit = limit
    }

    /// How many slots are not free.
    private(set) var used = 0
    var isFull: Bool { used >= limit }
    var indices: Range<Int> { slots.indices }

    /// The idle slot that was used last.
    var mostRecent: Int? { firstIdle < 0 ? nil : firstIdle }

    func count(_ phase: Phase) -> Int { counts[phase.rawValue] }

    subscript(slot: Int) -> Slot {
        get { slots[slot] }
        _modify { yield &slots[slot] }
    }

    func ticket(_ slot: Int) -> SlotTicket { SlotTicket(slot: slot, number: slots[slot].number) }

    /// Whether the use is still under way.
    func isCurrent(_ ticket: SlotTicket) -> Bool {
        slots.indices.contains(ticket.slot) && slots[ticket.slot].number == ticket.number
            && slots[ticket.slot].phase != .free && slots[ticket.slot].phase != .idle
    }

    /// A free slot, for a resource to be made in.
    mutating func open() -> Int? {
        guard !isFull else { return nil }
        var slot = firstFree
        if slot < 0 {
            slot = slots.count
            slots.append(Slot())
        } else {
            firstFree = slots[slot].next
        }
        used += 1
        counts[Phase.making.rawValue] += 1
        slots[slot] = Slot(phase: .making, number: slots[slot].number &+ 1)
        return slot
    }

    /// The slot goes over to a phase, and whoever used it before no longer does.
    mutating func move(_ slot: Int, to phase: Phase) {
        let former = slots[slot].phase
        if former == .idle { unlink(slot) }
        counts[former.rawValue] -= 1
        counts[phase.rawValue] += 1
        slots[slot].phase = phase
        slots[slot].number &+= 1
        if phase == .idle {
            slots[slot].next = firstIdle
            slots[slot].previous = -1
            if firstIdle >= 0 { slots[firstIdle].previous = slot }
            firstIdle = slot
        }
    }

    /// The slot has no resource any more.
    mutating func free(_ slot: Int) {
        if slots[slot].phase == .idle { unlink(slot) }
        counts[slots[slot].phase.rawValue] -= 1
        used -= 1
        slots[slot] = Slot(number: slots[slot].number &+ 1, next: firstFree)
        firstFree = slot
    }

    private mutating func unlink(_ slot: Int) {
        let (next, previous) = (slots[slot].next, slots[slot].previous)
        if previous >= 0 { slots[previous].next = next } else { firstIdle = next }
        if next >= 0 { slots[next].previous = previous }
    }
}
