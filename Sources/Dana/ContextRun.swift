import DanaLanguage

/// One thing a context does: begun, run in slices, its host calls answered, until it ends.
public struct ContextRun: Sendable {
    public let core: ContextCore
    let entry: Int
    /// Which turn of the context's cancellation it belongs to; nil for what runs inside another.
    let turn: Int?

    /// What became of it.
    public enum State {
        /// With its result, which the caller owns.
        case finished(Value)
        case failed(DanaFailure)
        /// The slice is over; it goes on.
        case sliceOver
        /// It waits for these, and those that were given before.
        case waits([PendingOperation])
    }

    /// Runs until it ends, must wait or has used a slice of ticks. Without the lock.
    public func advance(slice: Int = .max) -> State {
        while true {
            let outcome: (Outcome, Value)
            do throws(DanaFailure) {
                outcome = try core.locked { interpreter in
                    let outcome = interpreter.run(entry, slice: slice)
                    if case .finished = outcome { return (outcome, interpreter.takeResult()) }
                    return (outcome, Interpreter.null)
                }
            } catch {
                return .failed(error)
            }
            switch outcome.0 {
            case .finished: return .finished(outcome.1)
            case .failed(let error): return .failed(core.failure(error))
            case .sliceOver: return .sliceOver
            case .waiting(let calls):
                let operations = core.dispatch(calls)
                // Where every call was answered at once the program goes on.
                if !operations.isEmpty || core.areAllUnderWay(calls) { return .waits(operations) }
            }
        }
    }

    /// Runs to the end, waiting for what must be awaited.
    public func finish(after state: State? = nil, slice: Int = 100_000) async throws(DanaFailure) -> Value {
        var state = state ?? advance(slice: slice)
        while case .sliceOver = state {
            await Task.yield()
            state = advance(slice: slice)
        }
        switch state {
        case .finished(let value): return value
        case .failed(let failure): throw failure
        case .sliceOver: throw .contextClosed
        case .waits(let operations): return try await finish(waitingFor: operations, slice: slice)
        }
    }

    private func finish(
        waitingFor first: [PendingOperation], slice: Int
    ) async throws(DanaFailure) -> Value {
        let result: Result<SentValue, DanaFailure> = await withTaskCancellationHandler {
            await withTaskGroup(of: (HostCall.Identifier, HostAnswering).self) { group in
                var operations = first
                while true {
                    for operation in operations {
                        group.addTask {
                            (
                                operation.call,
                                await ContextScope.$current.withValue(core.number) { await operation.operation() }
                            )
                        }
                    }
                    guard let (call, answering) = await group.next() else {
                        return .failure(.contextClosed)
                    }
                    core.complete(call, answering)
                    var state = advance(slice: slice)
                    while case .sliceOver = state {
                        await Task.yield()
                        state = advance(slice: slice)
                    }
                    switch state {
                    case .finished(let value):
                        group.cancelAll()
                        return .success(SentValue(value: value))
                    case .failed(let failure):
                        group.cancelAll()
                        return .failure(failure)
                    case .sliceOver: operations = []
                    case .waits(let more): operations = more
                    }
                }
            }
        } onCancel: {
            cancel(reason: "the task that waited for it was cancelled")
        }
        return try result.get().value
    }

    /// Stops it: its `finally` and `with` run, and then it has failed.
    public func cancel(reason: String) {
        if let turn { core.cancellation.cancel(turn: turn, reason: reason) }
    }
}

/// A value on its way between tasks that hand it on.
private struct SentValue: @unchecked Sendable {
    // Safe because a value is bits; whoever uses it holds its context's lock.
    let value: Value
}

/// Which context a host call works for: what it begins in that context runs inside, without a turn of its own.
public enum ContextScope {
    @TaskLocal public static var current: UInt64?
}

extension ContextCore {
    /// A program's end as the host sees it. A limit that is used up closes the context.
    func failure(_ error: ProgramError) -> DanaFailure {
        let failure = DanaFailure(error)
        if case .limit(let limit) = error.cause {
            runtime.audit.note(.limitReached, context: number, "\(limit)", error.message)
            close(failure)
        } else {
            runtime.audit.note(.failed, context: number, failure.kind, failure.message)
        }
        return failure
    }

    /// Begins a program; the caller has the turn, or runs inside something that has.
    public func begin(
        _ program: Compiler.Program, module: String, isInside: Bool = false
    ) throws(DanaFailure) -> ContextRun {
        let turn = isInside ? nil : cancellation.nextTurn()
        let entry = try locked { try $0.begin(program, module: module) }
        return ContextRun(core: self, entry: entry, turn: turn)
    }

    /// Begins a call; what `arguments` makes is released when it is under way.
    public func begin(
        calling callee: Value, keywords: [String] = [], isInside: Bool = false,
        arguments: (Interpreter) throws -> [Value]
    ) throws(DanaFailure) -> ContextRun {
        let turn = isInside ? nil : cancellation.nextTurn()
        let entry = try locked { interpreter in
            let values = try arguments(interpreter)
            defer { for value in values { interpreter.release(value) } }
            return try values.withUnsafeBufferPointer {
                try interpreter.begin(calling: callee, $0, keywords: keywords)
            }
        }
        return ContextRun(core: self, entry: entry, turn: turn)
    }

    /// Does something while it has the turn, or at once inside something that has it.
    public func withTurn<Result>(
        _ body: (_ isInside: Bool) async throws -> Result
    ) async throws -> Result {
        if ContextScope.current == number { return try await body(true) }
        if !gate.tryEnter() { try await gate.enter() }
        defer { leaveTurn() }
        return try await body(false)
    }

    /// Takes the turn without waiting; whether it was free.
    public func tryTurn() -> Bool { gate.tryEnter() }

    /// Gives the turn back. Whoever closed the context meanwhile left its end to this.
    public func leaveTurn() {
        gate.leave()
        if gate.isClosedAndFree { end(.contextClosed) }
    }
}
