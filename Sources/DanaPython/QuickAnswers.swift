import CPython
import Dana
import DanaLanguage
import PythonBridge

/// Answers calls of Python's functions that a program makes one after the other, with plain arguments and plain results:
/// between two of them the lock is taken once, for the answer and for what the program does until the next.
extension SyncRun {
    /// How the program stands then; nil where these calls are others, and then nothing has happened.
    mutating func answeredQuickly(_ calls: HostCalls, _ py: borrowing Python) -> ContextRun.Step? {
        let core = run.core
        guard tasks.isEmpty, core.takeLock() != nil else { return nil }
        var outcome = Outcome.waiting(calls)
        guard var call = PreparedCall(outcome, in: core, py) else {
            core.giveLockBack()
            return nil
        }
        return core.whileWorking {
            while true {
                core.giveLockBack()
                let returned = CallInterruption.interruptible(in: core) { call.result(py) }
                if returned != nil { letOthersIn(py) }
                guard let returned, let interpreter = core.takeLock() else { return step(outcome, returned, py) }
                guard let value = PythonToDana.scalar(returned, interpreter, py) else {
                    core.giveLockBack()
                    return step(outcome, returned, py)
                }
                py_decref(returned)
                interpreter.answer(call.identifier, with: value)
                outcome = run.outcome(slice: ContextRun.shortSlice, interpreter)
                guard let next = PreparedCall(outcome, in: core, py) else {
                    let step = run.step(after: outcome, interpreter)
                    core.giveLockBack()
                    return step
                }
                call = next
            }
        }
    }

    /// The same for a call whose result is no plain one, or that has none: the reference is taken over.
    @inline(never)
    private mutating func step(_ outcome: Outcome, _ returned: PyRef?, _ py: borrowing Python) -> ContextRun.Step {
        if case .waiting(let calls) = outcome, let call = calls.first {
            let reply = PythonCall(core: run.core, call: call).answer(returned: returned, py)
            if case .later(let operation) = reply, start([run.core.begin(awaiting: call, operation)], py) {
                receive(py)
            } else if returned == nil {
                letOthersIn(py)
            }
        }
        return run.step(slice: ContextRun.shortSlice)
    }
}

/// A call of a function of Python's with plain arguments, which are converted.
private struct PreparedCall {
    let identifier: HostCall.Identifier
    private let function: PyRef
    private let count: Int
    private var arguments = InlineArray<4, PyRef?>(repeating: nil)

    /// With the lock of the context held; nil for any other call.
    @inline(__always)
    init?(_ outcome: Outcome, in core: ContextCore, _ py: borrowing Python) {
        guard let call = outcome.plainCall, call.arguments.count <= 4, let callee = core.callee(of: call) else {
            return nil
        }
        let object: PythonObject
        if type(of: callee) == PythonGuest.self {
            let guest = unsafeDowncast(callee, to: PythonGuest.self)
            guard case .nothing = guest.passing, !guest.isClass || guest.isGift else { return nil }
            object = guest.object
        } else if let known = callee as? PythonFunction, !known.takesContext {
            object = known.function
        } else {
            return nil
        }
        identifier = call.identifier
        count = call.arguments.count
        function = object.owned(py)
        for index in 0..<count {
            guard let argument = DanaToPython.scalar(call.arguments[index], py) else {
                release()
                return nil
            }
            arguments[index] = argument
        }
    }

    /// What the function gives, a new reference; nil with Python's error set. Function and arguments go.
    @inline(__always)
    mutating func result(_ py: borrowing Python) -> PyRef? {
        defer { release() }
        return arguments.span.withUnsafeBufferPointer { py_call(function, $0.baseAddress, count) }
    }

    @inline(__always)
    private mutating func release() {
        for index in 0..<count { py_xdecref(arguments[index]) }
        py_decref(function)
    }
}
