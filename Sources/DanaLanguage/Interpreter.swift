/// One program's execution: its heap, modules, scopes and fibers. It runs until it needs the host, and never waits.
///
/// It belongs to one thread at a time. `run` returns what happened. When it waits, the host looks at the calls, answers
/// some or all of them with `answer`, `end` or `fail`, in any order, and runs it again. What it gives a program of its
/// own it wraps with `makeHandle`; every operation on such a handle comes back as a call.
public final class Interpreter {
    let machine: Machine
    var remembered = RememberedNames()

    /// `hostNames` are functions of the host's, as `register` makes them known.
    public convenience init(
        limits: Limits = Limits(), clock: Clock? = nil, cancellation: Cancellation = Cancellation(),
        seed: UInt64? = nil, hostNames: HostNames? = nil
    ) throws(ProgramError) {
        try self.init(catalogue: .standard, limits: limits, clock: clock, cancellation: cancellation, seed: seed)
        if let hostNames { machine.offer(hostNames) }
        machine.heap.state.pointee.isDeterministic = seed != nil
    }

    /// The catalogue's built-ins are what programs find.
    init(
        catalogue: NativeCatalogue, limits: Limits = Limits(), clock: Clock? = nil,
        cancellation: Cancellation = Cancellation(), seed: UInt64? = nil
    ) throws(ProgramError) {
        machine = try Machine(
            catalogue: catalogue, limits: limits, clock: clock, cancellation: cancellation,
            seed: seed ?? HashSeeds.next())
    }

    // MARK: What the host gives

    /// Makes a function of the host's known under a name; calling it suspends with a `HostCall`. Programs that are
    /// started afterwards find it. Gives the number that calls of it carry.
    @discardableResult
    public func register(hostFunction name: String) throws(ProgramError) -> Int {
        try machine.guarded { () throws(DanaError) in try machine.defineHostFunction(name) }
        return machine.hostFunctions.count - 1
    }

    /// Makes a value that stands for something of the host's; the caller owns the reference, and hands it over with an
    /// answer.
    ///
    /// Every operation on it is a host call with the number. Each handle made is reported once by
    /// `takeReleasedHandles`, when no value holds it any more, so two handles of one number are reported twice; they
    /// are equal, but not the same object. A function, as `|` sees it, is called by a pipe and composes with others;
    /// other handles are asked for the operator.
    public func makeHandle(_ identifier: UInt64, typeName: String, isFunction: Bool = false) throws(ProgramError)
        -> Value
    {
        try made { () throws(DanaError) in
            try machine.heap.handle(identifier, typeName: typeName, isFunction: isFunction).value
        }
    }

    /// Words the error of what needs a capability that is not granted: what, and the capability.
    public func wordCapabilityErrors(_ message: @escaping @Sendable (String, String) -> String) {
        machine.capabilityMessage = message
    }

    /// Grants a capability that a built-in module asks for.
    public func grant(capability: String) {
        machine.capabilities.insert(capability)
    }

    /// Lets programs change `system:` variables.
    public func grantSystemWriting() {
        machine.mayWriteSystem = true
    }

    /// Gives the UTF-8 that `print` writes to a sink, which is called while the program runs.
    public func writeOutput(to sink: @escaping @Sendable ([UInt8]) -> Void) {
        machine.heap.state.pointee.output = sink
    }

    /// Counts text that the host shows for a program, as what `print` writes counts.
    public func takeOutput(bytes: Int) throws(ProgramError) {
        do throws(DanaError) {
            try machine.heap.state.pointee.takeOutput(bytes: bytes)
        } catch {
            throw machine.programError(error)
        }
    }

    /// Shows programs another time than the machine's. A restored interpreter shows the machine's again.
    public func showTime(_ time: ProgramTime) {
        machine.heap.state.pointee.time = time
    }

    /// Nanoseconds that `finally` and `with` have left after a cancellation, waits included; nil where nothing cleans up.
    public var remainingCleanup: UInt64? { machine.heap.state.pointee.meter.remainingCleanup }

    /// Lets the slice that is under way end at its next tick.
    public func endSlice() { machine.heap.state.pointee.meter.endSlice() }

    /// Says which of the host's functions are to programs like the language's own: an import may hide them.
    public func countAsBuiltIns(_ names: HostNames) { machine.builtInHostNames = names }

    /// Lets an import of names into the global scope replace functions that stand there.
    public func allowOverwritingImports() { machine.mayOverwriteImports = true }

    /// The names that programs find without setting them: built-ins and what the host has given so far.
    public var names: ResolverNames {
        let blocked = machine.catalogue.blockedNames.map { ($0.name, $0.alternative) }
        return ResolverNames(
            known: machine.coreNames.union(["__name__"]),
            blocked: Dictionary(blocked) { first, _ in first })
    }

    // MARK: Running

