import DanaLanguage

/// One thing a context does: begun, run in slices, its host calls answered, until it ends.
public struct ContextRun: Sendable {
    public let core: ContextCore
    let entry: Int
    /// Which turn of the context's cancellation it belongs to; nil for what runs inside another.
    let turn: Int?

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

    /// Runs until it ends, needs the host or has used a slice of ticks.
    public func step(slice: Int) -> Step {
        do throws(DanaFailure) {
            return try core.locked { interpreter in
                switch interpreter.run(entry, slice: slice) {
                case .finished: .finished(SentValue(value: interpreter.takeResult()))
                case .failed(let error): .failed(core.failure(error, interpreter))
                case .sliceOver: .sliceOver
                case .waiting(let calls): .waits(calls)
                }
            }
        } catch {
            return .failed(error)
        }
    }

    /// Runs as `step` does, and on where the host answers at once; what it gives to wait for is new.
    public func advance(slice: Int) -> (step: Step, operations: [PendingOperation]) {
        while true {
            let step = step(slice: slice)
            guard case .waits(let calls) = step else { return (step, []) }
            let operations = core.dispatch(calls)
            if !operations.isEmpty || core.areAllUnderWay(calls) { return (step, operations) }
        }
    }

    /// Where slices beyond the first are run: on the caller's own thread when nil.
    public typealias Offload = @Sendable (@escaping @Sendable () -> Step) async -> Step

    /// Runs to the end, waiting for what must be awaited. The host's functions are called where the caller runs.
    public func finish(
        firstSlice: Int = ContextRun.slice, offload: Offload? = nil
    ) async throws(DanaFailure) -> Value {
        let (step, operations) = advance(slice: firstSlice)
        switch step {
        case .finished(let result): return result.value
        case .failed(let failure): throw failure
        case .sliceOver, .waits: return try await goOn(after: operations, isWaiting: step.isWaiting, offload)
        }
    }

    /// Ticks after which a run lets others in: about a millisecond.
    public static let slice = 100_000

    /// Runs to the end from where `advance` stopped.
    public func goOn(
        after operations: [PendingOperation], isWaiting: Bool, _ offload: Offload?
    ) async throws(DanaFailure) -> Value {
        let result: Result<SentValue, DanaFailure> = await withTaskCancellationHandler {
            await withTaskGroup(of: (HostCall, HostAnswering).self) { group in
                var operations = operations
                var isWaiting = isWaiting
                while true {
                    for operation in operations { add(operation, to: &group) }
                    operations = []
                    if isWaiting {
                        guard let (call, answering) = await group.next() else { return .failure(.contextClosed) }
                        core.complete(call, answering)
                    }
                    let step = await next(offload)
                    isWaiting = step.isWaiting
                    switch step {
                    case .finished(let result):
                        group.cancelAll()
                        return .success(result)
                    case .failed(let failure):
                        group.cancelAll()
                        return .failure(failure)
                    case .sliceOver: break
                    case .waits(let calls):
                        operations = core.dispatch(calls)
                        isWaiting = !operations.isEmpty || core.areAllUnderWay(calls)
                    }
                }
            }
        } onCancel: {
            cancel(reason: "the task that waited for it was cancelled")
        }
        return try result.get().value
    }

    private func add(
        _ operation: PendingOperation, to group: inout TaskGroup<(HostCall, HostAnswering)>
    ) {
        group.addTask {
            let answering = await ContextScope.$current.withValue(core.scope) { await operation.operation() }
            return (operation.call, answering)
        }
    }

    private func next(_ offload: Offload?) async -> Step {
        if let offload { return await offload { step(slice: ContextRun.slice) } }
        await Task.yield()
        return step(slice: ContextRun.slice)
    }

    /// Stops it: its `finally` and `with` run, and then it has failed.
    public func cancel(reason: String) {
        if let turn { core.cancellation.cancel(turn: turn, reason: reason) }
    }
}

extension ContextRun.Step {
    /// Whether it needs the host.
    public var isWaiting: Bool { if case .waits = self { true } else { false } }
}

/// A value on its way between tasks that hand it on.
public struct SentValue: Sendable {
    // Whoever uses it holds its context's lock.
    public let value: Value

    public init(value: Value) { self.value = value }
}

extension ContextCore {
    /// A program's end as the host sees it. A limit that is used up closes the context.
    func failure(_ error: ProgramError, _ interpreter: Interpreter) -> DanaFailure {
        // With the lock held: the interpreter holds what the error's origin names until it is let go of.
        let failure = DanaFailure(error, origin: error.origin.flatMap { object($0) })
        interpreter.releaseErrors()
        if case .limit(let limit) = error.cause {
            noteLater(.limitReached, "\(limit)", error.message)
            close(failure)
        } else {
            noteLater(.failed, failure.kind, failure.message)
        }
        return failure
    }

