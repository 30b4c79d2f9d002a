/// Lends resources under limits: to tasks, which may be cancelled while they wait, and to threads. When nobody holds it
/// any more, what it has is closed, and what is lent is closed when it comes back.
public final class ResourcePool<Resource: Sendable>: Sendable {
    private let driver: PoolDriver

    /// Throws `PoolError.invalidLimit` when a limit makes no sense. The seed decides the random parts of lifetimes and
    /// delays.
    public init(
        name: String = "pool", limits: PoolLimits = PoolLimits(), hooks: PoolHooks<Resource>,
        clock: any PoolClock = SystemPoolClock(), seed: UInt64 = .random(in: .min ... .max),
        listener: (@Sendable (PoolEvent) -> Void)? = nil
    ) throws(PoolError) {
        driver = try PoolDriver(name: name, limits: limits, hooks: hooks.held, clock: clock, seed: seed)
        if let listener { _ = driver.listen(listener) }
        driver.begin()
    }

    deinit {
        driver.beginDrain(within: .seconds(Int64.max))
    }

    public var name: String { driver.name }
    public var limits: PoolLimits { driver.limits }

    // MARK: Lending

    /// Lends a resource for the duration of the body; the file and line are named when it is held for long. Throws a `PoolError`, `CancellationError` when the task is
    /// cancelled while it waits, or what the body throws.
    public nonisolated(nonsending) func withResource<Answer>(
        priority: PoolPriority = .normal, tenant: String? = nil, deadline: PoolDeadline = .standard,
        file: String = #fileID, line: Int = #line, _ body: nonisolated(nonsending) (Resource) async throws -> Answer
    ) async throws -> Answer {
        let place = PoolPlace(file: file, line: line)
        let request = PoolRequest(priority: priority, tenant: tenant, deadline: deadline, place: place)
        let loan = try await driver.borrow(request)
        defer { driver.takeBack(loan.ticket, .released) }
        return try await body(loan.held.value(as: Resource.self))
    }

    /// Lends a resource until the lease is released. Throws a `PoolError`, or `CancellationError` when the task is
    /// cancelled while it waits.
    public nonisolated(nonsending) func lease(
        priority: PoolPriority = .normal, tenant: String? = nil, deadline: PoolDeadline = .standard,
        file: String = #fileID, line: Int = #line
    ) async throws -> Lease<Resource> {
        let place = PoolPlace(file: file, line: line)
        let request = PoolRequest(priority: priority, tenant: tenant, deadline: deadline, place: place)
        return Lease(try await driver.borrow(request), of: driver, place: place)
    }

    /// Lends a resource if one lies ready and nobody waits for it. One that is to be validated first is, and then
    /// ready.
    public func tryLease(tenant: String? = nil, file: String = #fileID, line: Int = #line) -> Lease<Resource>? {
        let place = PoolPlace(file: file, line: line)
        let request = PoolRequest(priority: .normal, tenant: tenant, deadline: .standard, place: place)
        guard let loan = driver.takeReady(request) else { return nil }
        return Lease(loan, of: driver, place: place)
    }

    /// Lends a resource to a thread, which is blocked while it waits; never call it where tasks run.
    @available(*, noasync, message: "use lease")
    public func leaseBlocking(
        priority: PoolPriority = .normal, tenant: String? = nil, deadline: PoolDeadline = .standard,
        file: String = #fileID, line: Int = #line
    ) throws -> Lease<Resource> {
        let place = PoolPlace(file: file, line: line)
        let request = PoolRequest(priority: priority, tenant: tenant, deadline: deadline, place: place)
        return Lease(try driver.borrowBlocking(request), of: driver, place: place)
    }

    // MARK: End

    /// Ends the pool: who waits is told, borrowers have this long (`drainTimeout` if nothing is said) to give back what
    /// they have, then it is closed under their hands. Returns when nothing is left; a hook that never ends is left
    /// alone after its time. Cancelling the task takes the borrowers' time away.
    public nonisolated(nonsending) func drain(within time: Duration? = nil) async {
        await driver.drain(within: time ?? limits.drainTimeout)
    }

    /// Begins what `drain` does, and waits for nothing.
    public func beginDrain(within time: Duration? = nil) {
        driver.beginDrain(within: time ?? limits.drainTimeout)
    }

    /// Does what `drain` does for a thread, which is blocked meanwhile; never call it where tasks run.
    @available(*, noasync, message: "use drain")
    public func drainBlocking(within time: Duration? = nil) {
        driver.drainBlocking(within: time ?? limits.drainTimeout)
    }

    // MARK: Figures and events

    public var statistics: PoolStatistics { driver.statistics }

    /// Calls the listener with each event, on whatever thread it happens and outside the pool's lock, until `ignore` is
    /// called with the number that is returned.
    @discardableResult
    public func listen(_ listener: @escaping @Sendable (PoolEvent) -> Void) -> Int {
        driver.listen(listener)
    }

    /// Calls a listener no more.
    public func ignore(_ number: Int) {
        driver.ignore(number)
    }

    /// The events from here on, until the pool is drained. Of those that are not taken in time the newest are kept, as many as `bound` says.
    public func events(bound: Int = 256) -> AsyncStream<PoolEvent> {
        AsyncStream(bufferingPolicy: .bufferingNewest(max(1, bound))) { continuation in
            let number = driver.listen({ continuation.yield($0) }, ended: { continuation.finish() })
            continuation.onTermination = { [weak driver] _ in driver?.ignore(number) }
        }
    }
}
