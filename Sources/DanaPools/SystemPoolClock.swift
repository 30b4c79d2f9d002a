import DanaSystem

/// The machine's monotonic clock. Its alarms ring on a thread of their own, so that no time-out is late because the
/// threads of Swift's tasks are busy.
public struct SystemPoolClock: PoolClock {
    public init() {}

    public var now: PoolTime { PoolTime(nanoseconds: MonotonicTime.now) }

    public func makeAlarm() -> any PoolAlarm { ThreadAlarm() }
}

/// An alarm that rings on the process's alarm thread.
private final class ThreadAlarm: PoolAlarm {
    func ring(by time: PoolTime, _ action: @escaping @Sendable () -> Void) {
        AlarmThread.shared.set(ObjectIdentifier(self), by: time, action)
    }

    func stop() {
        AlarmThread.shared.remove(ObjectIdentifier(self))
    }

    deinit { stop() }
}
