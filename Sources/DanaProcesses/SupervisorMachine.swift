import DanaPools

/// The life of a process that is kept for those who need it, decided event by event: started when it is needed, again
/// when it has ended, and not for a while when that keeps happening. `Ready` is what a process that is ready offers. A
/// start has a number, and what is told of an earlier one is passed over.
package struct SupervisorMachine<Waiter, Ready> {
    private enum Phase {
        /// No process runs. Becomes `starting` when one is needed.
        case idle
        /// A process starts and these wait for it. Becomes `running`, or `idle` when it ends.
        case starting
        /// Becomes `idle` when it ends.
        case running(Ready)
        /// For ever.
        case closed
    }

    private var phase = Phase.idle
    private var waiters: [Int: Waiter] = [:]
    /// Who stopped waiting before the wait began.
    private var cancelled: Set<Int> = []
    private var number = 0
    private var lastFailure = ""
    private var intensity: RestartIntensity

    package init(intensity: RestartIntensity = RestartIntensity()) { self.intensity = intensity }

    package var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }

    /// Why there is nothing to use.
    package enum Refusal: Equatable {
        case cancelled
        case closed
        /// It ended too often, the last time for this reason; it may be started again in so long.
        case rests(String, Duration)
    }

    package enum Need {
        case use(Waiter, Ready)
        /// The waiter waits; when there is a number, start a process of this number.
        case wait(start: Int?)
        case refuse(Waiter, Refusal)
    }

    /// Somebody needs the process; `id` is theirs alone.
    package mutating func need(_ waiter: Waiter, id: Int, at now: PoolTime) -> Need {
        guard cancelled.remove(id) == nil else { return .refuse(waiter, .cancelled) }
        switch phase {
        case .closed: return .refuse(waiter, .closed)
        case .running(let ready): return .use(waiter, ready)
        case .starting:
            waiters[id] = waiter
            return .wait(start: nil)
        case .idle:
            if let rest = intensity.rest(at: now) { return .refuse(waiter, .rests(lastFailure, rest)) }
            waiters[id] = waiter
            phase = .starting
            number += 1
            return .wait(start: number)
        }
    }

    /// Starts ahead of need; the number, if there is something to start.
    package mutating func warm(at now: PoolTime) -> Int? {
        guard case .idle = phase, intensity.rest(at: now) == nil else { return nil }
        phase = .starting
        number += 1
        return number
    }

    /// Somebody stops waiting.
    package mutating func cancel(_ id: Int) -> Waiter? {
        guard let waiter = waiters.removeValue(forKey: id) else {
            cancelled.insert(id)
            return nil
        }
        return waiter
    }

    /// Whoever `id` was has its answer.
    package mutating func forget(_ id: Int) { cancelled.remove(id) }

    /// A process is ready; the answer is who waited.
    package mutating func ready(_ number: Int, _ ready: Ready) -> [Waiter] {
        guard case .starting = phase, number == self.number else { return [] }
        phase = .running(ready)
        return takeWaiters()
    }

    /// A process has ended; the answer is who waited for it in vain.
    package mutating func ended(_ number: Int, _ reason: String, at now: PoolTime, random: Double) -> [Waiter] {
        guard number == self.number else { return [] }
        switch phase {
        case .starting, .running:
            phase = .idle
            lastFailure = reason
            intensity.ended(at: now, random: random)
        case .idle, .closed: break
        }
        return takeWaiters()
    }

    /// Nothing is started any more; the answer is who waited.
    package mutating func close() -> [Waiter] {
        phase = .closed
        return takeWaiters()
    }

    private mutating func takeWaiters() -> [Waiter] {
        defer { waiters = [:] }
        return Array(waiters.values)
    }
}
