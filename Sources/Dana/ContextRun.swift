import DanaLanguage

/// One thing a context does: begun, run in slices, its host calls answered, until it ends.
public struct ContextRun: Sendable {
    public let core: ContextCore
    let entry: Int
    let reach: Reach

    /// What stops when it is cancelled.
    enum Reach {
        /// What a turn of the context began, all of it.
        case turn(Int)
        /// This alone: it runs inside another.
        case entry(EntryInterrupt)
    }

    /// What became of a step.
    public enum Step: Sendable {
        /// With its result, which the caller owns.
        case finished(SentValue)
        case failed(DanaFailure)
        /// The slice is over; it goes on.
        case sliceOver
        /// It needs these answered before it goes on.
        case waits(HostCalls)
    }

    /// Ticks after which a run lets others in: about a millisecond.
    public static let slice = 100_000
    /// Ticks that a run takes where it stands, with whatever its caller holds.
    public static let shortSlice = 1000

    /// Runs until it ends, needs the host or has used a slice of ticks. What is printed and told on the way is handed on
    /// inside the turn.
    public func step(slice: Int) -> Step {
        core.whileWorking {
            do throws(DanaFailure) {
                return try core.locked { step(slice: slice, $0) }
            } catch {
                return .failed(error)
            }
        }
    }

    /// The same with the lock held.
    func step(slice: Int, _ interpreter: Interpreter) -> Step {
        step(after: outcome(slice: slice, interpreter), interpreter)
    }

    /// Runs the same; with the lock held.
    public func outcome(slice: Int, _ interpreter: Interpreter) -> Outcome {
        if case .entry(let interrupt) = reach, let reason = interrupt.take() {
            interpreter.cancel(entry, reason: reason)
        }
        return interpreter.run(entry, slice: slice)
    }

    /// What a slice came to; with the lock held.
    public func step(after outcome: Outcome, _ interpreter: Interpreter) -> Step {
        switch outcome {
        case .finished: return .finished(SentValue(value: interpreter.takeResult()))
        case .failed(let error): return .failed(core.failure(error, of: entry, interpreter))
        case .sliceOver: return .sliceOver
        case .waiting(let calls): return .waits(calls)
        }
    }

    /// Stops it: its `finally` and `with` run, and then it has failed.
    public func cancel(reason: String) {
        switch reach {
        case .turn(let turn): core.cancellation.cancel(turn: turn, reason: reason)
        case .entry(let interrupt): interrupt.raise(reason: reason)
        }
    }

    /// Ends it where it stands, without cleanup.
    public func discard() { _ = core.lockedIfOpen { $0.discard(entry) } }
}

/// A value on its way between tasks that hand it on.
public struct SentValue: Sendable {
    // Whoever uses it holds its context's lock.
    public let value: Value

    public init(value: Value) { self.value = value }
}
