import CURL
import Synchronization

/// What tasks ask of the thread that carries their exchanges.
final class CurlMailbox: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        /// The reader has made room again.
        case proceed(Transfer)
        /// The reader has what it needs.
        case drain(Transfer)
        case stop(Transfer)
        /// Nobody will ask for more: end when the exchanges have ended.
        case close
    }

    private struct State {
        var commands: [Command] = []
        /// The one to wake; nil before it exists, and after.
        var multi: CurlMulti?
        var failure: HTTPError?
    }

    private let state = Mutex(State())

    /// Asks for something. Once the thread has failed, a start fails at once and the rest is nothing.
    func post(_ command: Command) {
        let failure = state.withLock { state in
            guard state.failure == nil else { return state.failure }
            state.commands.append(command)
            // Safe because the lock is held: whoever frees the handle takes it from here first.
            if state.commands.count == 1, let multi = state.multi { unsafe danaCurlWakeUp(multi.handle) }
            return nil
        }
        if let failure, case .start(let transfer) = command { transfer.finished(failure) }
    }

    /// From here on, a post wakes the thread.
    func opened(_ multi: CurlMulti) { state.withLock { $0.multi = multi } }

    /// What was asked since.
    func take() -> [Command] {
        state.withLock { state in
            let commands = state.commands
            state.commands = []
            return commands
        }
    }

    /// The thread ends; what was asked and not done fails.
    func closed(_ failure: HTTPError) {
        let rest = state.withLock { state in
            state.failure = failure
            state.multi = nil
            let commands = state.commands
            state.commands = []
            return commands
        }
        for case .start(let transfer) in rest { transfer.finished(failure) }
    }
}
