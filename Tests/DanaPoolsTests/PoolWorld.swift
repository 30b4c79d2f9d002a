@testable import DanaPools

/// A pool's machine with everything around it as plain values: who waits, who has borrowed what, which hooks run. It
/// performs the machine's effects, keeps its own account of them, and finds fault with whatever does not agree.
struct PoolWorld {
    struct Waiter: Hashable {
        let id: WaiterID
        let tenant: String?
        let priority: PoolPriority
        var since = PoolTime.start
        var deadline = PoolTime.never
    }

    struct Hook: Hashable {
        let kind: PoolHook
        let ticket: SlotTicket
        let due: PoolTime
        var isAbandoned = false
    }

    struct Borrower: Hashable {
        let ticket: SlotTicket
        let tenant: String?
    }

    private struct Round: Hashable {
        let priority: PoolPriority
        let waiting: String
        let served: String
    }

    var machine: PoolMachine
    var now = PoolTime.start
    var announced: [Waiter] = []
    var withdrawn: [Waiter] = []
    var waiting: [Waiter] = []
    var borrowers: [Borrower] = []
    /// Leases that are over, to be released again.
    var past: [SlotTicket] = []
    var hooks: [Hook] = []
    /// The slots in which there is a resource.
    var alive: Set<Int> = []
    var alarm = PoolTime.never
    var isDrained = false
    var faults: [String] = []
    var steps = 0
    /// How often, in a row, one tenant was served while another waited for its turn in the same priority.
    private var overtakings: [Round: Int] = [:]

    init(limits: PoolLimits, hooks: GivenHooks, seed: UInt64) {
        machine = PoolMachine(name: "world", limits: limits, hooks: hooks, seed: seed)
        step { machine, now in machine.begin(now: now) }
    }

    // MARK: Events

    mutating func request(tenant: String?, priority: PoolPriority) {
        let answer = step { machine, now in machine.request(tenant: tenant, priority: priority, now: now) }
        switch answer {
        case .granted(let ticket): lent(ticket, tenant)
        case .announced(let id): announced.append(Waiter(id: id, tenant: tenant, priority: priority))
        case .refused: break
        }
        check()
    }

    mutating func take(tenant: String?) {
        if let ticket = step({ machine, now in machine.takeReady(tenant: tenant, now: now) }) { lent(ticket, tenant) }
        check()
    }

    mutating func wait(_ index: Int, _ deadline: PoolDeadline) {
        var waiter = announced.remove(at: index)
        waiter.since = now
        waiter.deadline = deadline.time(from: now, standard: machine.spans.acquisition)
        let wasWithdrawn = withdrawn.contains { $0.id == waiter.id }
        withdrawn.removeAll { $0.id == waiter.id }
        waiting.append(waiter)
        let answer = step { machine, now in machine.wait(waiter.id, until: deadline, now: now) }
        switch answer {
        case .waits: demand(!wasWithdrawn, "a withdrawn request waits")
        case .cancelled:
            demand(wasWithdrawn, "a request was cancelled by nobody")
            waiting.removeAll { $0.id == waiter.id }
        case .refused: waiting.removeAll { $0.id == waiter.id }
        }
        check()
    }

    mutating func cancelAnnounced(_ index: Int) {
        let waiter = announced[index]
        demand(!step { machine, now in machine.cancel(waiter.id, now: now) }, "an announced request was cancelled")
        if !withdrawn.contains(waiter) { withdrawn.append(waiter) }
        check()
    }

    mutating func cancelWaiting(_ index: Int) {
        let waiter = waiting.remove(at: index)
        demand(step { machine, now in machine.cancel(waiter.id, now: now) }, "a waiting request was not cancelled")
        demand(!step { machine, now in machine.cancel(waiter.id, now: now) }, "a request was cancelled twice")
        check()
    }

    mutating func giveBack(_ index: Int, _ manner: PoolMachine.Return) {
        let ticket = borrowers.remove(at: index).ticket
        past.append(ticket)
        if past.count > 20 { past.removeFirst() }
        demand(step { machine, now in machine.giveBack(ticket, manner, now: now) }, "a lease was not released")
        check()
    }

    mutating func giveBackAgain(_ index: Int) {
        let ticket = past[index]
        demand(!step { machine, now in machine.giveBack(ticket, .released, now: now) }, "a lease was released twice")
        check()
    }

    mutating func endHook(_ index: Int, failure: (any Error)?) {
        let hook = hooks.remove(at: index)
        if !hook.isAbandoned {
            if hook.kind == .make && failure == nil { alive.insert(hook.ticket.slot) }
            if hook.kind == .close { alive.remove(hook.ticket.slot) }
        }
        let isAccepted = step { machine, now in machine.hookEnded(hook.ticket, failure: failure, now: now) }
        demand(isAccepted != hook.isAbandoned, "\(hook) ended, accepted: \(isAccepted)")
        if isAccepted && failure == nil && hook.kind != .close && eligible > 0 {
            let phase = machine.slots[hook.ticket.slot].phase
            demand(phase != .idle && phase != .validating, "after \(hook) a slot is \(phase)")
        }
        check()
    }

