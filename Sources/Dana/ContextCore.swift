import DanaLanguage
import DanaSystem
import Synchronization

/// What a context is made of: its interpreter, what it may do, and what of the host's its programs hold.
///
/// Two rules keep it whole. Whoever begins something outermost holds the gate's turn until that has ended. Whoever
/// touches the interpreter holds the lock, for a bounded time, and calls nothing of the host's meanwhile.
public final class ContextCore: @unchecked Sendable {
    // Safe because everything below `lock` is touched with it held.
    public let settings: ContextSettings
    public let number: UInt64
    public let runtime: RuntimeCore
    public let cancellation = Cancellation()
    /// Wakes those who wait when the context is cancelled or closed.
    public let stops = StopSignal()
    /// When the context's life ends, by the monotonic clock; nil for no end.
    let deadline: UInt64?
    let gate = ContextGate()
    // Safe because whoever touches it holds what the host's functions run under.
    @exclusivity(unchecked) public var callingThreads = CallingThreads()
    /// How many functions of the host's run, for those who hold nothing.
    private let hostCalls = Atomic<Int>(0)
    /// Bytes of answers on their way to programs.
    let arriving = Atomic<Int>(0)
    private let held = HeldValues()

    private let lock = Mutex(())
    private var interpreter: Interpreter?
    private var openedFinder: ModuleFinder?
    var functions: HostFunctionTable
    /// Host calls whose answer is under way.
    var underWay: Set<HostCall.Identifier> = []
    private var objects = HostObjectTable()
    /// What of its variables is taken out of what leaves.
    var secrets: Set<String> = []
    var privateLooks = ScopeLooks()
    var systemLooks = ScopeLooks()
    /// The turn under way, once something was awaited in it.
    private var turn: ContextScope.Turn?
    private let hasTurn = Atomic<Bool>(false)
    /// Wakes who waits when the context's life is over; from the first wait on.
    private var lifeWatch: Task<Void, Never>?
    private let isLifeWatched = Atomic<Bool>(false)
    private let isLifeOver = Atomic<Bool>(false)
    /// Interrupts functions of the host's in the turn under way, which is to stop.
    private let interrupting = Mutex<Task<Void, Never>?>(nil)
    private let isInterrupting = Atomic<Bool>(false)
    private var leftovers = Leftovers()
    /// By which managers are left that entries had in `with` when a limit ended them.
    var managersLeftOpen: [(entry: Int, leave: @Sendable () -> Void)] = []
    /// What ends the run under way with an error of the host's own.
    private let interruption = Mutex<(any Error)?>(nil)
    private let isInterrupted = Atomic<Bool>(false)

    /// What is done when the lock has been given back: any of it may come back to this context, or need the
    /// interpreter of Python, which whoever waits for the lock may hold.
    private struct Leftovers {
        var gone: [any HostObject] = []
        var told: [@Sendable () -> Void] = []
        let output = PendingOutput()

        var isEmpty: Bool { gone.isEmpty && told.isEmpty && output.isEmpty }
    }

    init(
        _ settings: ContextSettings, number: UInt64, runtime: RuntimeCore,
        interpreter make: (Limits, Cancellation) throws(DanaFailure) -> Interpreter
    ) throws(DanaFailure) {
        self.settings = settings
        self.number = number
        self.runtime = runtime
        // A path that depends on the working folder means what it means here.
        let isFixed = settings.searchPath.allSatisfy { $0.utf8.first == UInt8(ascii: "/") }
        openedFinder = isFixed ? nil : ModuleFinder(settings, programs: runtime.programs)
        var limits = settings.limits
        if let timeout = settings.timeout {
            let (end, isNever) = MonotonicTime.now.addingReportingOverflow(timeout)
            limits.deadline = min(limits.deadline ?? .max, isNever ? .max : end)
        }
        deadline = limits.deadline
        let interpreter = try make(limits, cancellation)
        let told = interpreter.hostFunctions
        let isNew = told.count == StandardFunctions.names.list.count
        functions = HostFunctionTable(
            StandardFunctions.byName, told: isNew ? StandardFunctions.allNames : Set(told))
        prepare(interpreter)
        self.interpreter = interpreter
    }

