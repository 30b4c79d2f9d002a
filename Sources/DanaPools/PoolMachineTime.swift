extension PoolMachine {
    /// The alarm has rung, for whatever reason, and is not set any more: what was to happen by now happens.
    mutating func tick(now: PoolTime) {
        alarm = .never
        while let late = queue.nextExpired(at: now) {
            let error = PoolError.timedOut(pool: name, waited: now - late.since, cause: lastFailure)
            totals.timedOut += 1
            ask(.fail(late.waiter, error))
            ask(.tell(.failed(error)))
        }
        for slot in slots.indices where slots[slot].due <= now { overdue(slot, now: now) }
        if let deadline = drainDeadline, deadline <= now { force(now) }
        settle(now)
        wake(by: queue.earliestDeadline())
        for slot in slots.indices { wake(by: slots[slot].due) }
        if let deadline = drainDeadline, !isDrained, deadline > now { wake(by: deadline) }
    }

    private mutating func overdue(_ slot: Int, now: PoolTime) {
        let ticket = slots.ticket(slot)
        switch slots[slot].phase {
        case .free: break
        case .making:
            abandon(.make, ticket)
            makeFailed(slot, PoolError.hookTimedOut(pool: name, hook: .make, limit: limits.makeTimeout), now: now)
        case .validating:
            abandon(.validate, ticket)
            close(slot, .invalid, now: now)
        case .resetting:
            abandon(.reset, ticket)
            close(slot, .resetFailed, now: now)
        case .closing:
            abandon(.close, ticket)
            slots.free(slot)
        case .leased:
            slots[slot].due = .never
            ask(.tellHeldLong(ticket))
        case .idle: idleOverdue(slot, now: now)
        }
    }

    /// An idle resource has come to the end of its life or its rest, or is to be checked.
    private mutating func idleOverdue(_ slot: Int, now: PoolTime) {
        if slots[slot].expires <= now { return close(slot, .lifetime, now: now) }
        if slots[slot].idleSince.later(by: spans.idle) <= now {
            if slots.count(.idle) > limits.minIdle { return close(slot, .idle, now: now) }
            slots[slot].idleSince = now  // one of those that are to lie ready: its rest begins anew
        }
        if hooks.validate, slots[slot].proven.later(by: spans.idleCheck) <= now {
            run(.validate, slot, now: now)
        } else {
            slots[slot].due = idleDue(slot)
        }
    }

    /// The hook's end is no longer waited for.
    mutating func abandon(_ hook: PoolHook, _ ticket: SlotTicket) {
        totals.abandoned += 1
        ask(.cancelHook(ticket))
        ask(.tell(.abandoned(hook)))
    }

    // MARK: Drain

    /// The pool ends: nobody is lent anything any more, and what is idle is closed. Borrowers have until the deadline.
    mutating func drain(until deadline: PoolTime, now: PoolTime) {
        if !isDraining { ask(.tell(.draining)) }
        let deadline = min(deadline, drainDeadline ?? .never)
        drainDeadline = deadline
        for waiter in queue.removeAll() { refuse(waiter, .closed(pool: name)) }
        for slot in slots.indices {
            switch slots[slot].phase {
            case .idle: close(slot, .drained, now: now)
            case .making: ask(.cancelHook(slots.ticket(slot)))
            case .free, .validating, .leased, .resetting, .closing: break
            }
        }
        if deadline <= now { force(now) } else if !isDrained { wake(by: deadline) }
        settle(now)
    }

    /// The time of borrowers and hooks is over.
    private mutating func force(_ now: PoolTime) {
        for slot in slots.indices {
            let ticket = slots.ticket(slot)
            switch slots[slot].phase {
            case .free, .idle, .closing: break
            case .making:
                abandon(.make, ticket)
                slots.free(slot)
            case .validating:
                abandon(.validate, ticket)
                close(slot, .forced, now: now)
            case .resetting:
                abandon(.reset, ticket)
                close(slot, .forced, now: now)
            case .leased:
                queue.takeBack(from: slots[slot].tenant)
                totals.forced += 1
                close(slot, .forced, now: now)
            }
        }
    }

    /// Says once that nothing is left.
    mutating func finishDrain() {
        guard slots.used == 0, !isDrained else { return }
        isDrained = true
        ask(.tell(.drained(forced: totals.forced)))
        ask(.drained)
    }
}
