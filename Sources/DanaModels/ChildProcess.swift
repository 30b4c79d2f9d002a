import Glibc
import Synchronization

/// A child process on a line: a socket that is its standard input and output. What it prints is read line by line, the
/// end of its input is for it to end by, and its errors go to a file.
final class ChildProcess: Sendable {
    /// Why there is no child.
    struct Failure: Error {
        let message: String
    }

    let processID: pid_t
    private let line: Int32
    private let hasEnded = Mutex(false)

    /// Starts the program, found on the path, in a process group of its own, so that a terminal's Ctrl-C is its
    /// owner's to act on.
    init(_ command: [String], errors: String) throws(Failure) {
        var ends: [Int32] = [-1, -1]
        // Closed in other children from the beginning: the end of the line must come when its owner is gone.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0, let own = ends.first, let theirs = ends.last else {
            throw Failure(message: "the system has no socket to give")
        }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        var nothing = sigset_t()
        sigemptyset(&nothing)
        unsafe posix_spawnattr_setsigmask(&attributes, &nothing)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
        unsafe posix_spawn_file_actions_adddup2(&actions, theirs, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, theirs, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe command.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        defer { for argument in unsafe arguments { unsafe free(argument) } }
        var pid: pid_t = 0
        let failure = unsafe posix_spawnp(&pid, command.first ?? "", &actions, &attributes, arguments, environ)
        close(theirs)
        guard failure == 0 else {
            close(own)
            throw Failure(
                message: "\(command.first ?? "") cannot be started: \(unsafe String(cString: strerror(failure)))")
        }
        processID = pid
        line = own
    }

    deinit {
        stop()
        close(line)
    }

    /// Says something to the child.
    func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe send(line, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Ends the child at once.
    func stop() {
        hasEnded.withLock { hasEnded in
            if !hasEnded { kill(processID, SIGKILL) }
        }
    }

    /// Reads what the child prints, on the calling thread, until it ends; `told` answers how long the next line may take,
    /// in milliseconds, or -1 for ever. Answers how the child ended.
    func follow(firstWait: Int32, _ told: ([UInt8]) -> Int32) -> String {
        var wait = firstWait
        var rest: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var isLate = false
        while true {
            var descriptor = pollfd(fd: line, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&descriptor, 1, wait)
            if ready < 0, errno == EINTR { continue }
            if ready == 0 {
                isLate = true
                break
            }
            let count = unsafe read(line, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            rest += buffer[..<count]
            while let end = rest.firstIndex(of: 0x0a) {
                wait = told(Array(rest[..<end]))
                rest.removeFirst(end + 1)
            }
            if rest.count > 1 << 16 { rest = [] }
        }
        let status = reap()
        return isLate ? "it was not ready in time" : status
    }

    private func reap() -> String {
        kill(processID, SIGKILL)
        var ending = siginfo_t()
        while unsafe waitid(P_PID, id_t(processID), &ending, WEXITED | WNOWAIT) < 0, errno == EINTR {}
        var status: Int32 = 0
        hasEnded.withLock { hasEnded in
            // The number may be given to another process from here on.
            _ = unsafe waitpid(processID, &status, 0)
            hasEnded = true
        }
        let signal = status & 0x7f
        return signal == 0 ? "it ended with status \((status >> 8) & 0xff)" : "it was ended by signal \(signal)"
    }
}
