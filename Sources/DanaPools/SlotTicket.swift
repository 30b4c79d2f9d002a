/// One use of a slot by a borrower or a hook. A slot's next use has another number, so that whoever comes late with an
/// old ticket is known.
struct SlotTicket: Hashable, Sendable {
    let slot: Int
    let number: UInt64
}
