import DanaLanguage

/// The turn of a context and its lock, taken together, once, by a thread that works for nothing in it: for what most likely
/// ends within its first slice. Whoever has it asks nothing of the host, and gives it back.
public struct QuickTurn {
    public let interpreter: Interpreter
    fileprivate let number: Int
}

extension ContextCore {
    /// Takes both where that needs no waiting, and nobody is to be told what is done; nil otherwise, and then nothing has
    /// happened.
    public func takeQuickTurn() -> QuickTurn? {
        // A turn that is free says that the caller works for none of the context's.
        guard gate.tryEnter() else { return nil }
        if let interpreter = takeLock() {
            if !runtime.audit.isListenedTo, functions.version == runtime.functions.version {
                return QuickTurn(interpreter: interpreter, number: cancellation.nextTurn())
            }
            giveLockBack()
        }
        leaveTurn()
        return nil
    }

    /// Gives both back; throws what interrupted the run meanwhile.
    public func leaveQuickTurn() throws {
        giveLockBack()
        defer { leaveTurn() }
        try throwInterruption()
    }

    /// What was begun in a quick turn and has not ended with its first slice: how it stands. The turn stays the caller's,
    /// the lock is given back.
    public func goOn(
        with entry: Int, of turn: QuickTurn, after outcome: Outcome
    ) -> (run: ContextRun, step: ContextRun.Step) {
        let run = ContextRun(core: self, entry: entry, reach: .turn(turn.number))
        let step = run.step(after: outcome, turn.interpreter)
        giveLockBack()
        return (run, step)
    }
}
