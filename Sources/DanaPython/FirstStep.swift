import CPython
import Dana
import DanaLanguage
import PythonBridge

/// What the first slice of something came to that Python asked for: most things end in it.
enum FirstStep {
    /// The result, a new reference.
    case result(PyRef)
    case goesOn(ContextRun, ContextRun.Step)

    /// `begin` is called with the context's lock held; the caller has the turn, or runs inside something that has.
    init(
        in core: ContextCore, isInside: Bool, wraps: Bool, _ py: borrowing Python, begin: (Interpreter) throws -> Int
    ) throws {
        let wasOn = PyGC_Disable()
        defer { if wasOn != 0 { PyGC_Enable() } }
        var pending = PendingObjects()
        let step = try core.runQuickly(isInside: isInside, begin: begin) { interpreter, value in
            var converter = DanaToPython(core, interpreter)
            let made = try converter.object(value, py)
            pending = converter.pending
            return UnsafeMutableRawPointer(made)
        }
        switch step {
        case .finished(let made):
            let made = made.assumingMemoryBound(to: PyObject.self)
            self = .result(try DanaToPython.seen(made, &pending, wraps: wraps, py))
        case .goesOn(let run, let step): self = .goesOn(run, step)
        }
    }
}
