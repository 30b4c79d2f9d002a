/// One program's execution: its heap, modules, scopes and fibers. It runs until it needs the host, and never waits.
///
/// It belongs to one thread at a time. `run` returns what happened; the host answers pending calls with `resume`
/// and runs it again.
public final class Interpreter {
    let machine: Machine

    public convenience init(
        limits: Limits = Limits(), clock: Clock? = nil, cancellation: Cancellation = Cancellation(), seed: UInt64? = nil
    ) throws(ProgramError) {
        try self.init(catalogue: .standard, limits: limits, clock: clock, cancellation: cancellation, seed: seed)
    }

    /// The catalogue's built-ins are what programs find.
    init(
        catalogue: NativeCatalogue, limits: Limits = Limits(), clock: Clock? = nil,
        cancellation: Cancellation = Cancellation(), seed: UInt64? = nil
    ) throws(ProgramError) {
        machine = try Machine(
            catalogue: catalogue, limits: limits, clock: clock, cancellation: cancellation,
            seed: seed ?? UInt64.random(in: .min ... .max))
    }

    // MARK: What the host gives

    /// Makes a function of the host's known under a name; calling it suspends with a `HostCall`. Programs that are
    /// started afterwards find it.
    public func register(hostFunction name: String) throws(ProgramError) {
        try machine.guarded { () throws(DanaError) in try machine.defineHostFunction(name) }
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

    /// The names that programs find without setting them: built-ins and what the host has given so far.
    public var names: ResolverNames {
        let slots = (0..<machine.core.count).map { machine.core.slot($0).pointee }
        let blocked = machine.catalogue.blockedNames.map { ($0.name, $0.alternative) }
        return ResolverNames(
            known: Set(
                slots.filter { !$0.value.isUndefined || !$0.fallback.isUndefined }.map {
                    StringObject(known: $0.name).text
                }),
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

    /// Runs an entry until it ends, needs the host or has used `slice` ticks.
    public func run(_ entry: Int, slice: Int = .max) -> Outcome {
        machine.run(entry, slice: slice)
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

    /// Answers a call with a value, which is taken over.
    public func answer(_ call: HostCall.Identifier, with value: Value) {
        resume(call, with: .value(value))
    }

    /// Answers an import with the module's program, to be run as a module of this name.
    public func answer(_ call: HostCall.Identifier, with program: Compiler.Program, module name: String) {
        resume(call, with: .module(program.code, name: name))
    }

    /// Answers a call with an exception that the program sees where it made the call.
    public func fail(_ call: HostCall.Identifier, _ kind: ExceptionKind, _ message: String) {
        resume(call, with: .failure(kind, message: message))
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
        var saver = ProgramSaver(machine)
        return SavedForm.sealed(try saver.content(), key: key)
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
    public var pendingCalls: [HostCall] {
        machine.pending.values.map(\.call).sorted { $0.identifier < $1.identifier }
    }

    // MARK: What was used

    /// Ticks used so far.
    public var ticks: Int { machine.heap.state.pointee.meter.usedInAll + machine.heap.state.pointee.meter.used }
    /// Bytes that values take.
    public var bytesInUse: Int { machine.heap.bytesInUse }

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
    case waiting([HostCall])
    /// The slice is used up; `run` goes on.
    case sliceOver
}

/// What a fiber asks of the host. Its values live in the interpreter until the call is answered.
public struct HostCall: Sendable {
    public typealias Identifier = Int

    public enum Request: Sendable {
        /// A registered function, by the name it was registered under.
        case function(name: String)
        /// A method of something of the host's.
        case method(handle: UInt64, name: String)
        /// An import.
        case module(name: String, form: ImportForm, level: Int, importer: String)
    }

    public let identifier: Identifier
    public let request: Request
    public let arguments: [Value]
    public let keywords: [(name: String, value: Value)]
    public let place: ErrorPlace?
}

/// Which files an import may find.
public enum ImportForm: UInt8, Sendable {
    /// `import x`: Dana's is found first.
    case any
    /// `import x.na`
    case dana
    /// `import x.py`
    case python
}

/// The host's answer to a call.
enum HostAnswer {
    /// A value of the interpreter's heap; the answer hands its reference over.
    case value(Value)
    /// For an import: a module's code, to be run as a module of this name.
    case module(Code, name: String)
    /// The call failed; the fiber sees an exception.
    case failure(ExceptionKind, message: String)
}