    private func prepare(_ interpreter: Interpreter) {
        if settings.capabilities.allows(.systemWrite) { interpreter.grantSystemWriting() }
        for capability in settings.capabilities.granted where capability.scope == nil {
            interpreter.grant(capability: capability.name.rawValue)
        }
        interpreter.countAsBuiltIns(StandardFunctions.names)
        if settings.bounds.isEmpty, settings.grantAdvice == ContextCore.plain.grantAdvice {
            interpreter.wordCapabilityErrors(ContextCore.capabilityMessage)
        } else {
            interpreter.wordCapabilityErrors { [settings] what, capability in
                settings.capabilityMessage(what, capability)
            }
        }
        if settings.mayOverwriteImports { interpreter.allowOverwritingImports() }
        if let fixed = settings.fixedTime { interpreter.showTime(.fixed(seconds: fixed)) }
        let output = leftovers.output
        output.interpreter = interpreter
        interpreter.writeOutput(to: { output.append($0) })
    }

    private static let plain = ContextSettings()
    private static let capabilityMessage: @Sendable (String, String) -> String = { what, capability in
        plain.capabilityMessage(what, capability)
    }

    // MARK: The lock

    /// Does something with the interpreter. Nothing of the host's may be called inside. Throws when the context is
    /// closed; what a program's own values throw is told as a failure.
    public func withLock<Result>(_ body: (Interpreter) throws -> Result) throws -> Result {
        lock._unsafeLock()
        defer { unlock() }
        guard let interpreter else { throw gate.closing }
        releaseDropped(interpreter)
        do {
            return try body(interpreter)
        } catch let error as ProgramError {
            noteSecrets(interpreter)
            throw DanaFailure(error, message: leaving(error.message, size: error.messageSize).text)
        }
    }

    /// The same where nothing but failures of Dana's are thrown.
    func locked<Result>(_ body: (Interpreter) throws -> Result) throws(DanaFailure) -> Result {
        do {
            return try withLock(body)
        } catch let error as DanaFailure {
            throw error
        } catch {
            throw DanaFailure(.usage, kind: "SystemError", "\(error)")
        }
    }

    /// Does something with the interpreter where there is one; in a closed context nothing.
    func lockedIfOpen<Result>(_ body: (Interpreter) -> Result?) -> Result? {
        lock._unsafeLock()
        defer { unlock() }
        return interpreter.flatMap(body)
    }

    /// Takes the lock for a thread that does several things with the interpreter before it gives the lock back; nil in a
    /// closed context.
    public func takeLock() -> Interpreter? {
        lock._unsafeLock()
        guard let interpreter else {
            unlock()
            return nil
        }
        releaseDropped(interpreter)
        return interpreter
    }

    /// Gives the lock back that `takeLock` took.
    public func giveLockBack() {
        if leftovers.isEmpty { return lock._unsafeUnlock() }
        whileWorking { unlock() }
    }

    private func unlock() {
        if leftovers.isEmpty { return lock._unsafeUnlock() }
        let (gone, told, printed) = (leftovers.gone, leftovers.told, leftovers.output.take())
        leftovers.gone = []
        leftovers.told = []
        lock._unsafeUnlock()
        if !printed.isEmpty { settings.output(printed) }
        for tell in told { tell() }
        withExtendedLifetime(gone) {}
    }

    /// Does something when the lock has been given back; with the lock held.
    func doLater(_ deed: @escaping @Sendable () -> Void) { leftovers.told.append(deed) }

