/// A request that waits or is about to: its place in the queue's memory, and a number no other request has.
struct WaiterID: Hashable, Sendable {
    let index: Int
    let number: UInt64
}