    /// Prepares to run a program as a module of this name: the next `run` begins it. The module keeps its variables
    /// afterwards, and a program started under its name later goes on with them.
    public func start(_ program: Compiler.Program, module name: String) throws(ProgramError) {
        try start(program.code, module: name)
    }

    /// Prepares a program beside what already waits for the host: the entry's number, for `run`.
    public func begin(_ program: Compiler.Program, module name: String) throws(ProgramError) -> Int {
        try machine.begin(program.code, module: name)
    }

    /// Prepares a call beside what already waits for the host, with borrowed arguments, the last of which have the
    /// names of `keywords`.
    public func begin(
        calling callee: Value, _ arguments: UnsafeBufferPointer<Value>, keywords: [String] = []
    ) throws(ProgramError) -> Int {
        try machine.begin(calling: callee, arguments, keywords: keywords)
    }

    /// Prepares to ask an iterator, borrowed, for its next item; its end is a StopIteration.
    public func begin(nextOf iterator: Value) throws(ProgramError) -> Int {
        let next = try coreValue("_next")
        return try withUnsafePointer(to: iterator) { iterator throws(ProgramError) in
            try machine.begin(calling: next, UnsafeBufferPointer(start: iterator, count: 1), keywords: [])
        }
    }

    /// Runs an entry until it ends, needs the host or has used `slice` ticks.
    public func run(_ entry: Int, slice: Int = .max) -> Outcome {
        machine.run(entry, slice: slice)
    }

    /// Stops an entry, and no other: `finally` and `with` run under a bounded number of ticks, and then it has failed.
    public func cancel(_ entry: Int, reason: String) {
        machine.cancel(entry, reason: reason)
    }

    /// Ends an entry wherever it stands, without its cleanup.
    public func discard(_ entry: Int) {
        machine.clearFibers(of: entry)
    }

    /// What the entry that finished last came to; it is the caller's.
    public func takeResult() -> Value {
        let result = machine.resultPlace.pointee
        machine.resultPlace.pointee = .undefined
        return result.isUndefined ? .null : result
    }

    /// Answers an import with the module's program, to be run as a module of this name.
    public func answer(_ call: HostCall.Identifier, with program: Compiler.Program, module name: String) {
        resume(call, with: .module(program.code, name: name))
    }

    /// Answers a call with a value of this interpreter's, whose reference it takes over. The fiber that made the call
    /// goes on at the next `run`. An answer to a call that is not waited for any more is dropped.
    public func answer(_ call: HostCall.Identifier, with value: Value) {
        resume(call, with: .value(value))
    }

    /// Answers a call for the next item of a loop with a list of those that come next, at least one, whose reference is
    /// taken over. The loop asks again when it has gone through them.
    public func answer(_ call: HostCall.Identifier, withItems list: Value) {
        resume(call, with: .items(list))
    }

    /// Answers a call for the next item: there is none.
    public func end(_ call: HostCall.Identifier) {
        resume(call, with: .end)
    }

    /// Answers a call with an exception that the program sees where it made the call. `origin` is the number of a
    /// handle for the host's own error: the exception holds it, through every `raise` and `raise ... from`, and it is
    /// reported by `takeReleasedHandles` when the exception is gone. `arguments`, a tuple that is taken over, are what the
    /// exception is made with where that is not the message; `areApart` says that its text is the message all the same.
    /// `details`, a dict that is taken over, are what it tells besides.
    public func fail(
        _ call: HostCall.Identifier, _ kind: ExceptionKind, _ message: String, arguments: Value? = nil,
        areApart: Bool = false, origin: UInt64? = nil, details: Value? = nil
    ) {
        resume(
            call,
            with: .failure(
                kind, message: message, arguments: arguments, areApart: areApart, origin: origin, details: details))
    }

    /// Answers a call whose answer used up a limit: no program can catch that.
    public func fail(_ call: HostCall.Identifier, usingUp limit: LimitKind) {
        resume(call, with: .limit(limit))
    }

    /// Whether the limit of host calls leaves one more.
    public var hasHostCallsLeft: Bool { machine.hostCallCount < machine.limits.hostCalls }

    /// Counts further calls of the host's for the one that is under way; false when there are no more than the limit
    /// leaves, and then none are left.
    public func count(hostCalls calls: Int) -> Bool {
        let left = max(0, machine.limits.hostCalls - machine.hostCallCount)
        machine.hostCallCount += min(max(0, calls), left)
        return calls <= left
    }

    /// The names of the host's functions, by the numbers that their calls carry.
    public var hostFunctions: [String] { machine.hostFunctions }

    /// Where a program made a call that waits for its answer.
    public func place(of call: HostCall) -> ErrorPlace? {
        guard let fiber = machine.pending.find(call.identifier)?.pointee.fiber else { return nil }
        return machine.place(of: fiber)
    }

