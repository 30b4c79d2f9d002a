/// The numbers given to objects, by their addresses.
struct AddressNumbers {
    private struct Slot {
        /// Zero for a free slot.
        var address: UInt
        var number: Int
    }

    /// As many as a power of two, at most half of them taken.
    private var slots: [Slot]
    private var count = 0

    /// With room for so many addresses; more may come.
    init(expecting count: Int) {
        var capacity = 64
        while capacity / 2 <= count { capacity *= 2 }
        slots = Array(repeating: Slot(address: 0, number: 0), count: capacity)
    }

    /// The number of an address; one that has none gets `next`.
    mutating func number(of address: UInt, next: Int) -> Int {
        if count * 2 >= slots.count { grow() }
        let slot = slot(of: address)
        if slots[slot].address == address { return slots[slot].number }
        slots[slot] = Slot(address: address, number: next)
        count += 1
        return next
    }

    /// Where an address stands, or would.
    private func slot(of address: UInt) -> Int {
        let mask = slots.count - 1
        // Objects lie 16 bytes apart.
        var slot = Int(truncatingIfNeeded: ((address >> 4) &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
        while slots[slot].address != 0, slots[slot].address != address { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(address: 0, number: 0), count: old.count * 2)
        for entry in old where entry.address != 0 { slots[slot(of: entry.address)] = entry }
    }
}
