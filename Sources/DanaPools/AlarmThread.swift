import DanaSystem
import Glibc
import Synchronization

/// The one thread of a process on which alarms ring. It starts with the first alarm, takes no signals, and lives as
/// long as the process; a forked child begins with another.
final class AlarmThread: Sendable {
    private struct State {
        var alarms: [ObjectIdentifier: (time: PoolTime, action: @Sendable () -> Void)] = [:]
        var isRunning = false

        var earliest: PoolTime { alarms.values.reduce(.never) { min($0, $1.time) } }

        /// Takes out what is to be called; nil when there is nothing.
        mutating func takeDue(at now: PoolTime) -> [@Sendable () -> Void]? {
            let due = alarms.filter { $0.value.time <= now }
            for id in due.keys { alarms[id] = nil }
            return due.isEmpty ? nil : due.values.map(\.action)
        }
    }

    /// Where that of this process is, which is never freed; 0 before the first use.
    private static let living = Atomic<UInt>(0)

    private static let forgetsInChildren: Void = {
        pthread_atfork(nil, nil) { AlarmThread.living.store(0, ordering: .releasing) }
    }()

    static var shared: AlarmThread {
        if let known = at(living.load(ordering: .acquiring)) { return known }
        forgetsInChildren
        let made = Unmanaged.passRetained(AlarmThread())
        let (isFirst, other) = living.compareExchange(
            expected: 0, desired: UInt(bitPattern: made.toOpaque()), ordering: .acquiringAndReleasing)
        if isFirst { return made.takeUnretainedValue() }
        defer { made.release() }
        return at(other) ?? made.takeUnretainedValue()
    }

    private static func at(_ address: UInt) -> AlarmThread? {
        UnsafeRawPointer(bitPattern: address).map { Unmanaged.fromOpaque($0).takeUnretainedValue() }
    }

    private let state = Monitor(State())

    /// Sets an alarm, or has it ring earlier.
    func set(_ id: ObjectIdentifier, by time: PoolTime, _ action: @escaping @Sendable () -> Void) {
        state.change { state in
            // Where the system has no thread to give, the next alarm tries again.
            if !state.isRunning { state.isRunning = SystemThread.start { [self] in run() } }
            if let known = state.alarms[id], known.time <= time { return }
            state.alarms[id] = (time, action)
        }
    }

    func remove(_ id: ObjectIdentifier) {
        state.change { $0.alarms[id] = nil }
    }

    private func run() -> Never {
        let clock = SystemPoolClock()
        while true {
            let due = state.wait(until: \.earliest) { $0.takeDue(at: clock.now) }
            for action in due { action() }
        }
    }
}
