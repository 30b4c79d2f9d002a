import DanaLanguage

/// Runs what most likely ends within its first slice: begun, run and its result looked at with the lock taken once.
extension ContextCore {
    public enum QuickStep {
        /// What was made of the result.
        case finished(UnsafeMutableRawPointer)
        /// It takes longer than that: this is how it stands.
        case goesOn(ContextRun, ContextRun.Step)
    }

    /// Begins something for a caller that has the turn, or that runs inside something that has.
    public func runQuickly(
        isInside: Bool, begin: (Interpreter) throws -> Int,
        result: (Interpreter, Value) throws -> UnsafeMutableRawPointer
    ) throws -> QuickStep {
        let reach = reach(isInside: isInside)
        return try withLock { interpreter in
            try refreshFunctions(interpreter)
            let run = ContextRun(core: self, entry: try begin(interpreter), reach: reach)
            let step = run.step(slice: ContextRun.shortSlice, interpreter)
            guard case .finished(let sent) = step else { return .goesOn(run, step) }
            defer { interpreter.release(sent.value) }
            return .finished(try result(interpreter, sent.value))
        }
    }
}
