/// Until when a request for a resource waits.
public enum PoolDeadline: Hashable, Sendable {
    /// As long as the pool's `acquisitionTimeout` says.
    case standard
    /// This long from the request on.
    case after(Duration)
    /// Until this moment of the pool's clock.
    case at(PoolTime)
    /// Until a resource comes, the request is cancelled or the pool is drained.
    case never

    func time(from now: PoolTime, standard: UInt64) -> PoolTime {
        switch self {
        case .standard: now.later(by: standard)
        case .after(let span): now + span
        case .at(let time): time
        case .never: .never
        }
    }
}
