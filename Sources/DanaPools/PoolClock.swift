/// What a pool knows of time: the moment, and an alarm. A test brings one that stands still.
public protocol PoolClock: Sendable {
    var now: PoolTime { get }
    func makeAlarm() -> any PoolAlarm
}

/// An alarm of a clock, for one pool.
public protocol PoolAlarm: Sendable {
    /// Calls the action once at this time, or before it when that was asked for earlier; on any thread.
    func ring(by time: PoolTime, _ action: @escaping @Sendable () -> Void)
    /// Calls nothing any more.
    func stop()
}
