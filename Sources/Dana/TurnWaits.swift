import Synchronization

/// Which context waits, on a thread, for the turn of which other: contexts that wait for each other in a circle would
/// wait for ever.
public enum TurnWaits {
    private static let waits = Mutex<[ObjectIdentifier: ContextCore]>([:])

    /// Does something that waits for a context's turn, on a thread that has those of `callers`.
    public static func whileWaiting<Result>(
        for context: ContextCore, by callers: [ContextCore], _ body: () throws -> Result
    ) throws -> Result {
        if callers.isEmpty { return try body() }
        let before = try begin(waitingFor: context, by: callers)
        // What a signal's handler begins in the middle of another wait leaves that as it was.
        defer {
            waits.withLock { waits in
                for (caller, before) in zip(callers, before) { waits[ObjectIdentifier(caller)] = before }
            }
        }
        return try body()
    }

    /// Notes the wait; gives what each of the callers waited for before.
    private static func begin(
        waitingFor context: ContextCore, by callers: [ContextCore]
    ) throws(DanaFailure) -> [ContextCore?] {
        try waits.withLock { waits throws(DanaFailure) in
            var next = waits[ObjectIdentifier(context)]
            var steps = 0
            while let awaited = next, steps <= waits.count {
                if callers.contains(where: { $0 === awaited }) {
                    throw .usage(
                        "RuntimeError",
                        "context \(awaited.number) cannot wait for the turn of context \(context.number), which itself "
                            + "waits for context \(awaited.number) to end what runs there: call from one into the other "
                            + "in one direction only")
                }
                next = waits[ObjectIdentifier(awaited)]
                steps += 1
            }
            let before = callers.map { waits[ObjectIdentifier($0)] }
            for caller in callers { waits[ObjectIdentifier(caller)] = context }
            return before
        }
    }
}

extension ContextCore {
    /// What ended the wait for a turn.
    private enum WaitEnd {
        case entered
        case failed(any Error)
        /// One of the contexts that wait for it.
        case stopped(ContextCore)
    }

    /// Takes the turn when it comes, for what runs in other contexts: no longer than those may wait.
    public func takeTurn(for callers: [ContextCore]) async throws {
        if callers.isEmpty { return try await takeTurn() }
        let end = await withTaskGroup(of: WaitEnd.self) { group in
            group.addTask {
                do {
                    try await self.takeTurn()
                    return .entered
                } catch {
                    return .failed(error)
                }
            }
            for caller in callers {
                group.addTask {
                    await caller.whenStopping()
                    return .stopped(caller)
                }
            }
            let first = await group.next()
            group.cancelAll()
            for await case .entered in group { leaveTurn() }
            return first
        }
        switch end {
        case .entered: return
        case .failed(let error): throw error
        case .stopped(let caller):
            try Task.checkCancellation()
            throw caller.stopping
        case nil: throw CancellationError()
        }
    }
}
