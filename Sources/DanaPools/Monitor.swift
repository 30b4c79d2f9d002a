import Glibc

/// A state that threads change one at a time, and wait for changes of. Only for threads that may be blocked: never those
/// of Swift's tasks.
final class Monitor<State>: @unchecked Sendable {
    // Safe because the state is touched only between lock and unlock of the mutex, and both pointers are made with the
    // object and freed with it.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    init(_ state: State) {
        self.state = state
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(changed, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Changes the state, and tells who waits.
    func change(_ change: (inout State) -> Void) {
        pthread_mutex_lock(mutex)
        change(&state)
        pthread_cond_broadcast(changed)
        pthread_mutex_unlock(mutex)
    }

    /// Blocks the thread until `take` finds in the state what it looks for. It looks after each change, and at the
    /// monotonic clock's time that `look` says.
    func wait<Found>(until look: (State) -> PoolTime = { _ in .never }, take: (inout State) -> Found?) -> Found {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let found = take(&state) { return found }
            let time = look(state).nanoseconds
            if time == .max {
                pthread_cond_wait(changed, mutex)
            } else {
                var moment = timespec(tv_sec: Int(time / 1_000_000_000), tv_nsec: Int(time % 1_000_000_000))
                pthread_cond_timedwait(changed, mutex, &moment)
            }
        }
    }
}
