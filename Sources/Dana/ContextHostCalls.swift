import DanaLanguage

/// What programs ask of the host, and the answers.
extension ContextCore {
    /// Makes the runtime's functions known to programs that were registered since; with the lock held.
    func refreshFunctions(_ interpreter: Interpreter) throws {
        let version = runtime.functions.version
        guard version != functions.version else { return }
        functions.version = version
        let entries = runtime.functions.list
        for name in functions.takeBack(allBut: Set(entries.map(\.qualifiedName))) { noteLater(.removed, name) }
        for entry in entries {
            guard functions.set(entry.function, for: entry.qualifiedName) else { continue }
            noteLater(.registered, entry.qualifiedName)
            try define(entry, interpreter)
        }
    }

    /// Makes a function known to programs under its name, in a namespace that is a module to them.
    private func define(_ entry: FunctionRegistry.Entry, _ interpreter: Interpreter) throws {
        guard let namespace = entry.namespace else {
            try interpreter.register(hostFunction: entry.name)
            return
        }
        let made = try interpreter.makeHostFunction(entry.qualifiedName)
        guard let module = try module(ofNamespace: namespace, interpreter) else { return interpreter.release(made) }
        try interpreter.define(entry.name, as: made, inModule: module)
    }

    /// The module of a namespace, borrowed; one within another is a variable of that. Nil for one without a name.
    private func module(ofNamespace namespace: String, _ interpreter: Interpreter) throws -> Value? {
        var found: Value?
        var path = ""
        for part in namespace.split(separator: ".") {
            path += path.isEmpty ? part : ".\(part)"
            let outer = found
            if let known = interpreter.module(path) {
                found = known
                continue
            }
            let module = try interpreter.makeModule(path)
            interpreter.retain(module)
            if let outer {
                try interpreter.define(String(part), as: module, inModule: outer)
            } else {
                try interpreter.defineCore(path, as: module)
            }
            found = module
        }
        return found
    }

    /// What became of the calls that a program waits for.
    public struct Dispatch {
        /// What must be awaited for those that are new.
        public var operations: [PendingOperation] = []
        /// Whether an answer must come before the program can go on.
        public var isWaiting = true
    }

    /// Answers calls or says what must be awaited for them; those that are being worked on are left. Without the lock.
    public func dispatch(_ calls: HostCalls) -> Dispatch {
        whileWorking { answered(calls) }
    }

    private func answered(_ calls: HostCalls) -> Dispatch {
        var dispatch = Dispatch()
        for call in calls {
            guard let addressee = addressee(of: call) else { continue }
            switch reply(to: call, from: addressee) {
            case .answered: dispatch.isWaiting = false
            case .later(let operation):
                dispatch.operations.append(begin(awaiting: call, operation))
            }
        }
        return dispatch
    }

    /// Whoever is to answer a call by doing it: a function of the host's, or an object that is called. With the lock held;
    /// nil where someone is to be told of it first, or works on another.
    public func callee(of call: PlainCall) -> AnyObject? {
        guard underWay.isEmpty, !runtime.audit.isListenedTo else { return nil }
        switch call.callee {
        case .handle(let number): return object(number)
        case .function(let number): return functions.function(number: number)
        }
    }

    /// Someone works on a call: what must be awaited for it.
    public func begin(awaiting call: HostCall, _ operation: @escaping @Sendable () async -> HostAnswering)
        -> PendingOperation
    {
        _ = lockedIfOpen { _ in underWay.insert(call.identifier) }
        return PendingOperation(call: call, scope: scope, operation: operation)
    }

    /// Who is to answer a call.
    private enum Addressee {
        case function(any HostFunction)
        case object(any HostObject)
        case finder
        /// Whoever it was is gone.
        case nobody
    }

    /// Nil where an answer is under way.
    private func addressee(of call: HostCall) -> Addressee? {
        let addressee = lockedIfOpen { _ -> Addressee?? in
            if !underWay.isEmpty && underWay.contains(call.identifier) { return .some(nil) }
            switch call.request {
            case .function(let number, let name):
                return functions.function(number: number, name: name).map { .function($0) } ?? .nobody
            case .operation(let handle, _): return object(handle).map { .object($0) } ?? .nobody
            case .module: return .finder
            }
        }
        return addressee ?? .nobody
    }

    /// Answers a call whose operation has ended.
    public func complete(_ call: HostCall, _ answering: HostAnswering) {
        forget(call)
        whileWorking { answering(call) }
    }

    /// Nobody works on a call any more.
    public func forget(_ call: HostCall) { _ = lockedIfOpen { _ in underWay.remove(call.identifier) } }

    private func reply(to call: HostCall, from addressee: Addressee) -> HostReply {
        if runtime.audit.isListenedTo {
            _ = lockedIfOpen { noteSecrets($0) }
            note(call, to: addressee)
        }
        switch (call.request, addressee) {
        case (.function, .function(let function)): return function.call(call, in: self)
        case (.operation(_, let operation), .object(let object)): return object.perform(operation, call, in: self)
        case (.module(let name, let form, let level, let importer), _):
            return importModule(call, name, form, level, importer)
        case (.function(_, let name), _): return fail(call, .nameError, "the host has no function '\(name)' any more")
        case (.operation, _): return fail(call, .referenceError, "the object of this operation is gone")
        }
    }