    /// Notes an event that is told when the lock has been given back; with the lock held.
    func noteLater(
        _ kind: AuditEvent.Kind, _ subject: @autoclosure () -> String, _ detail: @autoclosure () -> String = "",
        place: ErrorPlace? = nil
    ) {
        guard runtime.audit.isListenedTo else { return }
        let (subject, detail) = (subject(), detail())
        leftovers.told.append { [runtime, number] in
            runtime.audit.note(kind, context: number, subject, detail, place: place)
        }
    }

    /// The same of a call of the host's; of a module's function it tells the module.
    public func noteCall(of callee: Value, _ interpreter: Interpreter) {
        let signature = runtime.audit.isListenedTo ? interpreter.signature(of: callee) : nil
        let module = signature?.module == DanaContext.mainModule ? nil : signature?.module
        noteLater(.called, signature?.name ?? "function", module.map { "of \($0)" } ?? "")
    }

    /// The same of secrets that were taken out of a text.
    func noteRedaction(of count: Int, in text: String) {
        guard runtime.audit.isListenedTo else { return }
        leftovers.told.append { [runtime, number] in
            runtime.audit.noteRedaction(of: count, in: text, context: number)
        }
    }

    /// A program's text on its way out, without what is secret in it; without the lock. The search is a part of the
    /// program's time.
    public func redacted(_ text: String, in place: String) -> String {
        let filtered = lockedIfOpen { interpreter in
            interpreter.timingHost {
                noteSecrets(interpreter)
                return runtime.filter.redacting(text, context: number)
            }
        }
        let (text, taken) = filtered ?? runtime.filter.redacting(text, context: number)
        if taken > 0 { runtime.audit.noteRedaction(of: taken, in: place, context: number) }
        return text
    }

    /// Finds what programs import; with the lock held.
    func withFinder<Result, Failure: Error>(
        _ body: (inout ModuleFinder) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var finder = openedFinder ?? ModuleFinder(settings, programs: runtime.programs)
        openedFinder = nil
        defer { openedFinder = finder }
        return try body(&finder)
    }

    // MARK: What is held outside

    /// Notes that something outside holds a value.
    func keep(_ value: Value) { held.keep(value) }

    /// Lets go of a value that something outside held, on any thread.
    func drop(_ value: Value) { held.drop(value) }

    private func releaseDropped(_ interpreter: Interpreter) {
        if held.hasDropped { for value in held.takeDropped() { interpreter.release(value) } }
        guard interpreter.hasReleasedHandles else { return }
        for number in interpreter.takeReleasedHandles() {
            if let object = objects.release(number) { leftovers.gone.append(object) }
        }
    }

    // MARK: What of the host's programs hold

    /// A value that stands for an object, the caller's; with the lock held.
    public func handle(for object: any HostObject, _ interpreter: Interpreter) throws -> Value {
        let number = objects.hold(object)
        do {
            return try interpreter.makeHandle(number, typeName: object.typeName, isFunction: object.isFunction)
        } catch {
            _ = objects.release(number)
            throw error
        }
    }

    /// An exception of a program's that stems from the host's own error, the caller's; with the lock held.
    public func exception(
        _ kind: ExceptionKind, _ message: String, origin: any HostObject, _ interpreter: Interpreter
    ) throws -> Value {
        let number = objects.hold(origin)
        do {
            return try interpreter.exception(kind, message, origin: number)
        } catch {
            _ = objects.release(number)
            throw error
        }
    }

    /// The type of an object that programs hold, of other numbers than these; nil where they hold none. With the lock held.
    func heldType(but known: Set<UInt64>, _ interpreter: Interpreter) -> String? {
        releaseDropped(interpreter)
        return objects.any(but: known)?.typeName
    }

    /// Programs hold an object under a number that a saved context had for it; with the lock held.
    func restore(_ object: any HostObject, _ number: UInt64) { objects.restore(object, number) }

    /// The number of an object that a failure stems from, held for it; with the lock held.
    func hold(_ object: any HostObject) -> UInt64 { objects.hold(object) }

