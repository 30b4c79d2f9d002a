extension PoolMachine {
    /// Runs the validate or reset hook on a slot's resource.
    mutating func run(_ hook: PoolHook, _ slot: Int, now: PoolTime) {
        slots.move(slot, to: hook == .validate ? .validating : .resetting)
        start(hook, slot, limit: spans.check, now: now)
    }

    mutating func start(_ hook: PoolHook, _ slot: Int, limit: UInt64, now: PoolTime) {
        let due = now.later(by: limit)
        slots[slot].due = due
        wake(by: due)
        ask(.run(hook, slots.ticket(slot)))
    }

    /// A hook has ended; false when the pool no longer waited for it, and what it made is nobody's.
    mutating func hookEnded(_ ticket: SlotTicket, failure: (any Error)?, now: PoolTime) -> Bool {
        guard slots.isCurrent(ticket) else { return false }
        let slot = ticket.slot
        switch slots[slot].phase {
        case .free, .idle, .leased: return false
        case .making:
            if let failure { makeFailed(slot, failure, now: now) } else { made(slot, now: now) }
        case .validating:
            if failure != nil { close(slot, .invalid, now: now) } else { proved(slot, now: now) }
        case .resetting:
            if failure != nil { close(slot, .resetFailed, now: now) } else { proved(slot, now: now) }
        case .closing:
            if failure != nil { totals.closeFailures += 1 }
            slots.free(slot)
            ask(.tell(.closed))
        }
        settle(now)
        return true
    }

    private mutating func made(_ slot: Int, now: PoolTime) {
        let jitter = Double(spans.lifetime) * limits.lifetimeJitter * random.unit()
        slots[slot].expires = now.later(by: spans.lifetime - min(spans.lifetime, UInt64(jitter)))
        slots[slot].idleSince = now
        totals.made += 1
        ask(.tell(.made))
        makeFailures = 0
        makesAgain = .start
        lastFailure = nil
        if breaker.phase != .closed { ask(.tell(.breaker(.closed))) }
        breaker.succeed()
        proved(slot, now: now)
    }

    private mutating func proved(_ slot: Int, now: PoolTime) {
        slots[slot].proven = now
        rest(slot, now: now)
    }

    /// Making has failed: the slot is free, and the next attempt waits.
    mutating func makeFailed(_ slot: Int, _ failure: any Error, now: PoolTime) {
        slots.free(slot)
        guard !isDraining else { return breaker.withdraw() }
        totals.makeFailures += 1
        lastFailure = failure
        if now >= makesAgain {  // attempts that failed together count as one
            makeFailures += 1
            makesAgain = now + limits.makeBackoff.delay(failures: makeFailures, random: random.unit())
        }
        ask(.tell(.makeFailed(failure, delay: makesAgain - now)))
        if breaker.fail(at: now, random: random.unit()) { ask(.tell(.breaker(.open))) }
    }

    /// A resource that nobody uses lies down, if there is a future for it.
    mutating func rest(_ slot: Int, now: PoolTime) {
        if isDraining { return close(slot, .drained, now: now) }
        if slots[slot].expires <= now { return close(slot, .lifetime, now: now) }
        slots.move(slot, to: .idle)
        let due = idleDue(slot)
        slots[slot].due = due
        wake(by: due)
        if tellsTraffic { ask(.tell(.ready)) }
    }

    /// When something is to be done about an idle slot.
    func idleDue(_ slot: Int) -> PoolTime {
        let leaves = min(slots[slot].expires, slots[slot].idleSince.later(by: spans.idle))
        return hooks.validate ? min(leaves, slots[slot].proven.later(by: spans.idleCheck)) : leaves
    }

    /// Ends the slot's resource.
    mutating func close(_ slot: Int, _ why: PoolEvent.Ending, now: PoolTime) {
        totals.closed += 1
        ask(.tell(.closing(why)))
        if hooks.close {
            slots.move(slot, to: .closing)
            start(.close, slot, limit: spans.close, now: now)
        } else {
            ask(.forget(slot: slot))
            slots.free(slot)
            ask(.tell(.closed))
        }
    }
}
