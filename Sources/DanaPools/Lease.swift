import Synchronization

/// A borrowed resource. Whoever has it gives it back with `release`; one that is forgotten goes back when nobody holds
/// it any more, and is reported with the place where it was taken.
public final class Lease<Resource: Sendable>: Sendable {
    public let resource: Resource
    /// Where it was taken.
    public let place: PoolPlace

    private let driver: PoolDriver
    private let ticket: SlotTicket
    private let isOver = Atomic(false)

    init(_ loan: Loan, of driver: PoolDriver, place: PoolPlace) {
        resource = loan.held.value(as: Resource.self)
        ticket = loan.ticket
        self.driver = driver
        self.place = place
    }

    deinit {
        if !isOver.load(ordering: .acquiring) { driver.takeBackForgotten(ticket, place) }
    }

    /// Gives the resource back; nothing happens when that was done before.
    public func release() {
        end(.released)
    }

    /// Gives the resource back to be closed, because it is of no use any more.
    public func discard() {
        end(.discarded)
    }

    /// Whether it was given back.
    public var isReleased: Bool { isOver.load(ordering: .acquiring) }

    private func end(_ manner: PoolMachine.Return) {
        if !isOver.exchange(true, ordering: .acquiringAndReleasing) { driver.takeBack(ticket, manner) }
    }
}
