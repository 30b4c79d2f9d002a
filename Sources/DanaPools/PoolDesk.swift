/// What a pool's driver keeps under its lock: the machine, and beside it what the machine knows by number only. It
/// turns the machine's effects into deeds that can be done without the lock.
struct PoolDesk: Sendable {
    typealias Answer = @Sendable (Result<Loan, any Error>) -> Void

    /// Something to be done outside the lock.
    enum Deed: Sendable {
        case answer(Answer, Result<Loan, any Error>)
        case run(PoolHook, SlotTicket, HeldResource?, HookRun)
        case cancel(HookRun)
        case letGo(HeldResource)
        case wake(PoolTime)
        case tell(PoolEvent)
        /// Nothing is left of the pool: the alarm has to stop, and who awaits it is called.
        case end([@Sendable () -> Void])
    }

    private struct Resident {
        var resource: HeldResource?
        var place: PoolPlace?
        var hook: HookRun?
    }

    private struct Waiter {
        let answer: Answer
        let place: PoolPlace
    }

    var machine: PoolMachine
    private var residents: ContiguousArray<Resident> = []
    private var waiters: ContiguousArray<Waiter?> = []
    private var drainWaiters: [@Sendable () -> Void] = []

    init(machine: PoolMachine) {
        self.machine = machine
    }

    /// How a request begins.
    enum Beginning {
        case granted(Loan)
        case announced(WaiterID)
        case refused(PoolError)
    }

    mutating func request(_ request: PoolRequest, now: PoolTime) -> Beginning {
        switch machine.request(tenant: request.tenant, priority: request.priority, now: now) {
        case .granted(let ticket):
            guard let loan = loan(ticket, request.place) else { return .refused(.closed(pool: machine.name)) }
            return .granted(loan)
        case .announced(let waiter): return .announced(waiter)
        case .refused(let error): return .refused(error)
        }
    }

    mutating func takeReady(_ request: PoolRequest, now: PoolTime) -> Loan? {
        machine.takeReady(tenant: request.tenant, now: now).flatMap { loan($0, request.place) }
    }

    mutating func wait(
        _ waiter: WaiterID, _ request: PoolRequest, now: PoolTime, answer: @escaping Answer
    ) -> PoolMachine.Waiting {
        while waiters.count <= waiter.index { waiters.append(nil) }
        waiters[waiter.index] = Waiter(answer: answer, place: request.place)
        let waiting = machine.wait(waiter, until: request.deadline, now: now)
        if case .waits = waiting { return waiting }
        waiters[waiter.index] = nil
        return waiting
    }

    /// Who has to be told that its request is cancelled.
    mutating func cancel(_ waiter: WaiterID, now: PoolTime) -> Answer? {
        machine.cancel(waiter, now: now) ? takeWaiter(waiter)?.answer : nil
    }

    /// The make hook has ended; false when its resource is not wanted any more.
    mutating func made(_ resource: HeldResource, _ ticket: SlotTicket, now: PoolTime) -> Bool {
        guard machine.slots.isCurrent(ticket) else { return false }
        residents[ticket.slot].resource = resource
        return machine.hookEnded(ticket, failure: nil, now: now)
    }

    /// Where a slot's resource was asked for.
    func place(_ slot: Int) -> PoolPlace? { residents.indices.contains(slot) ? residents[slot].place : nil }

    /// Calls back when the pool is drained; false when it is.
    mutating func awaitDrain(_ action: @escaping @Sendable () -> Void) -> Bool {
        if !machine.isDrained { drainWaiters.append(action) }
        return !machine.isDrained
    }

    /// What the machine's effects amount to; nil, which is cheaper than an empty array, when there are none.
    mutating func takeDeeds() -> [Deed]? {
        guard machine.hasEffects else { return nil }
        return machine.takeEffects().compactMap { deed($0) }
    }

    private mutating func deed(_ effect: PoolEffect) -> Deed? {
        switch effect {
        case .grant(let waiter, let ticket):
            guard let known = takeWaiter(waiter), let loan = loan(ticket, known.place) else { return nil }
            return .answer(known.answer, .success(loan))
        case .fail(let waiter, let error): return takeWaiter(waiter).map { .answer($0.answer, .failure(error)) }
        case .run(let hook, let ticket):
            while residents.count <= ticket.slot { residents.append(Resident()) }
            let run = HookRun()
            let resource = residents[ticket.slot].resource
            residents[ticket.slot] = Resident(resource: hook == .close ? nil : resource, hook: run)
            return .run(hook, ticket, resource, run)
        case .cancelHook(let ticket):
            defer { residents[ticket.slot].hook = nil }
            return residents[ticket.slot].hook.map { .cancel($0) }
        case .forget(let slot):
            defer { residents[slot] = Resident() }
            return residents[slot].resource.map { .letGo($0) }
        case .wake(let time): return .wake(time)
        case .tell(let event): return .tell(event)
        case .tellHeldLong(let ticket): return place(ticket.slot).map { .tell(.heldLong($0)) }
        case .drained:
            defer { drainWaiters = [] }
            return .end(drainWaiters)
        }
    }

    private mutating func loan(_ ticket: SlotTicket, _ place: PoolPlace) -> Loan? {
        guard let resource = residents[ticket.slot].resource else { return nil }
        residents[ticket.slot].place = place
        return Loan(held: resource, ticket: ticket)
    }

    private mutating func takeWaiter(_ waiter: WaiterID) -> Waiter? {
        guard waiters.indices.contains(waiter.index) else { return nil }
        defer { waiters[waiter.index] = nil }
        return waiters[waiter.index]
    }
}
