import Dana
import PythonBridge
import Synchronization

/// A Python thread's wait for the turn of a context, which may be interrupted: a turn that comes too late is given back.
final class TurnClaim: Sendable {
    private enum State {
        static let waits = 0
        static let taken = 1
        static let givenUp = 2
    }

    private let core: ContextCore
    private let state = Atomic<Int>(State.waits)

    init(_ core: ContextCore) { self.core = core }

    /// Waits until the caller has the turn.
    func wait() throws {
        do {
            try core.checkOpen()
            try Python.hold { py in try DanaFailure.checkMayWait(py) }
            let callers = ContextCore.workingInAll
            try TurnWaits.whileWaiting(for: core, by: callers) {
                try Python.wait("dana") { [self] in
                    try await core.takeTurn(for: callers)
                    if !moves(to: State.taken) { core.leaveTurn() }
                }
            }
        } catch {
            if !moves(to: State.givenUp) { core.leaveTurn() }
            throw error
        }
    }

    private func moves(to state: Int) -> Bool {
        self.state.compareExchange(expected: State.waits, desired: state, ordering: .acquiringAndReleasing).exchanged
    }
}
