import DanaLanguage

/// Runs to the end for a task that waits for it.
extension ContextRun {
    /// Where slices beyond the first are run: on the caller's own thread when nil.
    public typealias Offload = @Sendable (@escaping @Sendable () -> Step) async -> Step

    /// Runs to the end, waiting for what must be awaited. The host's functions are called where the caller runs.
    public func finish(
        firstSlice: Int = ContextRun.slice, offload: Offload? = nil
    ) async throws(DanaFailure) -> Value {
        try await goOn(after: step(slice: firstSlice), offload: offload)
    }

    /// Runs to the end from what the first step came to.
    public func goOn(after first: Step, offload: Offload?) async throws(DanaFailure) -> Value {
        var step = first
        for _ in 0..<ContextRun.callsInARow {
            guard case .waits(let calls) = step else { break }
            let dispatch = core.dispatch(calls)
            guard dispatch.operations.isEmpty else { return try await goOn(with: dispatch, offload) }
            step = self.step(slice: ContextRun.shortSlice)
        }
        switch step {
        case .finished(let result): return result.value
        case .failed(let failure): throw failure
        case .sliceOver: return try await goOn(with: ContextCore.Dispatch(isWaiting: false), offload)
        case .waits(let calls): return try await goOn(with: core.dispatch(calls), offload)
        }
    }

    /// Host calls that are answered one after the other before others are let in.
    private static let callsInARow = 128

    /// What a run waits for.
    private enum Event: Sendable {
        case answered(HostCall, HostAnswering)
        /// The context is cancelled or closed, or its life is over.
        case stopped
        /// The cleanup's time is over.
        case cleanupOver
    }

    /// What is awaited for `finally` and `with` after a cancellation, which has its own time: tasks that are not cancelled
    /// with the one that waits for them.
    private struct Cleanup {
        var operations: [Task<HostAnswering, Never>] = []
        var timer: Task<Void, Never>?

        func cancel() {
            for operation in operations { operation.cancel() }
            timer?.cancel()
        }
    }

    /// Runs to the end with operations that are to be awaited meanwhile.
    private func goOn(
        with first: ContextCore.Dispatch, _ offload: Offload?
    ) async throws(DanaFailure) -> Value {
        let result: Result<SentValue, DanaFailure> = await withTaskCancellationHandler {
            await withTaskGroup(of: Event.self) { group in
                let result = await goOn(with: first, offload, &group)
                group.cancelAll()
                for await case .answered(let call, _) in group { core.forget(call) }
                return result
            }
        } onCancel: {
            cancel(reason: DanaFailure.taskCancellation)
        }
        return try result.get().value
    }

    private func goOn(
        with first: ContextCore.Dispatch, _ offload: Offload?, _ group: inout TaskGroup<Event>
    ) async -> Result<SentValue, DanaFailure> {
        var dispatch = first
        var callsInARow = 0
        var isWatched = false
        var cleanup = Cleanup()
        defer { cleanup.cancel() }
        while true {
            if !dispatch.operations.isEmpty {
                if let left = core.remainingCleanup {
                    add(dispatch.operations, to: &group, &cleanup, timeLeft: left)
                } else {
                    for operation in dispatch.operations {
                        group.addTask { .answered(operation.call, await operation.answering()) }
                    }
                }
            }
            if dispatch.isWaiting {
                if !isWatched { watch(&group) }
                isWatched = true
                switch await group.next() {
                case .answered(let call, let answering): core.complete(call, answering)
                case .stopped: group.cancelAll()
                case .cleanupOver: cleanup.cancel()
                case nil: return .failure(core.gate.closing)
                }
            }
            let isShort = callsInARow > 0 && callsInARow < ContextRun.callsInARow
            switch isShort ? step(slice: ContextRun.shortSlice) : await next(offload) {
            case .finished(let result): return .success(result)
            case .failed(let failure): return .failure(failure)
            case .sliceOver:
                dispatch = ContextCore.Dispatch(isWaiting: false)
                callsInARow = 0
            case .waits(let calls):
                dispatch = core.dispatch(calls)
                callsInARow = isShort || callsInARow == 0 ? callsInARow + 1 : 0
            }
        }
    }

    private func add(
        _ operations: [PendingOperation], to group: inout TaskGroup<Event>, _ cleanup: inout Cleanup, timeLeft: UInt64
    ) {
        let settings = core.settings
        for operation in operations {
            let task = Task(executorPreference: settings.executor) { await operation.answering() }
            cleanup.operations.append(task)
            group.addTask { .answered(operation.call, await task.value) }
        }
        guard cleanup.timer == nil else { return }
        let timer = Task(executorPreference: settings.executor) { () -> Void in try? await settings.sleep(timeLeft) }
        cleanup.timer = timer
        group.addTask {
            await timer.value
            return .cleanupOver
        }
    }

    private func watch(_ group: inout TaskGroup<Event>) {
        core.watchLife()
        group.addTask {
            await core.stops.wait(unless: { core.isStopping })
            return .stopped
        }
    }

    private func next(_ offload: Offload?) async -> Step {
        if let offload { return await offload { step(slice: ContextRun.slice) } }
        await Task.yield()
        return step(slice: ContextRun.slice)
    }
}