    /// Tells listeners of a call of a function or a method of the host's.
    private func note(_ call: HostCall, to addressee: Addressee) {
        let object: (any HostObject)? = if case .object(let object) = addressee { object } else { nil }
        guard let called = called(by: call, of: object) else { return }
        runtime.audit.note(.hostCalled, context: number, called.name, called.whole, place: place(of: call))
    }

    /// What a call of a function or a method is called, and in full; nil for other operations.
    private func called(by call: HostCall, of object: (any HostObject)?) -> (name: String, whole: String)? {
        switch call.request {
        case .function(_, let name): (name, "")
        case .operation(_, .call): object?.name(ofMethod: nil)
        case .operation(_, .method(let method)): object?.name(ofMethod: method.text)
        default: nil
        }
    }

    /// The host's function of a name; with the lock held.
    func hostFunction(_ name: String) -> (any HostFunction)? { functions.function(named: name) }

    /// Where a program made a call.
    func place(of call: HostCall) -> ErrorPlace? { lockedIfOpen { $0.place(of: call) } }

    // MARK: Answers

    /// Answers a call with an exception, which may keep the host's own error. `arguments` makes the tuple of what the
    /// exception is made with, or nothing where that is the message; where they are apart, its text is the message.
    /// `details` are what it tells besides.
    @discardableResult
    public func fail(
        _ call: HostCall, _ kind: ExceptionKind, _ message: String, origin: (any HostObject)? = nil,
        areApart: Bool = false, details: [(key: DanaValue, value: DanaValue)] = [],
        arguments: (Interpreter) throws -> Value? = { _ in nil }
    ) -> HostReply {
        _ = lockedIfOpen { interpreter in
            // Where there is no room for them the message has to do.
            let made = (try? arguments(interpreter)) ?? nil
            let told = details.isEmpty ? nil : try? makeValue(.dict(details), interpreter)
            interpreter.fail(
                call.identifier, kind, message, arguments: made, areApart: areApart, origin: origin.map { hold($0) },
                details: told)
        }
        return .answered
    }

    /// Answers a call for the next item: there is none.
    @discardableResult
    public func end(_ call: HostCall) -> HostReply {
        _ = lockedIfOpen { $0.end(call.identifier) }
        return .answered
    }

    /// Answers a call with a value made under the lock.
    @discardableResult
    public func answer(_ call: HostCall, _ make: (Interpreter) throws -> Value) -> HostReply {
        do {
            try locked { interpreter in interpreter.answer(call.identifier, with: try make(interpreter)) }
        } catch {
            fail(call, error)
        }
        return .answered
    }

    /// Answers a call whose answer could not be made: a limit that it used up ends what is under way, and all else is the
    /// program's exception.
    @discardableResult
    public func fail(_ call: HostCall, _ failure: DanaFailure) -> HostReply {
        switch failure.cause {
        case .limit(let limit): _ = lockedIfOpen { $0.fail(call.identifier, usingUp: limit) }
        // A cancelled run unwinds by itself, from where it waits.
        case .cancelled: break
        default: return fail(call, failure.exceptionKind, failure.message)
        }
        return .answered
    }

    /// Refuses a call for want of a capability.
    @discardableResult
    public func deny(_ call: HostCall, _ capability: Capability, for what: String) -> HostReply {
        let message = settings.capabilityMessage(what, capability.description)
        let granted = granted(capability.name)
        return deny(call, capability, what, granted.isEmpty ? message : "\(message); it was granted \(granted)")
    }

    /// Refuses a call that leads out of a folder to which a capability was granted.
    func deny(_ call: HostCall, _ capability: Capability, leaving folder: String, for what: String) -> HostReply {
        deny(
            call, capability, what,
            "\(what) leads out of its folder '\(folder)': this context was granted \(granted(capability.name))")
    }

    private func deny(_ call: HostCall, _ capability: Capability, _ what: String, _ message: String) -> HostReply {
        runtime.audit.note(
            .denied, context: number, capability.description, what, place: place(of: call))
        return fail(call, .capabilityError, message)
    }

    /// Where a capability was granted, for messages: empty where it was not.
    private func granted(_ name: Capability.Name) -> String {
        let granted = settings.capabilities.granted.filter { $0.name == name }.map(\.description).sorted()
        let rest = granted.count - ContextCore.grantsNamed
        let named = granted.prefix(ContextCore.grantsNamed).map { "'\($0)'" }.joined(separator: ", ")
        return rest > 0 ? "\(named) and \(rest) more" : named
    }

    /// Grants that a message names at most.
    private static let grantsNamed = 5

    /// Tells listeners that a call handed variables to a function of the host's.
    public func notePassing(_ policy: ScopePolicy, to call: HostCall) {
        guard runtime.audit.isListenedTo else { return }
        let held: (any HostObject)? = lockedIfOpen { _ in
            if case .operation(let handle, _) = call.request { object(handle) } else { nil }
        }
        runtime.audit.note(
            .contextPassed, context: number, policy.passed.map(\.word).sorted().joined(separator: ", "),
            called(by: call, of: held)?.name ?? "", place: place(of: call))
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
}
