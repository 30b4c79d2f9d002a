import Glibc

/// A small process that leads a group and ends it when this process ends, even by SIGKILL: it waits for the end of a line
/// that only this process holds.
struct ProcessGuardian: Sendable {
    /// The group's number, which nobody else can have before the guardian is reaped.
    let processID: pid_t
    private let line: Int32

    /// Nil where there is no shell: what is started without a guardian must end by the end of its input.
    init?() {
        guard let ends = SocketPair() else { return nil }
        var spawn = ProcessSpawn(["/bin/sh", "-c", "read -r _; kill -9 0"], group: 0)
        spawn.line = ends.theirs
        spawn.errors = "/dev/null"
        guard case .success(let pid) = spawn.run() else {
            ends.close()
            return nil
        }
        processID = pid
        line = ends.keepOurs()
    }

    /// Ends the guardian and with it its group, and reaps it.
    func end() {
        kill(-processID, SIGKILL)
        close(line)
        var status: Int32 = 0
        while unsafe waitpid(processID, &status, 0) < 0, errno == EINTR {}
    }
}
