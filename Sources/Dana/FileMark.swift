import Glibc

/// What tells whether a file is still the one that was read: which file it is, how long, and when it was changed.
struct FileMark: Equatable, Sendable {
    private let device: UInt
    private let file: UInt
    private let size: Int
    private let modified: Moment
    private let changed: Moment

    private struct Moment: Equatable {
        let seconds: Int
        let nanoseconds: Int

        init(_ time: timespec) {
            seconds = time.tv_sec
            nanoseconds = time.tv_nsec
        }
    }

    init(_ status: stat) {
        device = status.st_dev
        file = status.st_ino
        size = status.st_size
        modified = Moment(status.st_mtim)
        changed = Moment(status.st_ctim)
    }

    /// Of the file that a path leads to; nothing where there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// Whether any write from now on shows in the mark: file systems count in steps of up to two seconds, within which
    /// a second write would look like the first.
    var isSettled: Bool {
        var now = timespec()
        guard clock_gettime(CLOCK_REALTIME, &now) == 0 else { return false }
        return changed.seconds < now.tv_sec - 2
    }
}