    /// The object behind a number; with the lock held.
    public func object(_ number: UInt64) -> (any HostObject)? { objects.object(number) }

    // MARK: The turn

    /// Whether the caller works for the turn that is under way.
    public var isInside: Bool { ThreadTurns.contains(self) || ContextScope.current?.holds(self) ?? false }

    /// Does something on this thread for the turn that is under way, without waiting.
    public func whileWorking<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try ThreadTurns.whileWorking(for: self, body)
    }

    /// What tasks work for that are awaited in this turn: for it, and for whatever the caller works for.
    var scope: ContextScope {
        let others = ThreadTurns.cores.filter { $0 !== self }
        return ContextScope.current(with: [markedTurn] + others.map(\.markedTurn))
    }

    private var markedTurn: ContextScope.Turn {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        if let turn { return turn }
        let new = ContextScope.Turn(of: self)
        turn = new
        hasTurn.store(true, ordering: .releasing)
        return new
    }

    /// Takes the turn without waiting; whether it was free.
    public func tryTurn() -> Bool { gate.tryEnter() }

    /// Takes the turn when it comes.
    public func takeTurn() async throws {
        watchLife()
        try await gate.enter()
    }

    /// Gives the turn back. Whoever closed the context meanwhile left its end to this.
    public func leaveTurn() {
        if isInterrupting.load(ordering: .acquiring) { endInterrupting() }
        if hasTurn.load(ordering: .acquiring) {
            lock._unsafeLock()
            hasTurn.store(false, ordering: .releasing)
            turn?.end()
            turn = nil
            lock._unsafeUnlock()
        }
        if gate.leave() { end() }
    }

    /// Does something while it has the turn, or at once inside something that has it.
    public func withTurn<Result>(
        _ body: (_ isInside: Bool) async throws -> Result
    ) async throws -> Result {
        if isInside { return try await body(true) }
        if !gate.tryEnter() {
            do {
                try await takeTurn()
            } catch is CancellationError {
                throw DanaFailure.taskCancelled
            }
        }
        defer { leaveTurn() }
        return try await body(false)
    }

    // MARK: The end

    /// Stops what runs in the context, also while it waits.
    public func cancel(reason: String) {
        cancellation.cancel(reason: reason, isFinal: false)
        stop()
    }

    /// The context that this thread works for, the innermost.
    public static var working: ContextCore? { workingInAll.first }

    /// The contexts that this thread works for, the innermost first.
    public static var workingInAll: [ContextCore] { ThreadTurns.cores }

    /// Ends what runs in the context with an error of the host's own, which a callback has thrown that nobody waits for.
    public func interrupt(with error: any Error) {
        interruption.withLock { $0 = $0 ?? error }
        isInterrupted.store(true, ordering: .releasing)
        cancel(reason: "interrupted")
    }

    /// Throws what interrupted the run that has ended; before the turn is given back.
    public func throwInterruption() throws {
        guard isInterrupted.load(ordering: .acquiring) else { return }
        isInterrupted.store(false, ordering: .releasing)
        let error = interruption.withLock { interruption in
            defer { interruption = nil }
            return interruption
        }
        if let error { throw error }
    }

    /// Nanoseconds until the context's life ends; nil for no end.
    public var remainingLife: UInt64? {
        deadline.map { deadline in
            let now = MonotonicTime.now
            return deadline > now ? deadline - now : 0
        }
    }

    /// Whether what waits in the context is to stop.
    public var isStopping: Bool { cancellation.isCancelled || remainingLife == 0 }

    /// What those are told who wait for something in the context that is to stop.
    public var stopping: DanaFailure {
        remainingLife == 0 ? .lifeOver : .cancelled(cancellation.reason ?? "no reason given")
    }

    /// Returns when what waits in the context is to stop, or when the task is cancelled. What cleans up has a time of its
    /// own.
    func whenStopping() async {
        if let left = remainingCleanup {
            try? await settings.sleep(left)
        } else {
            watchLife()
            await stops.wait(unless: { isStopping })
        }
    }

    /// From here on who waits in the context is woken when its life is over.
    public func watchLife() {
        guard deadline != nil, !isLifeWatched.load(ordering: .relaxed) else { return }
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        guard interpreter != nil, lifeWatch == nil else { return }
        isLifeWatched.store(true, ordering: .relaxed)
        lifeWatch = Task(executorPreference: settings.executor) { [weak self, sleep = settings.sleep] in
            while let life = self?.remainingLife, life > 0 {
                guard (try? await sleep(life)) != nil else { return }
            }
            self?.isLifeOver.store(true, ordering: .relaxed)
            self?.gate.turnAway(DanaFailure.lifeOver.asClosing, isForGood: true)
            self?.stop()
        }
    }

    /// Wakes who waits in the context and interrupts what runs for it: it was cancelled or closed, or its life is over.
    private func stop() {
        stops.raise()
        if hostCalls.load(ordering: .relaxed) > 0 { beginInterrupting() }
    }

    /// A function of the host's begins on a thread.
    @inline(__always) public func beginHostCall(on thread: UInt) {
        callingThreads.begin(on: thread)
        hostCalls.store(hostCalls.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
        if cancellation.isCancelled || isLifeOver.load(ordering: .relaxed) { beginInterrupting() }
    }

    /// It has ended; whether it may leave an interrupt behind, which is then the caller's to take back.
    @inline(__always) public func endHostCall(on thread: UInt) -> Bool {
        hostCalls.store(hostCalls.load(ordering: .relaxed) &- 1, ordering: .relaxed)
        return callingThreads.end(on: thread)
    }

    private func beginInterrupting() {
        interrupting.withLock { interrupting in
            guard interrupting == nil else { return }
            interrupting = Task(executorPreference: settings.executor) { [interrupt = settings.interrupt] in
                await interrupt(self)
            }
            isInterrupting.store(true, ordering: .releasing)
        }
    }

    private func endInterrupting() {
        interrupting.withLock { interrupting in
            isInterrupting.store(false, ordering: .releasing)
            interrupting?.cancel()
            interrupting = nil
        }
    }

    /// Who waits for the turn is told that it was cancelled: what has the turn does not end.
    public func turnWaitersAway() { gate.turnAway(stopping, isForGood: false) }

    /// Whether somebody has the context's turn.
    public var isTurnTaken: Bool { gate.isTaken }

    /// Nanoseconds that the cleanup under way has left; nil where nothing cleans up.
    public var remainingCleanup: UInt64? { lockedIfOpen { $0.remainingCleanup } }

    /// Closes the context: who waits for it is told, what runs is cancelled, and what it held goes.
    func close(_ reason: DanaFailure) {
        cancellation.cancel(reason: reason.message)
        gate.close(reason.asClosing)
        stop()
    }

    /// Frees the interpreter; nothing runs any more.
    func end() {
        lock._unsafeLock()
        let wasOpen = interpreter != nil
        if let interpreter {
            releaseDropped(interpreter)
            // What is still held outside goes with the context; whoever holds it finds the context closed.
            for (value, count) in held.takeAll() {
                for _ in 0..<count { interpreter.release(value) }
            }
        }
        interpreter = nil
        let held = objects
        objects = HostObjectTable()
        lifeWatch?.cancel()
        lifeWatch = nil
        for (_, leave) in managersLeftOpen { doLater(leave) }
        managersLeftOpen = []
        unlock()
        withExtendedLifetime(held) {}
        guard wasOpen else { return }
        settings.outputEnded?()
        runtime.forget(self)
        runtime.audit.note(.contextClosed, context: number, "context \(number)", gate.closing.message)
        runtime.endEventsIfOver()
    }

    var isEnded: Bool {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        return interpreter == nil
    }
}
