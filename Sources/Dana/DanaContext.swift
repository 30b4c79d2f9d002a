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

    /// Forgets a module and imports it again, so that a changed file takes effect; what runs goes on with the old, and
    /// where the import fails the old stays.
    public func reload(_ name: String) async throws -> DanaModule {
        try await core.reloadModule(name)
    }

    /// A function that a program defined, or one of a module as `module.name`, which is imported for it.
    public func function(_ name: String) async throws -> DanaFunction { try await core.importedFunction(name) }

    /// Calls a function by its name.
    public func call<Result: DanaConvertible>(
        _ name: String, _ arguments: any DanaConvertible...,
        keywords: KeyValuePairs<String, any DanaConvertible> = [:], as: Result.Type = Result.self
    ) async throws -> Result {
        try await core.importedFunction(name).call(arguments, keywords: keywords)
    }

    /// Calls a function for its effect.
    public func call(
        _ name: String, _ arguments: any DanaConvertible..., keywords: KeyValuePairs<String, any DanaConvertible> = [:]
    ) async throws {
        _ = try await core.importedFunction(name).call(arguments, keywords: keywords, as: DanaValue.self)
    }

    // MARK: Variables

    /// A variable of a scope; nil where there is none. `local` are the variables of the programs themselves.
    public func variable<Result: DanaConvertible>(
        _ name: String, of scope: VariableScope = .local, as: Result.Type = Result.self
    ) throws -> Result? {
        try core.variable(name, of: scope).map { try Result($0) }
    }

    /// Sets a variable of a scope.
    public func setVariable(_ name: String, of scope: VariableScope = .local, to value: some DanaConvertible) throws {
        try core.setVariable(name, of: scope, to: value.danaValue)
    }

    /// Deletes a variable of a scope; whether there was one.
    @discardableResult
    public func deleteVariable(_ name: String, of scope: VariableScope = .local) throws -> Bool {
        try core.deleteVariable(name, of: scope)
    }

    // MARK: The end

    /// Stops what runs; what is asked for afterwards runs.
    public nonisolated func cancel(reason: String = "cancelled by the host") { core.cancel(reason: reason) }

    /// The context as bytes, sealed with a key, for `DanaRuntime.resume` in this process or another.
    public func save(key: SealKey) throws -> [UInt8] { try core.save(key: key) }

    /// Goes on with the program that was under way when this context was saved; the call of the host's that it waited for
    /// is made again.
    @discardableResult
    public func goOn() async throws -> DanaValue { try await core.goOn() }

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

    /// The same of a module that is imported first, unless it was before.
    func importedFunction(_ name: String) async throws -> DanaFunction {
        do throws(DanaFailure) {
            return try function(name)
        } catch {
            guard error.kind == "NameError", let dot = name.lastIndex(of: ".") else { throw error }
            let owner = String(name[..<dot])
            let isThere = try locked { !$0.isToBeFound(owner) }
            if isThere { throw error }
            _ = try await importModule(owner)
            return try function(name)
        }
    }

    /// Goes on with what was under way when the context was saved.
    func goOn() async throws -> DanaValue {
        try await withTurn { isInside in
            let run = try beginResumed(isInside: isInside)
            let value = try await run.finish()
            return try locked { try takeOut(value, $0) }
        }
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
                if let reason = try interpreter.refusal(of: variable, value, ofModule: module) {
                    throw DanaFailure.usage("NameError", "there is no function '\(name)' in this context: \(reason)")
                }
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

    /// Closes the context where that needs no waiting: nothing runs in it, or the caller is what runs, and then it ends
    /// with the turn. Whether it is closed.
    public func closeIfFree() -> Bool {
        if gate.tryEnter() {
            close(.contextClosed)
            leaveTurn()
            return true
        }
        guard isInside else { return isEnded }
        close(.contextClosed)
        return true
    }

    /// Closes the context without waiting for what runs, which is cancelled.
    public func abandon() {
        close(.contextClosed)
        if gate.isClosedAndFree { end() }
    }

    public var isClosed: Bool { gate.isClosed }

    /// Throws what those are told who come after the end.
    public func checkOpen() throws(DanaFailure) {
        if gate.isClosed { throw gate.closing }
    }

    /// Calls and loop turns so far.
    public var ticks: Int { (try? locked { $0.ticks }) ?? 0 }

    /// Bytes that its values take.
    public var memory: Int { (try? locked { $0.bytesInUse }) ?? 0 }

    /// The paused program as bytes, sealed with a key.
    public func save(key: SealKey) throws(DanaFailure) -> [UInt8] {
        let bytes: [UInt8] = try locked { interpreter in
            do {
                let bytes = try interpreter.save(key: key)
                try checkHoldsNothingOfTheHost(interpreter)
                return bytes
            } catch let error as SaveError {
                throw DanaFailure.usage("SaveError", error.message)
            }
        }
        runtime.audit.note(.saved, context: number, "context \(number)", "\(bytes.count) bytes")
        return bytes
    }

    /// Objects of the host's are not in the bytes, and whoever goes on would find none behind its handles; but what a module
    /// of another language gives is imported again.
    private func checkHoldsNothingOfTheHost(_ interpreter: Interpreter) throws(DanaFailure) {
        let imported = Set(foreignMembers(interpreter).map(\.number))
        guard let held = heldType(but: imported, interpreter) else { return }
        let scopes: [(VariableScope, String)] = [
            (.local, ""), (.private, "private:"), (.public, "public:"), (.system, "system:"),
        ]
        var names = scopes.flatMap { scope, prefix in
            ((try? variables(of: scope, interpreter)) ?? []).compactMap { variable in
                Self.holdsObject(variable.value, but: imported) ? "'\(prefix)\(variable.name)'" : nil
            }
        }
        if names.isEmpty {
            names = foreignVariables(interpreter).compactMap { module, name, value in
                Self.holdsObject(value, but: imported) ? "'\(name)' of the module '\(module)'" : nil
            }
        }
        let rest = names.count - Self.holdersNamed
        let named = names.prefix(Self.holdersNamed).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
        throw .usage(
            "SaveError",
            "\(names.isEmpty ? "a value" : named) holds an object of the host's (\(held)), which cannot be saved: delete it, "
                + "or keep plain data of it")
    }

    /// Variables that an error names at most.
    private static let holdersNamed = 5

    /// Whether a value is an object of another number than these, or a container with one.
    private static func holdsObject(_ value: Value, but known: Set<UInt64>, depth: Int = 0) -> Bool {
        guard depth < 8 else { return false }
        switch value.view {
        case .handle(let number): return !known.contains(number)
        case .list(let items), .tuple(let items):
            return items.contains { holdsObject($0, but: known, depth: depth + 1) }
        case .dict(let table), .set(let table, _):
            return (0..<table.places).contains { place in
                guard let entry = table.entry(place) else { return false }
                return holdsObject(entry.key, but: known, depth: depth + 1)
                    || holdsObject(entry.value, but: known, depth: depth + 1)
            }
        default: return false
        }
    }

    /// Cancels what runs, waits until that has ended, and frees everything. Inside what runs, and where the caller is
    /// cancelled, it waits for nothing: whoever has the turn ends the context when leaving it.
    public func close() async {
        close(.contextClosed)
        if !isInside { await gate.whenFree() }
        if gate.isClosedAndFree { end() }
    }
}