    mutating func advance(to time: PoolTime) {
        now = max(now, time)
        if alarm <= now {
            alarm = .never
            step { machine, now in machine.tick(now: now) }
        }
        check()
    }

    /// The alarm rings before its time, as it does when it was set for something that went away.
    mutating func ringEarly() {
        alarm = .never
        step { machine, now in machine.tick(now: now) }
        check()
    }

    mutating func drain(within span: Duration) {
        step { machine, now in machine.drain(until: now + span, now: now) }
        check()
    }

    // MARK: Effects

    @discardableResult
    private mutating func step<Answer>(_ event: (inout PoolMachine, PoolTime) -> Answer) -> Answer {
        steps += 1
        let answer = event(&machine, now)
        var cancelled: SlotTicket?
        for effect in machine.takeEffects() {
            switch effect {
            case .grant(let id, let ticket): granted(id, ticket)
            case .fail(let id, _):
                demand(waiting.contains { $0.id == id }, "a request failed that does not wait")
                waiting.removeAll { $0.id == id }
            case .run(let hook, let ticket): ran(hook, ticket)
            case .cancelHook(let ticket): cancelled = ticket
            case .tell(.abandoned(let kind)):
                guard let index = hooks.firstIndex(where: { $0.ticket == cancelled && $0.kind == kind }) else {
                    faults.append("a hook was abandoned that does not run")
                    continue
                }
                hooks[index].isAbandoned = true
                if kind == .close { alive.remove(hooks[index].ticket.slot) }
            case .forget(let slot):
                demand(alive.remove(slot) != nil, "slot \(slot) has no resource to let go of")
                revoke(slot)
            case .wake(let time): alarm = min(alarm, time)
            case .tell, .tellHeldLong: break
            case .drained:
                demand(!isDrained, "drained twice")
                isDrained = true
            }
        }
        return answer
    }

    private mutating func lent(_ ticket: SlotTicket, _ tenant: String?) {
        demand(alive.contains(ticket.slot), "slot \(ticket.slot) was lent without a resource")
        demand(!borrowers.contains { $0.ticket.slot == ticket.slot }, "slot \(ticket.slot) was lent twice")
        demand(!hooks.contains { $0.ticket.slot == ticket.slot && !$0.isAbandoned }, "a slot was lent under a hook")
        borrowers.append(Borrower(ticket: ticket, tenant: tenant))
    }

    private mutating func granted(_ id: WaiterID, _ ticket: SlotTicket) {
        guard let index = waiting.firstIndex(where: { $0.id == id }) else {
            return faults.append("a request was granted that does not wait")
        }
        let waiter = waiting.remove(at: index)
        let lane = waiting.filter { $0.tenant == waiter.tenant && $0.priority == waiter.priority }
        demand(!lane.contains { $0.id.number < id.number && $0.since < waiter.since }, "a request overtook its like")
        if !waiting.contains(where: { $0.tenant != waiter.tenant }) {
            demand(!waiting.contains { rank($0) < rank(waiter) }, "a request overtook one that is more urgent or older")
        }
        countOvertakings(by: waiter)
        lent(ticket, waiter.tenant)
    }

    private func rank(_ waiter: Waiter) -> PoolTime {
        let below = UInt64(PoolPriority.high.rawValue - waiter.priority.rawValue)
        return waiter.since.later(by: machine.spans.ageing * below)
    }

    /// While a tenant waits and may have more, no other is served twice in its priority.
    private mutating func countOvertakings(by winner: Waiter) {
        let served = winner.tenant ?? ""
        overtakings = overtakings.filter { $0.key.priority != winner.priority || $0.key.waiting != served }
        let rivals = waiting.filter {
            $0.priority == winner.priority && $0.tenant != winner.tenant && room($0.tenant) > 0
        }
        for other in Set(rivals.map { $0.tenant ?? "" }) {
            let round = Round(priority: winner.priority, waiting: other, served: served)
            overtakings[round, default: 0] += 1
            demand(overtakings[round] == 1, "tenant '\(served)' was served twice before '\(other)'")
        }
    }

    /// Who no longer waits, or has as much as it may, begins anew.
    private mutating func forgetOvertakings() {
        guard !overtakings.isEmpty else { return }
        overtakings = overtakings.filter { round, _ in
            waiting.contains {
                $0.priority == round.priority && ($0.tenant ?? "") == round.waiting && room($0.tenant) > 0
            }
        }
    }

