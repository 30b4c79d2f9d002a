import DanaData
import DanaLanguage

/// An isolated place in which programs run: its own variables, objects, limits and capabilities.
///
/// It runs one thing at a time, in the order in which it was asked; what a program's host calls ask of it runs inside.
public actor DanaContext: ContextOwner {
    /// What the context is made of, for bridges to other languages.
    public nonisolated let core: ContextCore

    /// The module in which `run` and `evaluate` work.
    public static let mainModule = "__main__"

    public init(core: ContextCore) { self.core = core }

    deinit { core.abandon() }

    public nonisolated var number: UInt64 { core.number }

    // MARK: Programs

    /// Runs a program and gives what its last expression comes to. Its variables stay for what runs later.
    @discardableResult
    public func run(_ program: String, name: String = "<dana>") async throws -> DanaValue {
        try await core.run(SourceText(program, name: name), module: Self.mainModule)
    }

    /// Runs a program and converts what its last expression comes to.
    public func evaluate<Result: DanaConvertible>(
        _ program: String, name: String = "<dana>", as: Result.Type = Result.self
    ) async throws -> Result {
        try Result(try await run(program, name: name))
    }

    /// Imports a module as `import name` would: found along the search path, run once.
    public func importModule(_ name: String) async throws -> DanaModule {
        try await core.importModule(name)
    }

    /// Forgets modules and imports them again, so that changed files take effect; what runs goes on with the old.
    public func reload(_ name: String) async throws -> DanaModule {
        try core.forgetModule(name)
        return try await core.importModule(name)
    }

    /// A function that a program defined, or one of a module as `module.name`.
    public func function(_ name: String) throws -> DanaFunction { try core.function(name) }

    /// Calls a function by its name.
    public func call<Result: DanaConvertible>(
        _ name: String, _ arguments: any DanaConvertible...,
        keywords: KeyValuePairs<String, any DanaConvertible> = [:], as: Result.Type = Result.self
    ) async throws -> Result {
        try await core.function(name).call(arguments, keywords: keywords)
    }

    // MARK: The end

    /// Cancels what runs, waits for its cleanup, and frees everything.
    public func close() async {
        await core.close()
    }
}

extension ContextCore {
    /// Imports a module as a program would.
    func importModule(_ name: String) async throws -> DanaModule {
        let value = try await withTurn { isInside in
            let run = try begin(importing: name, isInside: isInside)
            let value = try await run.finish()
            return try locked { try takeOut(value, $0) }
        }
        guard case .module(let module) = value else {
            throw DanaFailure.usage("ModuleNotFoundError", "'\(name)' is no module")
        }
        return DanaModule(module.reference, name: name)
    }

    /// A function of the main module, of a module that has been run, or of the host.
    public func function(_ name: String) throws(DanaFailure) -> DanaFunction {
        try locked { interpreter in
            let value = try callable(name, interpreter)
            interpreter.retain(value)
            return DanaFunction(ValueReference(owning: value, in: self), interpreter.signature(of: value))
        }
    }

    /// What a name stands for that is to be called, borrowed; with the lock held.
    public func callable(_ name: String, _ interpreter: Interpreter) throws -> Value {
        try refreshFunctions(interpreter)
        if let value = interpreter.remembered(name) { return value }
        if let main = interpreter.module(DanaContext.mainModule),
            let value = try interpreter.variable(name, ofModule: main)
        {
            interpreter.remember(name, for: name, ofModule: main)
            return value
        }
        if let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) {
            let owner = String(name[..<dot])
            let variable = String(name[name.utf8.index(after: dot)...])
            if let module = interpreter.module(owner)
                ?? interpreter.module(ForeignModule(name: owner, file: nil).registeredName),
                let value = try interpreter.variable(variable, ofModule: module)
            {
                interpreter.remember(name, for: variable, ofModule: module)
                return value
            }
        }
        if let value = try? interpreter.coreValue(name) { return value }
        let near = nearestFunction(to: name, interpreter).map { "did you mean '\($0)'?" }
        throw DanaFailure.usage(
            "NameError",
            "there is no function '\(name)' in this context: \(near ?? "import its module or define it first")")
    }

    /// The function of the same module that a name was probably meant to be.
    private func nearestFunction(to name: String, _ interpreter: Interpreter) -> String? {
        let dot = name.lastIndex(of: ".")
        let owner = dot.map { String(name[..<$0]) }
        guard let module = interpreter.module(owner ?? DanaContext.mainModule) else { return nil }
        let functions = interpreter.publicNames(ofModule: module).filter { name in
            (try? interpreter.variable(name, ofModule: module))?.callableKind != nil
        }
        let last = dot.map { String(name[name.index(after: $0)...]) } ?? name
        return Spelling.nearest(to: last, among: functions).map { near in owner.map { "\($0).\(near)" } ?? near }
    }

    /// Closes the context when nothing runs in it.
    public func closeIfFree() -> Bool {
        guard gate.tryEnter() else { return isEnded }
        close(.contextClosed)
        leaveTurn()
        return true
    }

    /// Closes the context without waiting for what runs, which is cancelled.
    public func abandon() {
        close(.contextClosed)
        if gate.isClosedAndFree { end(.contextClosed) }
    }

    public var isClosed: Bool { gate.isClosed }

    /// Calls and loop turns so far.
    public var ticks: Int { (try? locked { $0.ticks }) ?? 0 }

    /// Bytes that its values take.
    public var memory: Int { (try? locked { $0.bytesInUse }) ?? 0 }

    /// The paused program as bytes, sealed with a key.
    public func save(key: SealKey) throws(DanaFailure) -> [UInt8] {
        let bytes: [UInt8] = try locked { interpreter in
            do {
                return try interpreter.save(key: key)
            } catch let error as SaveError {
                throw DanaFailure.usage("SaveError", error.message)
            }
        }
        runtime.audit.note(.saved, context: number, "context \(number)", "\(bytes.count) bytes")
        return bytes
    }

    /// Cancels what runs, waits until that has ended, and frees everything.
    public func close() async {
        close(.contextClosed)
        if gate.isClosedAndFree { return end(.contextClosed) }
        // Whoever has the turn ends the context when leaving it; this only waits.
        await gate.whenFree()
        end(.contextClosed)
    }
}
