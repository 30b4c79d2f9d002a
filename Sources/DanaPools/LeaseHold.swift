import Synchronization

/// What all copies of a lease share: the loan, and whether it is over. Of no type, so that to lend costs the same
/// whatever is lent.
final class LeaseHold: Sendable {
    let loan: Loan
    let place: PoolPlace
    let isOver = Atomic(false)
    private let driver: PoolDriver

    init(_ loan: Loan, of driver: PoolDriver, place: PoolPlace) {
        self.loan = loan
        self.driver = driver
        self.place = place
    }

    deinit {
        if !isOver.load(ordering: .acquiring) { driver.takeBackForgotten(loan.ticket, place) }
    }

    func end(_ manner: PoolMachine.Return) {
        if !isOver.exchange(true, ordering: .acquiringAndReleasing) { driver.takeBack(loan.ticket, manner) }
    }
}
