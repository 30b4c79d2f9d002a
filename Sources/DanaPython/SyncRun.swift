import CPython
import Dana
import DanaLanguage
import PythonBridge

/// Runs Dana for a Python thread that waits for the result. The interpreter of Python is kept for a short run and let
/// go of for a long one; what must be awaited is awaited elsewhere while the thread waits for it, interruptible.
enum SyncRun {
    /// Ticks for which the thread keeps Python to itself.
    private static let heldSlice = 1000
    /// Ticks between two looks at signals, about ten milliseconds.
    private static let longSlice = 1_000_000

    /// What is begun runs to its end; its result is a new reference.
    static func result(
        in core: ContextCore, wraps: Bool = false, _ py: borrowing Python,
        begin: (_ isInside: Bool) throws -> ContextRun
    ) throws(PythonError) -> PyRef {
        do {
            let isInside = core.isInside
            if !isInside && !core.tryTurn() { try Python.wait("dana") { try await core.takeTurn() } }
            defer { if !isInside { core.leaveTurn() } }
            let value = try finish(try begin(isInside), py)
            return try converted(value, in: core, wraps: wraps, py)
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    private static func finish(_ run: ContextRun, _ py: borrowing Python) throws -> Value {
        var (step, operations) = run.advance(slice: heldSlice)
        var interruption: PythonError?
        while case .sliceOver = step {
            (step, operations) = py.release { run.advance(slice: longSlice) }
            if interruption == nil, PyErr_CheckSignals() != 0 {
                interruption = .taken(py)
                run.cancel(reason: "interrupted")
            }
        }
        switch step {
        case .finished(let result):
            if let interruption { throw interruption }
            return result.value
        case .failed(let failure):
            if let interruption { throw interruption }
            throw failure
        case .sliceOver, .waits:
            let begun = operations
            return try Python.wait("dana") {
                SentValue(value: try await run.goOn(after: begun, isWaiting: true, nil))
            }.value
        }
    }

    /// A result in Python, the reference to it in Dana released.
    static func converted(
        _ value: Value, in core: ContextCore, wraps: Bool, _ py: borrowing Python
    ) throws -> PyRef {
        let (made, presents) = try core.withLock { interpreter in
            defer { interpreter.release(value) }
            var converter = DanaToPython(core, interpreter)
            return (try converter.object(value, py), converter.needsPresenting)
        }
        let seen = presents ? try PythonObject.presented(made, py) : made
        guard wraps, let hook = Hooks[.wrap] else { return seen }
        return try hook.call(PythonObject(owning: seen), py: py).owned(py)
    }
}

/// Runs Dana for a task of an event loop. Functions of Python's are called on the loop's thread; slices beyond the
/// first run elsewhere.
enum AsyncRun {
    private static let firstSlice = 1000

    static func result(
        in core: ContextCore, wraps: Bool = false, begin: @Sendable (_ isInside: Bool) throws -> ContextRun
    ) async throws -> PythonObject {
        let sent = try await core.withTurn { isInside in
            let run = try begin(isInside)
            return SentValue(
                value: try await run.finish(firstSlice: firstSlice) { step in
                    await WorkerPool.shared.run { step() }
                })
        }
        return try Python.hold { py throws(PythonError) in
            do {
                return PythonObject(owning: try SyncRun.converted(sent.value, in: core, wraps: wraps, py))
            } catch {
                throw PythonError(mapping: error, py)
            }
        }
    }
}

extension ContextCore {
    /// Begins a call of a value with Python's arguments.
    func begin(
        calling callee: Value, _ arguments: [PythonObject], _ keywords: [(name: String, value: PythonObject)],
        isInside: Bool, _ py: borrowing Python
    ) throws -> ContextRun {
        var prepared: [PythonObject] = []
        for argument in arguments { prepared.append(try PythonToDana.prepared(argument, py)) }
        for keyword in keywords { prepared.append(try PythonToDana.prepared(keyword.value, py)) }
        return try withinBegin(py, prepared, callee, keywords.map(\.name), isInside)
    }

    private func withinBegin(
        _ py: borrowing Python, _ arguments: [PythonObject], _ callee: Value, _ keywords: [String], _ isInside: Bool
    ) throws -> ContextRun {
        // The token cannot be captured; inside the closure the thread holds the interpreter all the same.
        try begin(calling: callee, keywords: keywords, isInside: isInside) { interpreter in
            try Python.hold { py in
                let converter = PythonToDana(core: self, interpreter: interpreter)
                var values: [Value] = []
                do {
                    for argument in arguments { values.append(try converter.value(argument.pointer, py)) }
                    return values
                } catch {
                    for value in values { interpreter.release(value) }
                    throw error
                }
            }
        }
    }
}
