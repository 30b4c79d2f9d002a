import DanaPools
import Synchronization

/// A clock that stands still until it is told to go on; its alarms ring in the thread that tells it.
final class ManualClock: PoolClock {
    fileprivate struct State {
        var now = PoolTime.start
        var alarms: [ObjectIdentifier: (time: PoolTime, action: @Sendable () -> Void)] = [:]
    }

    fileprivate let state = Mutex(State())

    var now: PoolTime { state.withLock { $0.now } }

    func makeAlarm() -> any PoolAlarm { Alarm(clock: self) }

    /// The time of the next alarm.
    var next: PoolTime { state.withLock { $0.alarms.values.map(\.time).min() ?? .never } }

    /// Goes on by this much, from alarm to alarm.
    func advance(by span: Duration) {
        let end = now + span
        while true {
            let due = state.withLock { state -> (@Sendable () -> Void)? in
                let earliest = state.alarms.min { $0.value.time < $1.value.time }
                guard let earliest, earliest.value.time <= end else {
                    state.now = end
                    return nil
                }
                state.now = max(state.now, earliest.value.time)
                state.alarms[earliest.key] = nil
                return earliest.value.action
            }
            guard let due else { return }
            due()
        }
    }
}

private final class Alarm: PoolAlarm {
    private let clock: ManualClock

    init(clock: ManualClock) {
        self.clock = clock
    }

    func ring(by time: PoolTime, _ action: @escaping @Sendable () -> Void) {
        clock.state.withLock { state in
            if let known = state.alarms[ObjectIdentifier(self)], known.time <= time { return }
            state.alarms[ObjectIdentifier(self)] = (time, action)
        }
    }

    func stop() {
        clock.state.withLock { $0.alarms[ObjectIdentifier(self)] = nil }
    }

    deinit { stop() }
}
