/// A pool's figures at one moment.
public struct PoolStatistics: Hashable, Sendable {
    /// What there is.
    public var leased = 0
    public var idle = 0
    public var making = 0
    public var validating = 0
    public var resetting = 0
    public var closing = 0
    public var waiting = 0
    public var breaker = CircuitBreaker.Phase.closed

    /// What there has been.
    public var totals = PoolTotals()

    /// How many resources there are, in whatever state.
    public var size: Int { leased + idle + making + validating + resetting + closing }
}

/// What a pool has done since its beginning.
public struct PoolTotals: Hashable, Sendable {
    public var lent = 0
    public var returned = 0
    /// Of the leases, those their borrowers forgot.
    public var leaked = 0
    /// Of the leases, those that were taken away at the end of a drain.
    public var forced = 0
    public var waited = 0
    /// How long all who got a resource after waiting have waited.
    public var waitTime = Duration.zero
    public var longestWait = Duration.zero
    public var cancelled = 0
    public var timedOut = 0
    public var refused = 0
    public var made = 0
    public var makeFailures = 0
    public var closed = 0
    public var closeFailures = 0
    /// Hooks that did not end in time.
    public var abandoned = 0
}
