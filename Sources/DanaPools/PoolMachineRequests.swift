extension PoolMachine {
    /// What a request begins with.
    enum Request {
        /// The resource of this slot is lent.
        case granted(SlotTicket)
        /// The request is announced: `wait` follows.
        case announced(WaiterID)
        case refused(PoolError)
    }

    /// How an announced request goes on.
    enum Waiting {
        /// Its answer is to come, by an effect.
        case waits
        /// It was cancelled before.
        case cancelled
        case refused(PoolError)
    }

    /// The pool begins: what lies ready ahead of requests is made.
    mutating func begin(now: PoolTime) {
        settle(now)
    }

    /// Someone asks for a resource.
    mutating func request(tenant name: String?, priority: PoolPriority, now: PoolTime) -> Request {
        if let ticket = takeReady(tenant: name, now: now) { return .granted(ticket) }
        if let refusal = refusal(now) { return .refused(refused(refusal)) }
        return .announced(queue.announce(tenant: queue.tenant(name), priority: priority))
    }

    /// Someone asks for a resource that is ready; nobody who waits is passed over.
    mutating func takeReady(tenant name: String?, now: PoolTime) -> SlotTicket? {
        guard !isDraining, queue.eligible == 0 else { return nil }
        guard let slot = ready(at: now) else {
            if let slot = slots.mostRecent, coming == 0 { run(.validate, slot, now: now) }
            if limits.minIdle > 0 { settle(now) }
            return nil
        }
        let tenant = queue.tenant(name)
        guard queue.hasRoom(tenant) else {
            queue.drop(tenant)
            return nil
        }
        queue.lend(to: tenant)
        let ticket = lend(slot, to: tenant, now: now)
        if tellsTraffic { ask(.tell(.lent(waited: .zero))) }
        if limits.minIdle > 0 { settle(now) }
        return ticket
    }

    /// An announced request waits, if nothing speaks against it. What is ready is given to it at once, by an effect.
    mutating func wait(_ waiter: WaiterID, until deadline: PoolDeadline, now: PoolTime) -> Waiting {
        if let refusal = refusal(now) {
            queue.forget(waiter)
            return .refused(refused(refusal))
        }
        let deadline = deadline.time(from: now, standard: spans.acquisition)
        guard queue.wait(waiter, until: deadline, now: now) else {
            totals.cancelled += 1
            return .cancelled
        }
        wake(by: deadline)
        if tellsTraffic { ask(.tell(.waiting)) }
        settle(now)
        return .waits
    }

    /// A request is cancelled: true when it waited, and its driver has to tell it.
    mutating func cancel(_ waiter: WaiterID, now: PoolTime) -> Bool {
        guard queue.cancel(waiter) else { return false }
        totals.cancelled += 1
        ask(.tell(.cancelled))
        return true
    }

    /// How a borrower gives its resource back.
    enum Return {
        case released
        /// The resource is of no use any more.
        case discarded
        /// Nobody held the lease any more.
        case forgotten
    }

    /// A resource is given back; false when that had happened before, or the resource was taken away.
    mutating func giveBack(_ ticket: SlotTicket, _ manner: Return, now: PoolTime) -> Bool {
        guard slots.isCurrent(ticket), slots[ticket.slot].phase == .leased else { return false }
        queue.takeBack(from: slots[ticket.slot].tenant)
        totals.returned += 1
        if manner == .forgotten { totals.leaked += 1 }
        if tellsTraffic { ask(.tell(.returned)) }
        slots[ticket.slot].idleSince = now
        if manner == .discarded {
            close(ticket.slot, .discarded, now: now)
        } else if hooks.reset && !isDraining {
            run(.reset, ticket.slot, now: now)
        } else {
            slots[ticket.slot].proven = now
            rest(ticket.slot, now: now)
        }
        if queue.count > 0 || limits.minIdle > 0 || isDraining { settle(now) }
        return true
    }

    /// Why a request could not wait.
    private func refusal(_ now: PoolTime) -> PoolError? {
        if isDraining { return .closed(pool: name) }
        if breaker.phase == .open && !canHope(now) { return unavailable(now) }
        return queue.isFull ? .queueFull(pool: name, bound: limits.queueBound) : nil
    }

    private mutating func refused(_ error: PoolError) -> PoolError {
        totals.refused += 1
        ask(.tell(.failed(error)))
        return error
    }
}
