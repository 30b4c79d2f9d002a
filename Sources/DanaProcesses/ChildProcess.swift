import DanaPools
import DanaSystem
import Glibc
import Synchronization

/// A child process on a line: a socket that is its standard input and output. What it prints is read line by line, and
/// the end of its input is for it to end by.
///
/// It and all that it starts are a process group, which ends with it and with this process, however that ends. Only a
/// process that makes itself a group of its own escapes.
package final class ChildProcess: Sendable {
    /// Why there is no child.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    /// How long a child may go on when its line has ended.
    private static let graceBehindLine = Duration.seconds(1)

    private struct State {
        /// The number may be another process's from here on.
        var isReaped = false
        /// Ends the child when its time to end by itself is over.
        var alarm: (any PoolAlarm)?
    }

    package let processID: pid_t
    private let line: Int32
    private let guardian: ProcessGuardian?
    private let state = Mutex(State())

    /// Starts the program, found on the path, in a group of its own, so that a terminal's Ctrl-C is its owner's to act
    /// on. Without an environment it has this process's; its errors go to a file,
    /// or where this process's go.
    package init(
        _ command: [String], environment: [String: String]? = nil, errors: String? = nil
    ) throws(Failure) {
        guard let ends = SocketPair() else { throw Failure(description: "the system has no socket to give") }
        guardian = ProcessGuardian()
        var spawn = ProcessSpawn(command, group: guardian?.processID ?? 0)
        spawn.environment = environment
        spawn.line = ends.theirs
        spawn.errors = errors
        switch spawn.run() {
        case .success(let pid): processID = pid
        case .failure(let reason):
            guardian?.end()
            ends.close()
            throw Failure(description: "\(command.first ?? "") cannot be started: \(reason.description)")
        }
        line = ends.keepOurs()
    }

    deinit {
        reap()
        close(line)
    }

    /// Says something to the child, which must read it sooner or later; false when it does not any more.
    @discardableResult
    package func write(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe send(line, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Ends the child and all that it started at once.
    package func stop() {
        state.withLock { state in
            if !state.isReaped { killGroup(SIGKILL) }
            state.alarm = nil
        }
    }

    /// Asks the child to end, by the end of its input and by SIGTERM, and ends it when it has not after a while.
    package func stop(after grace: Duration) {
        state.withLock { state in
            guard !state.isReaped, state.alarm == nil else { return }
            shutdown(line, Int32(SHUT_WR))
            kill(processID, SIGTERM)
            setAlarm(&state, grace)
        }
    }

    private func setAlarm(_ state: inout State, _ grace: Duration) {
        let clock = SystemPoolClock()
        let alarm = clock.makeAlarm()
        alarm.ring(by: clock.now + grace) { [weak self] in self?.stop() }
        state.alarm = alarm
    }

    private func killGroup(_ signal: Int32) {
        kill(-(guardian?.processID ?? processID), signal)
    }

    // MARK: Following it

    /// Reads what the child prints, on the calling thread, until it has ended; `told` answers how long the next line may
    /// take, in milliseconds, or -1 for ever. To be called once.
    package func follow(firstWait: Int32 = -1, _ told: ([UInt8]) -> Int32) -> ProcessEnding {
        watch()
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
        let ending = reap(isLate: isLate)
        return isLate ? .late : ending
    }

    /// Ends the group when the child ends, so that nothing that it started keeps its line open.
    private func watch() {
        _ = SystemThread.start { [self] in
            waitForEnd()
            stop()
        }
    }

    /// Returns when the child has ended; it stays to be reaped.
    private func waitForEnd() {
        var ending = siginfo_t()
        while unsafe waitid(P_PID, id_t(processID), &ending, WEXITED | WNOWAIT) < 0, errno == EINTR {}
    }

    /// Waits for the end of a child whose line has ended. One that closed its line is given a little time to end by
    /// itself.
    private func reap(isLate: Bool) -> ProcessEnding {
        if isLate { stop() }
        state.withLock { state in
            if !state.isReaped, state.alarm == nil { setAlarm(&state, Self.graceBehindLine) }
        }
        waitForEnd()
        return reap()
    }

    /// Ends what is left, and gives the numbers back to the system.
    @discardableResult
    private func reap() -> ProcessEnding {
        var status: Int32 = 0
        state.withLock { state in
            guard !state.isReaped else { return }
            killGroup(SIGKILL)
            guardian?.end()
            while unsafe waitpid(processID, &status, 0) < 0, errno == EINTR {}
            state = State(isReaped: true)
        }
        return ProcessEnding(waitStatus: status)
    }
}
