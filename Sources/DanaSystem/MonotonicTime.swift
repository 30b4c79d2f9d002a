import Glibc

/// The machine's time since it started, in nanoseconds.
package enum MonotonicTime {
    package static var now: UInt64 { read(CLOCK_MONOTONIC) }

    /// The same as of the last tick of the system, some milliseconds ago at most, for a fraction of what `now` takes.
    package static var rough: UInt64 { read(CLOCK_MONOTONIC_COARSE) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
