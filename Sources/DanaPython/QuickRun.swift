import CPython
import Dana
import DanaLanguage
import PythonBridge

/// Runs what most likely ends within its first slice, for a thread of Python's that works for nothing in the context: the
/// turn and the lock are taken once, and nothing is asked of Python meanwhile.
enum QuickRun {
    /// A new reference to the result; nil where it must be begun in another way, and then nothing has happened. `begin`
    /// is called with the lock held, and gives nil where it finds that out.
    @inline(__always)
    static func result(
        in core: ContextCore, wraps: Bool = false, _ py: borrowing Python, begin: (Interpreter) throws -> Int?
    ) throws(PythonError) -> PyRef? {
        try result(in: core, wraps: wraps, py, begin: begin) { run, step, py throws(PythonError) in
            try inTurn(of: core, py) { try SyncRun.finished(run, step, wraps: wraps, py) }
        }
    }

    /// The same where what goes on after its first slice does so in another way, which has the turn and gives it back.
    @inline(__always)
    static func result(
        in core: ContextCore, wraps: Bool, _ py: borrowing Python, begin: (Interpreter) throws -> Int?,
        goOn: (ContextRun, ContextRun.Step, borrowing Python) throws(PythonError) -> PyRef?
    ) throws(PythonError) -> PyRef? {
        guard let turn = core.takeQuickTurn() else { return nil }
        let interpreter = turn.interpreter
        let begun: Int?
        do {
            begun = try begin(interpreter)
        } catch {
            try leave(core, py)
            throw PythonError(mapping: DanaFailure.told(error), py)
        }
        guard let entry = begun else {
            try leave(core, py)
            return nil
        }
        let outcome = interpreter.run(entry, slice: ContextRun.shortSlice)
        guard case .finished = outcome else {
            let (run, step) = core.goOn(with: entry, of: turn, after: outcome)
            return try goOn(run, step, py)
        }
        let value = interpreter.takeResult()
        guard !wraps, let made = DanaToPython.scalar(value, py) else { return try converted(value, core, wraps, py) }
        interpreter.release(value)
        do {
            try core.leaveQuickTurn()
        } catch {
            py_decref(made)
            throw PythonError(mapping: error, py)
        }
        return made
    }

    private static func leave(_ core: ContextCore, _ py: borrowing Python) throws(PythonError) {
        do {
            try core.leaveQuickTurn()
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    /// What a result is that takes more than making one object.
    @inline(never)
    private static func converted(
        _ value: Value, _ core: ContextCore, _ wraps: Bool, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        core.giveLockBack()
        return try inTurn(of: core, py) { try DanaToPython.converted(value, in: core, wraps: wraps, py) }
    }

    /// The end of a turn in which Python may be called.
    private static func inTurn(
        of core: ContextCore, _ py: borrowing Python, _ body: () throws -> PyRef
    ) throws(PythonError) -> PyRef {
        do {
            defer { core.leaveTurn() }
            return try core.whileWorking { try SyncRun.interruptible(core, body) }
        } catch {
            throw PythonError(mapping: error, py)
        }
    }
}
