import Glibc

/// The two ends of a new line between this process and another one. Both are closed in children from the beginning: the
/// end of a line must come when its owner is gone.
struct SocketPair {
    let ours: Int32
    let theirs: Int32

    init?() {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        (ours, theirs) = (ends[0], ends[1])
    }

    /// Closes the other process's end here; the answer is ours.
    func keepOurs() -> Int32 {
        Glibc.close(theirs)
        return ours
    }

    func close() {
        Glibc.close(ours)
        Glibc.close(theirs)
    }
}
