import Glibc

/// The time of day, in seconds since 1970 began.
enum WallTime {
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec)
    }
}
