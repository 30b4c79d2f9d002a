/// A borrowed resource. Whoever has it gives it back with `release`; one that is forgotten goes back when nobody holds
/// it any more, and is reported with the place where it was taken.
public struct Lease<Resource: Sendable>: Sendable {
    private let hold: LeaseHold

    init(_ loan: Loan, of driver: PoolDriver, place: PoolPlace) {
        hold = LeaseHold(loan, of: driver, place: place)
    }

    public var resource: Resource { hold.loan.held.value(as: Resource.self) }
    /// Where it was taken.
    public var place: PoolPlace { hold.place }
    /// Whether it was given back.
    public var isReleased: Bool { hold.isOver.load(ordering: .acquiring) }

    /// Gives the resource back; nothing happens when that was done before.
    public func release() { hold.end(.released) }

    /// Gives the resource back to be closed, because it is of no use any more.
    public func discard() { hold.end(.discarded) }
}
