import Dana
import Synchronization

/// What an awaited call has begun at its first step and not ended: handed on to the task that goes on with it, together with
/// the turn. Where no task comes to that, it ends.
final class AsyncStart: Sendable {
    private let begun = Mutex<(run: ContextRun, step: ContextRun.Step)?>(nil)

    func keep(_ run: ContextRun, _ step: ContextRun.Step) { begun.withLock { $0 = (run, step) } }

    /// Whoever takes it has the turn, too.
    func take() -> (run: ContextRun, step: ContextRun.Step)? {
        begun.withLock { begun in
            defer { begun = nil }
            return begun
        }
    }

    deinit {
        guard let (run, _) = take() else { return }
        run.discard()
        run.core.leaveTurn()
    }
}
