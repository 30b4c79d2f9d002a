/// The spans of a pool's limits in nanoseconds, converted once.
struct PoolSpans: Sendable {
    let acquisition, idle, lifetime, freshness, idleCheck, make, check, close, drain, longLease, ageing: UInt64

    init(_ limits: PoolLimits) {
        acquisition = limits.acquisitionTimeout.wholeNanoseconds
        idle = limits.idleTimeout.wholeNanoseconds
        lifetime = limits.maxLifetime.wholeNanoseconds
        freshness = limits.validationFreshness.wholeNanoseconds
        idleCheck = limits.idleCheckInterval.wholeNanoseconds
        make = limits.makeTimeout.wholeNanoseconds
        check = limits.checkTimeout.wholeNanoseconds
        close = limits.closeTimeout.wholeNanoseconds
        drain = limits.drainTimeout.wholeNanoseconds
        longLease = limits.longLease.wholeNanoseconds
        ageing = limits.ageing.wholeNanoseconds
    }
}
