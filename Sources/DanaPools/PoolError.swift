import DanaSystem

/// Why a pool lends nothing.
public enum PoolError: Error, Sendable {
    /// As many requests wait as may.
    case queueFull(pool: String, bound: Int)
    /// No resource came in time. The cause is the last failure to make one, if there was one since the last success.
    case timedOut(pool: String, waited: Duration, cause: (any Error)?)
    /// Making resources fails again and again, and none is left that could be waited for.
    case unavailable(pool: String, retryIn: Duration, cause: (any Error)?)
    /// The pool is being drained, or has been.
    case closed(pool: String)
    /// A hook took longer than it may.
    case hookTimedOut(pool: String, hook: PoolHook, limit: Duration)
    /// A limit the pool cannot keep.
    case invalidLimit(name: String, demand: String)
}

extension PoolError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .queueFull(let pool, let bound):
            "pool '\(pool)': \(bound) requests wait already; try later, or raise queueBound or maxSize"
        case .timedOut(let pool, let waited, let cause):
            "pool '\(pool)': no resource within \(waited.told)"
                + (cause.map { "; the last attempt to make one failed: \($0)" }
                    ?? "; wait longer, raise maxSize, or look for leases that are not released")
        case .unavailable(let pool, let retryIn, let cause):
            "pool '\(pool)': resources cannot be made, the next attempt is in \(retryIn.told)"
                + (cause.map { "; the last one failed: \($0)" } ?? "")
        case .closed(let pool):
            "pool '\(pool)' is closed: it lends nothing any more"
        case .hookTimedOut(let pool, let hook, let limit):
            "pool '\(pool)': \(hook.rawValue) took longer than \(limit.told)"
        case .invalidLimit(let name, let demand):
            "PoolLimits.\(name) must be \(demand)"
        }
    }
}
