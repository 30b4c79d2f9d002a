import Glibc

/// What a new process is given: its command, its group, what is open in it.
struct ProcessSpawn {
    /// Why it was not started.
    struct Failure: Error {
        let description: String
    }

    let command: [String]
    /// The group that it joins; 0 for one of its own.
    let group: pid_t
    var environment: [String: String]?
    /// Becomes its standard input and output; nothing when there is none.
    var line: Int32?
    /// The file that its errors are added to.
    var errors: String?

    init(_ command: [String], group: pid_t) {
        self.command = command
        self.group = group
    }

    /// Starts it, with no signal blocked or ignored.
    func run() -> Result<pid_t, Failure> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setpgroup(&attributes, group)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        if let line {
            unsafe posix_spawn_file_actions_adddup2(&actions, line, 0)
            unsafe posix_spawn_file_actions_adddup2(&actions, line, 1)
        }
        if let errors {
            unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        }
        let arguments = CStrings(command)
        let variables = environment.map { CStrings($0.map { "\($0)=\($1)" }) }
        var pid: pid_t = 0
        let failure = unsafe posix_spawnp(
            &pid, command.first ?? "", &actions, &attributes, arguments.pointers, variables?.pointers ?? environ)
        return failure == 0
            ? .success(pid) : .failure(Failure(description: unsafe String(cString: strerror(failure))))
    }

    /// Texts as C wants a list of them, for as long as this lives.
    private final class CStrings {
        let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
        private let count: Int

        init(_ texts: [String]) {
            count = texts.count
            unsafe pointers = .allocate(capacity: count + 1)
            for (index, text) in texts.enumerated() { unsafe pointers[index] = strdup(text) }
            unsafe pointers[count] = nil
        }

        deinit {
            for index in 0..<count { unsafe free(pointers[index]) }
            unsafe pointers.deallocate()
        }
    }
}