    /// Begins a program; the caller has the turn, or runs inside something that has.
    public func begin(
        _ program: Compiler.Program, module: String, isInside: Bool = false
    ) throws(DanaFailure) -> ContextRun {
        let turn = isInside ? nil : cancellation.nextTurn()
        let entry = try locked { interpreter in
            try refreshFunctions(interpreter)
            return try interpreter.begin(program, module: module)
        }
        return ContextRun(core: self, entry: entry, turn: turn)
    }

    /// Begins a call; what `arguments` makes is released when it is under way.
    public func begin(
        calling callee: Value, keywords: [String] = [], isInside: Bool = false,
        arguments: (Interpreter) throws -> [Value]
    ) throws(DanaFailure) -> ContextRun {
        let turn = isInside ? nil : cancellation.nextTurn()
        let entry = try locked { interpreter in
            try refreshFunctions(interpreter)
            let values = try arguments(interpreter)
            defer { for value in values { interpreter.release(value) } }
            return try values.withUnsafeBufferPointer {
                try interpreter.begin(calling: callee, $0, keywords: keywords)
            }
        }
        return ContextRun(core: self, entry: entry, turn: turn)
    }

    /// Begins a text; what runs in a module keeps its variables there.
    public func begin(
        _ source: SourceText, module: String, isInside: Bool = false
    ) throws(DanaFailure) -> ContextRun {
        try begin(try program(source), module: module, isInside: isInside)
    }

    /// A text compiled, once.
    func program(_ source: SourceText) throws(DanaFailure) -> Compiler.Program {
        guard source.bytes.count <= settings.limits.sourceSize else {
            throw DanaFailure(
                .limit(.sourceSize), kind: "LimitExceeded",
                "\(source.name) has \(source.bytes.count) bytes; this context takes texts of up to "
                    + "\(settings.limits.sourceSize)")
        }
        return try runtime.programs.program(source, limits: ParserLimits())
    }

    /// Begins the import of a module, whose value is the module.
    public func begin(importing name: String, isInside: Bool = false) throws(DanaFailure) -> ContextRun {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        let isName =
            !parts.isEmpty
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
            }
        guard isName else { throw .usage("ModuleNotFoundError", "'\(name)' is no module's name") }
        return try begin(
            SourceText("import \(name) as module\nmodule", name: "<import>"), module: "<import>", isInside: isInside)
    }

    /// Begins to run a file as a module that imports find under its name; its own imports look in its folder, too.
    public func begin(
        loading name: String, file: String, isInside: Bool = false
    ) throws(DanaFailure) -> ContextRun {
        let source: SourceText
        do throws(FileFailure) {
            source = SourceText(
                bytes: try OpenFile.named(file, limit: settings.limits.sourceSize), name: file)
        } catch {
            throw .usage("FileNotFoundError", error.message)
        }
        let program = try program(source)
        let turn = isInside ? nil : cancellation.nextTurn()
        addFolder(of: file, isPackage: file.hasSuffix("/__init__.na") ? name : nil)
        runtime.audit.note(.imported, context: number, name, file)
        let entry = try locked { interpreter in
            try refreshFunctions(interpreter)
            return try interpreter.begin(loading: program, module: name)
        }
        return ContextRun(core: self, entry: entry, turn: turn)
    }

    /// Goes on with what was under way when the context was saved: its host calls are made again.
    public func beginResumed(isInside: Bool = false) throws(DanaFailure) -> ContextRun {
        let turn = isInside ? nil : cancellation.nextTurn()
        let entry = try locked { interpreter -> Int? in
            try refreshFunctions(interpreter)
            return interpreter.openEntry
        }
        guard let entry else {
            throw .usage("ValueError", "nothing was under way when this context was saved: call it, or run a program")
        }
        return ContextRun(core: self, entry: entry, turn: turn)
    }

    /// Begins to ask an iterator for its next item; its end is a StopIteration.
    public func begin(nextOf iterator: Value, isInside: Bool = false) throws(DanaFailure) -> ContextRun {
        let next = try locked { SentValue(value: try $0.coreValue("_next")) }
        return try begin(calling: next.value, isInside: isInside) { interpreter in
            interpreter.retain(iterator)
            return [iterator]
        }
    }

    /// Takes the turn when it comes.
    public func takeTurn() async throws { try await gate.enter() }

    /// Does something while it has the turn, or at once inside something that has it.
    public func withTurn<Result>(
        _ body: (_ isInside: Bool) async throws -> Result
    ) async throws -> Result {
        if isInside { return try await body(true) }
        if !gate.tryEnter() { try await gate.enter() }
        defer { leaveTurn() }
        return try await body(false)
    }

    /// Takes the turn without waiting; whether it was free.
    public func tryTurn() -> Bool { gate.tryEnter() }

    /// Gives the turn back. Whoever closed the context meanwhile left its end to this.
    public func leaveTurn() {
        endScope()
        gate.leave()
        if gate.isClosedAndFree { end(.contextClosed) }
    }
}
