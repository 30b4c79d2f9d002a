import DanaLanguage

/// A context's variables, by scope, as the host sees and sets them. `local` are those of the main module.
extension ContextCore {
    /// The names and values of a scope, borrowed; with the lock held.
    public func variables(
        of scope: VariableScope, _ interpreter: Interpreter
    ) throws -> [(name: String, value: Value)] {
        if let kind = scope.kind { return interpreter.variables(of: kind) }
        guard let main = interpreter.module(DanaContext.mainModule) else { return [] }
        return try interpreter.publicNames(ofModule: main).compactMap { name in
            try interpreter.variable(name, ofModule: main).map { (name, $0) }
        }
    }

    /// Sets a variable to a value that is taken over; with the lock held.
    public func setVariable(
        _ name: String, of scope: VariableScope, to value: Value, _ interpreter: Interpreter
    ) throws {
        if let kind = scope.kind {
            if scope != .public { noteSecrets(in: value, named: name, of: kind, interpreter) }
            return try interpreter.setVariable(name, of: kind, to: value)
        }
        let main: Value
        do {
            main = try interpreter.module(DanaContext.mainModule) ?? interpreter.makeModule(DanaContext.mainModule)
        } catch {
            interpreter.release(value)
            throw error
        }
        try interpreter.define(name, as: value, inModule: main)
    }

    /// A copy of a variable; nil where there is none.
    func variable(_ name: String, of scope: VariableScope) throws -> DanaValue? {
        try locked { interpreter in
            guard let value = try variables(of: scope, interpreter).first(where: { $0.name == name })?.value else {
                return nil
            }
            interpreter.retain(value)
            return try takeOut(value, interpreter)
        }
    }

    /// Whether the main program has a variable of a name.
    public func hasLocal(_ name: String) -> Bool {
        lockedIfOpen { interpreter in
            interpreter.module(DanaContext.mainModule).flatMap { try? interpreter.variable(name, ofModule: $0) }
        } != nil
    }

    /// Sets a variable to a copy of a value.
    func setVariable(_ name: String, of scope: VariableScope, to value: DanaValue) throws {
        try locked { interpreter in
            try setVariable(name, of: scope, to: try makeValue(value, interpreter), interpreter)
        }
    }

    /// Takes what is secret in the private and the system's variables, as they stand, out of what leaves from here on; with
    /// the lock held.
    func noteSecrets(_ interpreter: Interpreter) {
        noteSecrets(of: .private, interpreter, &privateLooks)
        noteSecrets(of: .system, interpreter, &systemLooks)
    }

    private func noteSecrets(of scope: ScopeKind, _ interpreter: Interpreter, _ looks: inout ScopeLooks) {
        let ticks = interpreter.ticks
        for (name, value) in interpreter.variables(of: scope) where looks.areDue(name, value, ticks: ticks) {
            let visited = noteSecrets(in: value, named: name, of: scope, interpreter)
            looks.note(name, value, visited: visited, ticks: ticks)
        }
    }

    /// How many values were looked at for that.
    @discardableResult
    private func noteSecrets(
        in value: Value, named name: String, of scope: ScopeKind, _ interpreter: Interpreter
    ) -> Int {
        var search = ScopeSecrets(interpreter, isPrivate: scope == .private)
        search.look(at: value, named: name)
        let new = search.found.filter { secrets.count < ContextCore.secretsKept && secrets.insert($0).inserted }
        runtime.filter.add(new, ofContext: number)
        return search.visited
    }

    /// Secrets of one context's variables that are taken out at most.
    private static let secretsKept = 1000

    /// Deletes a variable; whether there was one.
    public func deleteVariable(_ name: String, of scope: VariableScope) throws -> Bool {
        try locked { interpreter in
            if let kind = scope.kind { return try interpreter.deleteVariable(name, of: kind) }
            guard let main = interpreter.module(DanaContext.mainModule) else { return false }
            return try interpreter.removeVariable(name, ofModule: main)
        }
    }
}

extension VariableScope {
    /// The scope that outlives a call; nil for `local`.
    var kind: ScopeKind? {
        switch self {
        case .local: nil
        case .private: .private
        case .public: .public
        case .system: .system
        }
    }
}