    /// Prepares to run a module's code: the next `run` begins it. The module keeps its variables afterwards, and
    /// starting another code under its name goes on with them.
    func start(_ code: Code, module name: String) throws(ProgramError) {
        try machine.start(code, module: name)
    }

    /// Prepares to call a module's function with arguments of the interpreter's heap, borrowed.
    func start(function name: String, module: String, arguments: [Value]) throws(ProgramError) {
        try machine.start(function: name, module: module, arguments: arguments)
    }

    /// Runs until the program ends, needs the host or has used `slice` ticks.
    public func run(slice: Int = .max) -> Outcome {
        machine.run(machine.mainEntry, slice: slice)
    }

    /// Answers a pending host call; the fiber that made it goes on at the next `run`.
    func resume(_ call: HostCall.Identifier, with answer: HostAnswer) {
        machine.resume(call, with: answer)
    }

    /// What the last program that finished returned, borrowed.
    var result: Value { machine.resultPlace.pointee }

    // MARK: Saving

    /// The paused program as bytes, sealed with the host's key: `restore` makes an interpreter of them that goes on
    /// where this one stands, also in another process. Handles of the host's keep their numbers.
    public func save(key: SealKey) throws(SaveError) -> [UInt8] {
        machine.heap.destroyAllDead()
        var saver = ProgramSaver(machine)
        return try saver.saved(key: key)
    }

    /// An interpreter that goes on where a saved one stood. What is damaged, foreign or sealed with another key is
    /// refused.
    public static func restore(
        _ bytes: [UInt8], key: SealKey, limits: Limits = Limits(), clock: Clock? = nil,
        cancellation: Cancellation = Cancellation()
    ) throws(SaveError) -> Interpreter {
        try restore(
            bytes, key: key, catalogue: .standard, limits: limits, clock: clock, cancellation: cancellation)
    }

    static func restore(
        _ bytes: [UInt8], key: SealKey, catalogue: NativeCatalogue, limits: Limits = Limits(), clock: Clock? = nil,
        cancellation: Cancellation = Cancellation()
    ) throws(SaveError) -> Interpreter {
        let content = try SavedForm.content(of: bytes, key: key)
        let interpreter: Interpreter
        do {
            interpreter = try Interpreter(
                catalogue: catalogue, limits: limits, clock: clock, cancellation: cancellation,
                seed: try ProgramRestorer.seed(of: content))
        } catch let error as ProgramError {
            throw SaveError(restoring: error)
        } catch let error as SaveError {
            throw error
        } catch {
            throw SaveError(message: "the program cannot be restored: \(error)")
        }
        var restorer = ProgramRestorer(interpreter.machine, content: content)
        try restorer.restore()
        return interpreter
    }

    /// The host calls that wait for an answer.
    public var pendingCalls: HostCalls { machine.pending.calls }

    // MARK: What was used

    /// Ticks used so far.
    public var ticks: Int { machine.heap.state.pointee.meter.usedInAll + machine.heap.state.pointee.meter.used }
    /// Bytes that values take.
    public var bytesInUse: Int { machine.heap.bytesInUse }

    /// Lets go of the exceptions whose origins `ProgramError`s named. A host calls it when it has taken from the errors
    /// what it needs; until then, and for at most 16 failures, the origins are not reported as released.
    public func releaseErrors() {
        machine.releaseFailures()
    }

    /// What the host sees of an exception that a program holds, as of one that ends it; nil for any other value.
    public func error(of value: Value) -> ProgramError? {
        guard value.isObject(.exception) else { return nil }
        return machine.programError(.raised(machine.heap.retained(value)))
    }

    /// The number of the host's own error that an exception stems from; nil where there is none.
    public func origin(ofException value: Value) -> UInt64? { ExceptionObject(value)?.origin }

    /// The handles that programs had entered by `with` when a limit ended them, the innermost of each entry first: nobody
    /// but the host can leave them.
    public func takeManagersLeftOpen() -> [(entry: Int, handle: UInt64)] {
        defer { machine.managersLeftOpen = [] }
        return machine.managersLeftOpen
    }

    /// Whether there is something to take.
    public var hasReleasedHandles: Bool { !machine.heap.state.pointee.releasedHandles.isEmpty }

    /// Handles of the host's that no value holds any more since the last time this was asked.
    public func takeReleasedHandles() -> [UInt64] {
        defer { machine.heap.state.pointee.releasedHandles = [] }
        return machine.heap.state.pointee.releasedHandles
    }
}

/// What a `run` came to.
public enum Outcome: Sendable {
    /// The program ended; the interpreter holds its result.
    case finished
    case failed(ProgramError)
    /// No fiber can go on before the host answers; all calls that are pending.
    case waiting(HostCalls)
    /// The slice is used up; `run` goes on.
    case sliceOver
}
