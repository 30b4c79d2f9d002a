/// Something that happened in a pool. Events of one thread come in order; between threads there is none.
public enum PoolEvent: Sendable {
    /// Why a resource is closed.
    public enum Ending: String, Hashable, Sendable {
        case idle, lifetime, invalid, resetFailed, discarded, drained, forced
    }

    /// A resource was lent, after its borrower had waited this long.
    case lent(waited: Duration)
    /// A resource was returned.
    case returned
    /// A request has to wait.
    case waiting
    /// A request was refused or has failed.
    case failed(PoolError)
    /// A waiting request was cancelled.
    case cancelled
    /// A resource was made.
    case made
    /// Making a resource has failed; the next attempt is after the delay.
    case makeFailed(any Error, delay: Duration)
    /// A resource lies ready.
    case ready
    /// A resource is being closed, and why.
    case closing(Ending)
    /// A resource is closed.
    case closed
    /// A hook has not ended in time, and the pool no longer waits for it.
    case abandoned(PoolHook)
    /// A lease was forgotten: nobody held it any more, and it had not been released.
    case leaked(PoolPlace)
    /// A resource is held for long.
    case heldLong(PoolPlace)
    /// The circuit breaker has changed.
    case breaker(CircuitBreaker.Phase)
    /// The pool is being drained.
    case draining
    /// The pool is drained; so many resources were taken from their borrowers.
    case drained(forced: Int)
}
