import DanaLanguage
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
    let gate = ContextGate()

    private let lock = Mutex(())
    private var interpreter: Interpreter?
    private var finder: ModuleFinder
    private var objects = HostObjectTable()
    private var functions: [String: any HostFunction] = [:]
    private var functionsVersion = 0
    /// Host calls whose answer is under way.
    private var underWay: Set<HostCall.Identifier> = []
    private var closing: DanaFailure?
    /// Of the turn under way, once a host call was made in it.
    private var turnScope: ContextScope?
    private let held = Mutex(HeldValues())
    private let output = PendingOutput()
    /// What is told to listeners when the lock has been given back.
    private var toTell: [@Sendable () -> Void] = []

    /// The values that something outside holds, and those that it let go of on any thread.
    private struct HeldValues {
        var counts: [UInt64: Int] = [:]
        var dropped: [Value] = []
    }

    init(_ settings: ContextSettings, number: UInt64, runtime: RuntimeCore) throws(DanaFailure) {
        self.settings = settings
        self.number = number
        self.runtime = runtime
        let folders = settings.searchPath.compactMap { SourceFolder($0) }
        finder = ModuleFinder(folders: folders, sizeLimit: settings.limits.sourceSize)
        var limits = settings.limits
        if let timeout = settings.timeout {
            limits.deadline = min(limits.deadline ?? .max, MonotonicClock.now &+ timeout)
        }
        do {
            let interpreter = try Interpreter(
                limits: limits, clock: MonotonicClock.clock, cancellation: cancellation, seed: settings.seed)
            prepare(interpreter)
            for (name, function) in StandardFunctions.all { try register(name, namespace: nil, function, interpreter) }
            self.interpreter = interpreter
        } catch let error as DanaFailure {
            throw error
        } catch let error as ProgramError {
            throw DanaFailure(error)
        } catch {
            throw DanaFailure(.usage, kind: "SystemError", "the context cannot be made: \(error)")
        }
        runtime.audit.note(.contextCreated, context: number, "context \(number)")
    }

    /// A context around a restored interpreter.
    init(
        _ settings: ContextSettings, number: UInt64, runtime: RuntimeCore,
        restoring restore: (Limits, Cancellation) throws(DanaFailure) -> Interpreter
    ) throws(DanaFailure) {
        self.settings = settings
        self.number = number
        self.runtime = runtime
        let folders = settings.searchPath.compactMap { SourceFolder($0) }
        finder = ModuleFinder(folders: folders, sizeLimit: settings.limits.sourceSize)
        let interpreter = try restore(settings.limits, cancellation)
        prepare(interpreter)
        functions = Dictionary(runtime.functions.all() + StandardFunctions.all) { first, _ in first }
        functionsVersion = runtime.functions.version
        self.interpreter = interpreter
        runtime.audit.note(.resumed, context: number, "context \(number)")
    }

    private func prepare(_ interpreter: Interpreter) {
        if settings.capabilities.allows(.systemWrite) { interpreter.grantSystemWriting() }
        for capability in settings.capabilities.granted { interpreter.grant(capability: capability.name.rawValue) }
        if settings.capabilities.allows(.clock) { interpreter.grant(capability: "time") }
        if settings.mayOverwriteImports { interpreter.allowOverwritingImports() }
        output.interpreter = interpreter
        interpreter.writeOutput(to: { [output] in output.append($0) })
    }

    // MARK: The lock

    /// Does something with the interpreter. Nothing of the host's may be called inside. Throws when the context is
    /// closed; what a program's own values throw is told as a failure.
    public func withLock<Result>(_ body: (Interpreter) throws -> Result) throws -> Result {
        // Dropped and told behind the unlocking: either may come back to this context, or need the interpreter of
        // Python, which whoever waits for the lock may hold.
        var gone: [any HostObject] = []
        var told: [@Sendable () -> Void] = []
        var printed: [UInt8] = []
        defer {
            if !printed.isEmpty { settings.output(printed) }
            for tell in told { tell() }
        }
        lock._unsafeLock()
        defer {
            swap(&told, &toTell)
            printed = output.take()
            lock._unsafeUnlock()
        }
        guard let interpreter else { throw closing ?? .contextClosed }
        releaseDropped(interpreter, &gone)
        do {
            return try body(interpreter)
        } catch let error as ProgramError {
            throw DanaFailure(error)
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

    /// Notes an event that is told when the lock has been given back; with the lock held.
    func noteLater(_ kind: AuditEvent.Kind, _ subject: String, _ detail: String = "") {
        guard runtime.audit.isListenedTo else { return }
        toTell.append { [runtime, number] in runtime.audit.note(kind, context: number, subject, detail) }
    }

    /// Lets go of a value that something outside held, on any thread.
    func drop(_ value: Value) {
        held.withLock { held in
            guard let count = held.counts[value.identity] else { return }
            held.counts[value.identity] = count == 1 ? nil : count - 1
            held.dropped.append(value)
        }
    }

    /// Notes that something outside holds a value.
    func keep(_ value: Value) { held.withLock { $0.counts[value.identity, default: 0] += 1 } }

    private func releaseDropped(_ interpreter: Interpreter, _ gone: inout [any HostObject]) {
        let values = held.withLock { held -> [Value] in
            if held.dropped.isEmpty { return [] }
            defer { held.dropped.removeAll() }
            return held.dropped
        }
        for value in values { interpreter.release(value) }
        for number in interpreter.takeReleasedHandles() {
            if let object = objects.release(number) { gone.append(object) }
        }
    }

    // MARK: The turn

    /// Whether the caller works for the turn that is under way.
    public var isInside: Bool { ContextScope.current?.holds(self) ?? false }

    /// What the host calls of this turn work for.
    public var scope: ContextScope {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        if let turnScope { return turnScope }
        let scope = ContextScope(self)
        turnScope = scope
        return scope
    }

    /// The turn ends.
    func endScope() {
        lock._unsafeLock()
        turnScope?.end()
        turnScope = nil
        lock._unsafeUnlock()
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

    /// The object behind a number; with the lock held.
    public func object(_ number: UInt64) -> (any HostObject)? { objects[number] }

    /// Makes the runtime's functions known to programs that were registered since; with the lock held.
    func refreshFunctions(_ interpreter: Interpreter) throws {
        let version = runtime.functions.version
        guard version != functionsVersion else { return }
        functionsVersion = version
        for entry in runtime.functions.list {
            try register(entry.name, namespace: entry.namespace, entry.function, interpreter)
        }
    }

    /// Makes a function known to programs under a name, in a namespace that is a module to them.
    private func register(
        _ name: String, namespace: String?, _ function: any HostFunction, _ interpreter: Interpreter
    ) throws {
        let qualified = namespace.map { "\($0).\(name)" } ?? name
        guard functions.updateValue(function, forKey: qualified) == nil else { return }
        noteLater(.registered, qualified)
        guard let namespace else {
            try interpreter.register(hostFunction: name)
            return
        }
        let made = try interpreter.makeHostFunction(qualified)
        let module: Value
        if let known = interpreter.module(namespace) {
            module = known
        } else {
            module = try interpreter.makeModule(namespace)
            interpreter.retain(module)
            try interpreter.defineCore(namespace, as: module)
        }
        try interpreter.define(name, as: made, inModule: module)
    }

    // MARK: Host calls

    /// What to do about calls a program waits for; the calls that are new only. Without the lock.
    func dispatch(_ calls: HostCalls) -> [PendingOperation] {
        var operations: [PendingOperation] = []
        for call in calls {
            lock._unsafeLock()
            let isNew = underWay.insert(call.identifier).inserted
            lock._unsafeUnlock()
            guard isNew else { continue }
            switch reply(to: call) {
            case .answered: finished(call.identifier)
            case .later(let operation):
                operations.append(PendingOperation(call: call, operation: operation))
            }
        }
        return operations
    }

    /// Whether each of the calls is being worked on.
    func areAllUnderWay(_ calls: HostCalls) -> Bool {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        return calls.allSatisfy { underWay.contains($0.identifier) }
    }

    private func finished(_ call: HostCall.Identifier) {
        lock._unsafeLock()
        underWay.remove(call)
        lock._unsafeUnlock()
    }

    /// Answers a call whose operation has ended.
    func complete(_ call: HostCall, _ answering: HostAnswering) {
        finished(call.identifier)
        answering(call)
    }

    private func reply(to call: HostCall) -> HostReply {
        switch call.request {
        case .function(_, let name):
            lock._unsafeLock()
            let function = functions[name]
            lock._unsafeUnlock()
            runtime.audit.note(.hostCalled, context: number, name, place: place(of: call))
            guard let function else {
                return fail(call, .nameError, "the host has no function '\(name)' any more")
            }
            return function.call(call, in: self)
        case .operation(let handle, let operation):
            lock._unsafeLock()
            let object = objects[handle]
            lock._unsafeUnlock()
            guard let object else { return fail(call, .referenceError, "the object of this operation is gone") }
            return object.perform(operation, call, in: self)
        case .module(let name, let form, let level, let importer):
            return importModule(call, name, form, level, importer)
        }
    }

    /// Where a program made a call, as `file:line`.
    func place(of call: HostCall) -> String? {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        return interpreter?.place(of: call)?.shortText
    }

    /// Answers a call with an exception, which may keep the host's own error.
    @discardableResult
    public func fail(
        _ call: HostCall, _ kind: ExceptionKind, _ message: String, origin: (any HostObject)? = nil
    ) -> HostReply {
        lock._unsafeLock()
        interpreter?.fail(call.identifier, kind, message, origin: origin.map { objects.hold($0) })
        lock._unsafeUnlock()
        return .answered
    }

    /// Answers a call for the next item: there is none.
    @discardableResult
    public func end(_ call: HostCall) -> HostReply {
        lock._unsafeLock()
        interpreter?.end(call.identifier)
        lock._unsafeUnlock()
        return .answered
    }

    /// Tells listeners that variables were handed to a function of the host's.
    public func notePassing(_ policy: ScopePolicy) {
        runtime.audit.note(
            .contextPassed, context: number, policy.passed.map(\.name).sorted().joined(separator: ", "))
    }

    /// Answers a call with a value made under the lock.
    @discardableResult
    public func answer(_ call: HostCall, _ make: (Interpreter) throws -> Value) -> HostReply {
        do {
            try locked { interpreter in interpreter.answer(call.identifier, with: try make(interpreter)) }
        } catch {
            fail(call, error.exceptionKind, error.message)
        }
        return .answered
    }

    /// Refuses a call for want of a capability.
    @discardableResult
    public func deny(_ call: HostCall, _ capability: Capability, for what: String) -> HostReply {
        runtime.audit.note(
            .denied, context: number, capability.description, what, place: place(of: call))
        return fail(
            call, .capabilityError,
            "\(what) needs the capability '\(capability)', which this context was not granted: "
                + "create_context(allowed_capabilities=['\(capability)'])")
    }

    // MARK: Imports

    private func importModule(
        _ call: HostCall, _ name: String, _ form: ImportForm, _ level: Int, _ importer: String
    ) -> HostReply {
        runtime.audit.note(.imported, context: number, name, place: place(of: call))
        let found: Result<ModuleFinder.Found, ModuleFinder.Failure>
        lock._unsafeLock()
        do throws(ModuleFinder.Failure) {
            found = .success(try finder.find(name, form: form, level: level, importer: importer))
        } catch {
            found = .failure(error)
        }
        lock._unsafeUnlock()
        switch found {
        case .success(let module):
            switch module.content {
            case .dana(let source):
                do throws(DanaFailure) {
                    let program = try program(source)
                    lock._unsafeLock()
                    interpreter?.answer(call.identifier, with: program, module: module.name)
                    lock._unsafeUnlock()
                    return .answered
                } catch {
                    return fail(call, .syntaxError, "module '\(module.name)': \(error.textualFindings)")
                }
            case .python(let folder, let file):
                return importForeign(call, module.name, file: "\(folder)/\(file)", failing: nil)
            }
        case .failure(let failure):
            guard form != .dana, level == 0, failure.kind == .moduleNotFoundError else {
                return fail(call, failure.kind, failure.message)
            }
            return importForeign(call, name, file: nil, failing: form == .any ? failure : nil)
        }
    }

    private func importForeign(
        _ call: HostCall, _ name: String, file: String?, failing: ModuleFinder.Failure?
    ) -> HostReply {
        guard let foreign = runtime.foreign else {
            if let failing { return fail(call, failing.kind, failing.message) }
            return fail(call, .importError, "'\(name)' is a module of Python, which this runtime does not run")
        }
        let capability = Capability(.pythonImport, scope: file == nil ? name : nil)
        let scopes = settings.capabilities.scopes(of: .pythonImport)
        let isGranted =
            scopes == nil
            || scopes?.contains { scope in
                if let file { return file.hasPrefix(scope + "/") || scope == "." }
                return name == scope || name.hasPrefix(scope + ".")
            } == true
        guard isGranted else {
            if let failing, file == nil { return fail(call, failing.kind, failing.message) }
            return deny(
                call, file == nil ? capability : Capability(.pythonImport), for: "importing '\(name)' from Python")
        }
        return foreign.importModule(call, name: name, file: file, in: self)
    }

    /// Imports look in a file's folder from here on, after the others.
    func addFolder(of file: String, isPackage package: String?) {
        var folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
        // A package lies in a folder of its own name: imports of its parts begin beside that.
        for _ in 0..<(package.map { $0.split(separator: ".").count } ?? 0) {
            folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? "."
        }
        guard let opened = SourceFolder(folder.isEmpty ? "/" : folder) else { return }
        lock._unsafeLock()
        finder.add(opened, package: package)
        lock._unsafeUnlock()
    }

    /// Forgets a module, so that the next import reads its file again.
    public func forgetModule(_ name: String) throws(DanaFailure) {
        try locked { $0.forgetModule(name) }
    }

    // MARK: The end

    /// Closes the context: who waits for it is told, what runs is cancelled, and what it held goes.
    func close(_ reason: DanaFailure) {
        cancellation.cancel(reason: reason.message)
        gate.close()
    }

    /// Frees the interpreter; nothing runs any more.
    func end(_ reason: DanaFailure) {
        var gone: [any HostObject] = []
        lock._unsafeLock()
        let wasOpen = interpreter != nil
        if let interpreter {
            releaseDropped(interpreter, &gone)
            // What is still held outside goes with the context; whoever holds it finds the context closed.
            let left = held.withLock { held in
                defer { held.counts = [:] }
                return held.counts
            }
            for (identity, count) in left {
                for _ in 0..<count { interpreter.release(Value(identity: identity)) }
            }
        }
        interpreter = nil
        if closing == nil { closing = reason }
        let held = objects
        objects = HostObjectTable()
        lock._unsafeUnlock()
        withExtendedLifetime(held) {}
        if wasOpen { runtime.audit.note(.contextClosed, context: number, "context \(number)", reason.message) }
    }

    var isEnded: Bool {
        lock._unsafeLock()
        defer { lock._unsafeUnlock() }
        return interpreter == nil
    }
}

extension ErrorPlace {
    /// `file:line`.
    var shortText: String { "\(source):\(start.line)" }
}

extension DanaFailure {
    /// As what a program sees an error of the host's.
    public var exceptionKind: ExceptionKind {
        if case .raised(let kind) = cause { return kind }
        return ExceptionKind.allCases.first { $0.name == kind } ?? .hostError
    }

    var textualFindings: String {
        guard let first = findings.first else { return message }
        return "\(first.message) (\(first.place.shortText))"
    }
}