    private mutating func ran(_ kind: PoolHook, _ ticket: SlotTicket) {
        let limit: UInt64 =
            switch kind {
            case .make: machine.spans.make
            case .validate, .reset: machine.spans.check
            case .close: machine.spans.close
            }
        demand(alive.contains(ticket.slot) != (kind == .make), "\(kind) runs on slot \(ticket.slot)")
        demand(!hooks.contains { $0.ticket.slot == ticket.slot && !$0.isAbandoned }, "two hooks run on one slot")
        hooks.append(Hook(kind: kind, ticket: ticket, due: now.later(by: limit)))
        if kind == .close { revoke(ticket.slot) }
        demand(!borrowers.contains { $0.ticket.slot == ticket.slot }, "\(kind) runs on a lent resource")
    }

    /// A slot's resource is closed; if somebody has it, only the end of a drain allows that.
    private mutating func revoke(_ slot: Int) {
        for borrower in borrowers where borrower.ticket.slot == slot {
            demand(machine.drainDeadline.map { $0 <= now } ?? false, "a lent resource was closed")
            past.append(borrower.ticket)
        }
        borrowers.removeAll { $0.ticket.slot == slot }
    }

    // MARK: Checks

    private mutating func demand(_ holds: Bool, _ fault: @autoclosure () -> String) {
        if !holds { faults.append("step \(steps): \(fault())") }
    }

    private func room(_ tenant: String?) -> Int {
        guard let tenant, let share = machine.limits.maxPerTenant else { return .max }
        return share - borrowers.count { $0.tenant == tenant }
    }

    /// How many who wait could be lent something.
    private var eligible: Int {
        Dictionary(grouping: waiting, by: \.tenant).reduce(0) { $0 + min($1.value.count, room($1.key)) }
    }

    private mutating func check() {
        let figures = machine.statistics
        let running = { [hooks] (kind: PoolHook) in hooks.count { $0.kind == kind && !$0.isAbandoned } }
        demand(figures.size <= machine.limits.maxSize, "\(figures.size) resources")
        let (borrowing, living, queueing) = (borrowers.count, alive.count, waiting.count)
        demand(figures.leased == borrowing, "\(figures.leased) leased, \(borrowing) borrowers")
        demand(figures.making == running(.make), "\(figures.making) making, \(running(.make)) hooks")
        demand(figures.validating == running(.validate), "validating \(figures.validating)")
        demand(figures.resetting == running(.reset), "resetting \(figures.resetting)")
        demand(figures.closing == running(.close), "closing \(figures.closing)")
        demand(figures.size - figures.making == living, "\(living) resources in \(figures)")
        demand(figures.waiting == queueing, "\(figures.waiting) wait, not \(queueing)")
        demand(figures.waiting <= machine.limits.queueBound, "the queue is longer than it may")
        let totals = figures.totals
        demand(totals.lent == totals.returned + totals.forced + borrowing, "leases do not add up: \(totals)")
        checkProgress(figures)
        checkAlarm()
        forgetOvertakings()
        demand(!machine.isDraining || figures.idle == 0, "something lies idle in a pool that is being drained")
        if isDrained {
            demand(figures.size == 0 && waiting.isEmpty && borrowers.isEmpty, "something is left of a drained pool")
        }
    }

    /// Nobody waits in vain: what can serve is under way, or a time is set.
    private mutating func checkProgress(_ figures: PoolStatistics) {
        let eligible = eligible
        let counted = machine.queue.eligible
        demand(counted == eligible, "\(counted) eligible, not \(eligible)")
        let coming = figures.making + figures.validating + figures.resetting
        demand(eligible <= coming || figures.idle == 0, "\(eligible) wait beside \(figures.idle) idle resources")
        let wanted = eligible + max(0, machine.limits.minIdle - figures.idle)
        guard wanted > coming, figures.size < machine.limits.maxSize, !machine.isDraining else { return }
        let attempt = max(machine.makesAgain, machine.breaker.reopens)
        demand(figures.making > 0 || alarm <= max(attempt, now), "nobody makes the \(wanted) that are wanted")
        guard eligible > coming else { return }
        if machine.breaker.phase == .open && now < machine.breaker.reopens {
            demand(figures.size > figures.closing, "requests wait though nothing can come")
        }
    }

    /// The machine is woken for whatever it has to see to.
    private mutating func checkAlarm() {
        guard alarm > now else { return }
        for waiter in waiting { demand(alarm <= waiter.deadline, "nobody wakes for a deadline") }
        for hook in hooks where !hook.isAbandoned { demand(alarm <= hook.due, "nobody wakes for a hook's end") }
        for slot in machine.slots.indices where machine.slots[slot].phase == .idle {
            demand(alarm <= machine.idleDue(slot), "nobody wakes for an idle resource")
        }
    }
}
