import DanaPools

/// The life of the engine's process, decided event by event: started when it is needed, again when it has ended, and
/// not for a while when that keeps happening. A start has a number, and what is told of an earlier one is passed over.
struct EngineMachine<Waiter> {
    private enum Phase {
        /// No process runs. Becomes `starting` when one is needed.
        case idle
        /// A process starts and these wait for it. Becomes `running`, or `idle` when it ends.
        case starting
        /// Becomes `idle` when it ends.
        case running(ModelEndpoint)
        /// For ever.
        case closed
    }

    private var phase = Phase.idle
    private var waiters: [Int: Waiter] = [:]
    /// Who stopped waiting before the wait began.
    private var cancelled: Set<Int> = []
    private var number = 0
    private var lastFailure = ""
    private var breaker: CircuitBreaker

    init(breaker: CircuitBreaker = CircuitBreaker(threshold: 3, pause: Backoff(base: .seconds(2), cap: .seconds(60)))) {
        self.breaker = breaker
    }

    var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }

    enum Need {
        case use(Waiter, ModelEndpoint)
        /// The waiter waits; when there is a number, start a process of this number.
        case wait(start: Int?)
        case fail(Waiter, ModelError.Code, String)
    }

    /// Somebody needs the engine; `id` is theirs alone.
    mutating func need(_ waiter: Waiter, id: Int, at now: PoolTime) -> Need {
        guard cancelled.remove(id) == nil else { return .fail(waiter, .cancelled, "the call was cancelled") }
        switch phase {
        case .closed: return .fail(waiter, .noModelLeft, "the embedded model is closed")
        case .running(let endpoint): return .use(waiter, endpoint)
        case .starting:
            waiters[id] = waiter
            return .wait(start: nil)
        case .idle:
            guard breaker.begin(at: now) else {
                return .fail(
                    waiter, .configuration,
                    "the engine ended again and again and is not started for a while: \(lastFailure)")
            }
            waiters[id] = waiter
            phase = .starting
            number += 1
            return .wait(start: number)
        }
    }

    /// Starts ahead of need; the number, if there is something to start.
    mutating func warm(at now: PoolTime) -> Int? {
        guard case .idle = phase, breaker.begin(at: now) else { return nil }
        phase = .starting
        number += 1
        return number
    }

    /// Somebody stops waiting.
    mutating func cancel(_ id: Int) -> Waiter? {
        guard let waiter = waiters.removeValue(forKey: id) else {
            cancelled.insert(id)
            return nil
        }
        return waiter
    }

    /// Whoever `id` was has its answer.
    mutating func forget(_ id: Int) { cancelled.remove(id) }

    /// A process is ready; the answer is who waited.
    mutating func ready(_ number: Int, _ endpoint: ModelEndpoint) -> [Waiter] {
        guard case .starting = phase, number == self.number else { return [] }
        phase = .running(endpoint)
        breaker.succeed()
        return takeWaiters()
    }

    /// A process has ended; the answer is who waited for it in vain.
    mutating func ended(_ number: Int, _ reason: String, at now: PoolTime, random: Double) -> [Waiter] {
        guard number == self.number else { return [] }
        switch phase {
        case .starting, .running:
            phase = .idle
            lastFailure = reason
            _ = breaker.fail(at: now, random: random)
        case .idle, .closed: break
        }
        return takeWaiters()
    }

    /// Nothing is started any more; the answer is who waited.
    mutating func close() -> [Waiter] {
        phase = .closed
        return takeWaiters()
    }

    private mutating func takeWaiters() -> [Waiter] {
        defer { waiters = [:] }
        return Array(waiters.values)
    }
}
