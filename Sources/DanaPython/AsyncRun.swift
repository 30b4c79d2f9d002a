import CPython
import Dana
import DanaLanguage
import DanaModels
import PythonBridge

/// Runs Dana for a task of an event loop. Functions of Python's are called on the loop's thread; slices beyond the
/// first run elsewhere.
enum AsyncRun {
    static func result(
        in core: ContextCore, begin: @Sendable (_ isInside: Bool) throws -> ContextRun
    ) async throws -> PythonObject {
        let isInside = try await turn(of: core)
        defer { if !isInside { core.leaveTurn() } }
        let run = try begin(isInside)
        return try await end(of: run, after: run.step(slice: ContextRun.shortSlice), wraps: false)
    }

    /// The same for what most likely ends at once; `begin` is called with the context's lock held.
    static func quickResult(
        in core: ContextCore, wraps: Bool = false,
        begin: @Sendable (Interpreter, borrowing Python) throws -> Int
    ) async throws -> PythonObject {
        let isInside = try await turn(of: core)
        defer { if !isInside { core.leaveTurn() } }
        let first = try Python.hold { py in
            let first = try core.whileWorking {
                try FirstStep(
                    in: core, isInside: isInside, wraps: wraps, py,
                    begin: { interpreter in try begin(interpreter, py) })
            }
            switch first {
            case .result(let result): return First.result(PythonObject(owning: result))
            case .goesOn(let run, let step): return .goesOn(run, step)
            }
        }
        switch first {
        case .result(let result):
            try core.throwInterruption()
            return result
        case .goesOn(let run, let step): return try await end(of: run, after: step, wraps: wraps)
        }
    }

    /// The same at the first step of a coroutine, before there is a task; nil where one is needed, to go on with what
    /// `start` keeps then or to begin in another way.
    @inline(__always)
    static func attempt(
        in core: ContextCore, wraps: Bool = false, _ start: AsyncStart, _ py: borrowing Python,
        begin: (Interpreter) throws -> Int?
    ) throws(PythonError) -> PyRef? {
        try QuickRun.result(in: core, wraps: wraps, py, begin: begin) { run, step, _ throws(PythonError) in
            start.keep(run, step)
            return nil
        }
    }

    /// The result of what an attempt has begun; nil where it has begun nothing.
    static func result(after start: AsyncStart, wraps: Bool = false) async throws -> PythonObject? {
        guard let (run, step) = start.take() else { return nil }
        defer { run.core.leaveTurn() }
        return try await end(of: run, after: step, wraps: wraps)
    }

    /// What the first slice came to, on its way out of the scope that holds Python.
    private enum First {
        case result(PythonObject)
        case goesOn(ContextRun, ContextRun.Step)
    }

    /// Takes the turn, unless what runs here has it already.
    private static func turn(of core: ContextCore) async throws -> Bool {
        if core.isInside { return true }
        if !core.tryTurn() { try await core.takeTurn() }
        return false
    }

    private static func end(
        of run: ContextRun, after step: ContextRun.Step, wraps: Bool
    ) async throws -> PythonObject {
        let result: PythonObject
        do {
            result = try await self.result(of: run, after: step, wraps: wraps)
        } catch {
            try run.core.throwInterruption(of: error)
            throw error
        }
        try run.core.throwInterruption()
        return result
    }

    private static func result(
        of run: ContextRun, after step: ContextRun.Step, wraps: Bool
    ) async throws -> PythonObject {
        let value = SentValue(
            value: try await CallOrigin.$current.withValue(Python.hold { py in CallOrigin.here(py) }) {
                try await run.goOn(after: step) { step in
                    await WorkerPool.shared.run { step() }
                }
            })
        return try Python.hold { py throws(PythonError) in
            do {
                return PythonObject(
                    owning: try DanaToPython.converted(value.value, in: run.core, wraps: wraps, py))
            } catch {
                throw PythonError(mapping: error, py)
            }
        }
    }
}
