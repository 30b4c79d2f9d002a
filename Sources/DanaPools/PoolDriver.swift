import Glibc
import Synchronization

/// Does what a pool's machine decides: holds it under one lock, tells it what happens and when, and performs what it
/// asks for outside the lock. It lives until the pool is drained, held by its alarm: no weak reference to it is needed,
/// which would make each retain slower.
///
/// Cancelling works at once on the canceller's thread, which is why this is a class with a lock and no actor.
final class PoolDriver: Sendable {
    let name: String
    let limits: PoolLimits

    private let hooks: PoolHooks<HeldResource>
    private let clock: any PoolClock
    private let alarm: any PoolAlarm
    private let desk: Mutex<PoolDesk>
    private let listeners = PoolListeners()

    init(
        name: String, limits: PoolLimits, hooks: PoolHooks<HeldResource>, clock: any PoolClock, seed: UInt64
    ) throws(PoolError) {
        try limits.check()
        self.name = name
        self.limits = limits
        self.hooks = hooks
        self.clock = clock
        alarm = clock.makeAlarm()
        desk = Mutex(PoolDesk(machine: PoolMachine(name: name, limits: limits, hooks: hooks.given, seed: seed)))
    }

    /// Makes what is to lie ready; listeners that are to know of it are there before.
    func begin() {
        step { desk, now in desk.machine.begin(now: now) }
    }

    // MARK: Lending

    /// A resource for a task, when it comes.
    nonisolated(nonsending) func borrow(_ request: PoolRequest) async throws -> Loan {
        try Task.checkCancellation()
        switch begin(request) {
        case .granted(let loan): return loan
        case .refused(let error): throw error
        case .announced(let waiter):
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    wait(waiter, request) { continuation.resume(with: $0) }
                }
            } onCancel: {
                let answer = step { desk, now in desk.cancel(waiter, now: now) }
                answer?(.failure(CancellationError()))
            }
        }
    }

    /// A resource for a thread, which is blocked until it comes.
    func borrowBlocking(_ request: PoolRequest) throws -> Loan {
        switch begin(request) {
        case .granted(let loan): return loan
        case .refused(let error): throw error
        case .announced(let waiter):
            let answer = Monitor<Result<Loan, any Error>?>(nil)
            wait(waiter, request) { result in answer.change { $0 = result } }
            return try answer.wait { $0 }.get()
        }
    }

    /// A resource that is ready.
    func takeReady(_ request: PoolRequest) -> Loan? {
        step { desk, now in desk.takeReady(request, now: now) }
    }

    private func begin(_ request: PoolRequest) -> PoolDesk.Beginning {
        step { desk, now in desk.request(request, now: now) }
    }

    private func wait(_ waiter: WaiterID, _ request: PoolRequest, answer: @escaping PoolDesk.Answer) {
        switch step({ desk, now in desk.wait(waiter, request, now: now, answer: answer) }) {
        case .waits: break
        case .cancelled: answer(.failure(CancellationError()))
        case .refused(let error): answer(.failure(error))
        }
    }

    func takeBack(_ ticket: SlotTicket, _ manner: PoolMachine.Return) {
        step { desk, now in _ = desk.machine.giveBack(ticket, manner, now: now) }
    }

    func takeBackForgotten(_ ticket: SlotTicket, _ place: PoolPlace) {
        guard step({ desk, now in desk.machine.giveBack(ticket, .forgotten, now: now) }) else { return }
        if listeners.tell(.leaked(place)) { return }
        let line = Array("pool '\(name)': a lease taken at \(place) was not released\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
    }

    // MARK: End

    nonisolated(nonsending) func drain(within time: Duration) async {
        beginDrain(within: time)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAhead = step { desk, _ in desk.awaitDrain { continuation.resume() } }
                if !isAhead { continuation.resume() }
            }
        } onCancel: {
            beginDrain(within: .zero)
        }
    }

    func beginDrain(within time: Duration) {
        step { desk, now in desk.machine.drain(until: now + time, now: now) }
    }

    func drainBlocking(within time: Duration) {
        beginDrain(within: time)
        let isDrained = Monitor(false)
        let isAhead = step { desk, _ in desk.awaitDrain { isDrained.change { $0 = true } } }
        if isAhead { isDrained.wait { $0 ? () : nil } }
    }

    // MARK: Figures and events

    var statistics: PoolStatistics { desk.withLock { $0.machine.statistics } }

    func listen(
        _ listener: @escaping @Sendable (PoolEvent) -> Void, ended: (@Sendable () -> Void)? = nil
    ) -> Int {
        let number = listeners.add(listener, ended: ended)
        desk.withLock { $0.machine.tellsTraffic = !listeners.isEmpty }
        return number
    }

    func ignore(_ number: Int) {
        listeners.remove(number)
        desk.withLock { $0.machine.tellsTraffic = !listeners.isEmpty }
    }

    // MARK: Doing what the machine says

    /// Lets the machine decide under the lock, and does what it asks for.
    private func step<Answer>(_ event: (inout PoolDesk, PoolTime) -> Answer) -> Answer {
        let now = clock.now
        let (answer, deeds) = desk.withLock { desk in
            let answer = event(&desk, now)
            return (answer, desk.takeDeeds())
        }
        if let deeds { for deed in deeds { perform(deed) } }
        return answer
    }

    private func perform(_ deed: PoolDesk.Deed) {
        switch deed {
        case .answer(let answer, let result): answer(result)
        case .run(let hook, let ticket, let resource, let run):
            run.begin(
                Task.detached(executorPreference: hooks.executor) { await self.carryOut(hook, ticket, resource) })
        case .cancel(let run): run.cancel()
        case .letGo: break  // with the deed
        case .wake(let time):
            alarm.ring(by: time) { self.step { desk, now in desk.machine.tick(now: now) } }
        case .tell(let event): _ = listeners.tell(event)
        case .end(let actions):
            alarm.stop()
            listeners.end()
            for action in actions { action() }
        }
    }

    /// Runs a hook and tells the machine how it ended.
    private func carryOut(_ hook: PoolHook, _ ticket: SlotTicket, _ resource: HeldResource?) async {
        do {
            if hook != .close { try Task.checkCancellation() }  // what is abandoned before it begins stays undone
            switch (hook, resource) {
            case (.make, _):
                let resource = try await hooks.make()
                let isWanted = step { desk, now in desk.made(resource, ticket, now: now) }
                if !isWanted { try await hooks.close?(resource) }
                return
            case (.validate, let resource?): try await hooks.validate?(resource)
            case (.reset, let resource?): try await hooks.reset?(resource)
            case (.close, let resource?): try await hooks.close?(resource)
            case (_, nil): break
            }
            step { desk, now in _ = desk.machine.hookEnded(ticket, failure: nil, now: now) }
        } catch {
            step { desk, now in _ = desk.machine.hookEnded(ticket, failure: error, now: now) }
        }
    }
}
