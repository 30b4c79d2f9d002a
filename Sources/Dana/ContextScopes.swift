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
            if scope != .public { noteSecrets(in: value, named: name, isSecret: false, depth: 0) }
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

    /// Sets a variable to a copy of a value.
    func setVariable(_ name: String, of scope: VariableScope, to value: DanaValue) throws {
        try locked { interpreter in
            try setVariable(name, of: scope, to: try makeValue(value, interpreter), interpreter)
        }
    }

    /// Takes the texts of a value out of what leaves from here on, where its name, or the one under which it stands in
    /// a dict, says that they are secret.
    private func noteSecrets(in value: Value, named name: String, isSecret: Bool, depth: Int) {
        guard depth < 8 else { return }
        let isSecret = isSecret || OutputFilter.isSecret(name)
        switch value.view {
        case .string(let utf8, _):
            if isSecret { runtime.filter.add([String(decoding: utf8, as: UTF8.self)], ofContext: number) }
        case .dict(let table):
            for place in 0..<table.places {
                guard let entry = table.entry(place), case .string(let key, _) = entry.key.view else { continue }
                let name = String(decoding: key, as: UTF8.self)
                noteSecrets(in: entry.value, named: name, isSecret: isSecret, depth: depth + 1)
            }
        case .list(let items), .tuple(let items):
            guard isSecret else { return }
            for item in items { noteSecrets(in: item, named: "", isSecret: true, depth: depth + 1) }
        default: return
        }
    }

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
