/// Decides everything in a pool, and does nothing: a plain value without a lock, a clock or a task. Each event is a
/// method that is told the time; what follows from it stands in `effects` for the driver to perform.
///
/// A resource and a permit are one thing, a slot: it is in exactly one phase, and there are never more than
/// `limits.maxSize`. Requests wait for any slot, not for a certain one: whichever comes first goes to whoever is next.
/// So a request that goes away leaves nothing to be undone, whatever is being made or checked on its behalf.
struct PoolMachine {
    let name: String
    let limits: PoolLimits
    let spans: PoolSpans
    let hooks: GivenHooks

    var slots: PoolSlots
    var queue: WaitQueue
    var breaker: CircuitBreaker
    /// Failures in a row to make a resource, and the earliest time of the next attempt.
    var makeFailures = 0
    var makesAgain = PoolTime.start
    var lastFailure: (any Error)?
    /// The end of the drain under way.
    var drainDeadline: PoolTime?
    var isDrained = false
    /// When the driver calls `tick` at the latest.
    var alarm = PoolTime.never
    var random: SplitMix
    var totals = PoolTotals()
    /// Whether leases and returns are told too.
    var tellsTraffic = false

    /// What the driver has to do.
    private var effects: [PoolEffect] = []

    init(name: String, limits: PoolLimits, hooks: GivenHooks, seed: UInt64) {
        self.name = name
        self.limits = limits
        self.hooks = hooks
        spans = PoolSpans(limits)
        slots = PoolSlots(limit: limits.maxSize)
        queue = WaitQueue(bound: limits.queueBound, ageing: spans.ageing, share: limits.maxPerTenant)
        breaker = CircuitBreaker(threshold: limits.breakerThreshold, pause: limits.breakerPause)
        random = SplitMix(seed: seed)
    }

    var isDraining: Bool { drainDeadline != nil }
    /// How many slots will be ready without anybody doing anything for it.
    var coming: Int { slots.count(.making) + slots.count(.validating) + slots.count(.resetting) }

    var hasEffects: Bool { !effects.isEmpty }

    /// Hands over what the driver has to do.
    mutating func takeEffects() -> [PoolEffect] {
        defer { effects = [] }
        return effects
    }

    mutating func ask(_ effect: PoolEffect) {
        effects.append(effect)
    }

    /// Something happens at this time.
    mutating func wake(by time: PoolTime) {
        guard time < alarm else { return }
        alarm = time
        ask(.wake(time))
    }

    /// Lends the slot, whose tenant the queue knows about.
    mutating func lend(_ slot: Int, to tenant: Int, now: PoolTime) -> SlotTicket {
        slots.move(slot, to: .leased)
        let due = now.later(by: spans.longLease)
        slots[slot].tenant = tenant
        slots[slot].due = due
        wake(by: due)
        totals.lent += 1
        return slots.ticket(slot)
    }

    /// An idle slot that can be lent as it is.
    mutating func ready(at now: PoolTime) -> Int? {
        while let slot = slots.mostRecent {
            if slots[slot].expires <= now {
                close(slot, .lifetime, now: now)
            } else if isStale(slot, at: now) {
                return nil
            } else {
                return slot
            }
        }
        return nil
    }

    /// Whether an idle resource has to be validated before it is lent.
    func isStale(_ slot: Int, at now: PoolTime) -> Bool {
        hooks.validate && now.since(slots[slot].proven) > spans.freshness
    }

    /// Brings what waits and what there is together: lends what is ready, has checked what is not, makes what is
    /// missing, and tells those whom nothing can help.
    mutating func settle(_ now: PoolTime) {
        while queue.eligible > 0, let slot = ready(at: now), let next = queue.next() {
            let waited = now - next.since
            totals.waited += 1
            totals.waitTime += waited
            totals.longestWait = max(totals.longestWait, waited)
            ask(.grant(next.waiter, lend(slot, to: next.tenant, now: now)))
            if tellsTraffic { ask(.tell(.lent(waited: waited))) }
        }
        if isDraining { return finishDrain() }
        while queue.eligible > coming, let slot = slots.mostRecent { run(.validate, slot, now: now) }
        grow(now)
        if breaker.phase == .open, queue.count > 0, !canHope(now) {
            for waiter in queue.removeAll() { refuse(waiter, unavailable(now)) }
        }
    }

    /// Whether a resource may come though making them fails: one that is there, or an attempt.
    func canHope(_ now: PoolTime) -> Bool {
        breaker.allows(at: now) || slots.used > slots.count(.closing)
    }

    /// Makes as many as are wanted and allowed.
    private mutating func grow(_ now: PoolTime) {
        var missing = queue.eligible + max(0, limits.minIdle - slots.count(.idle)) - coming
        while missing > 0, !slots.isFull {
            guard now >= makesAgain, breaker.phase == .closed || slots.count(.making) == 0, breaker.begin(at: now)
            else {
                if slots.count(.making) == 0 {
                    wake(by: max(makesAgain, breaker.phase == .open ? breaker.reopens : now))
                }
                return
            }
            guard let slot = slots.open() else { return }
            start(.make, slot, limit: spans.make, now: now)
            missing -= 1
        }
    }

    mutating func refuse(_ waiter: WaiterID, _ error: PoolError) {
        totals.refused += 1
        ask(.fail(waiter, error))
        ask(.tell(.failed(error)))
    }

    func unavailable(_ now: PoolTime) -> PoolError {
        .unavailable(pool: name, retryIn: breaker.reopens - now, cause: lastFailure)
    }

    var statistics: PoolStatistics {
        PoolStatistics(
            leased: slots.count(.leased), idle: slots.count(.idle), making: slots.count(.making),
            validating: slots.count(.validating), resetting: slots.count(.resetting), closing: slots.count(.closing),
            waiting: queue.count, breaker: breaker.phase, totals: totals)
    }
}
