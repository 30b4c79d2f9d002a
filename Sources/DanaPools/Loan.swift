/// A lent resource and the slot it belongs to.
struct Loan: Sendable {
    let held: HeldResource
    let ticket: SlotTicket
}
