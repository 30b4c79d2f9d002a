/// The variables of `private:`, `public:` and `system:`.
extension Machine {
    /// A scope's variable, owned. Programs that may not write `system:` get a copy of what they could change in place.
    func scopeVariable(_ name: Value, _ scope: ScopeKind) throws(DanaError) -> Value {
        guard let value = try heap.value(under: name, in: scopes[Int(scope.rawValue)]) else {
            throw heap.error(.nameError, "name '\(scope.name):\(text(name))' is not defined")
        }
        if scope == .system, !mayWriteSystem { return try heap.deepCopy(of: value) }
        return heap.retained(value)
    }

    /// Sets a scope's variable to a borrowed value.
    func setScopeVariable(_ name: Value, _ scope: ScopeKind, to value: Value) throws(DanaError) {
        try checkWritable(scope)
        try heap.set(heap.retained(name), to: heap.retained(value), in: scopes[Int(scope.rawValue)])
    }

    func deleteScopeVariable(_ name: Value, _ scope: ScopeKind) throws(DanaError) {
        try checkWritable(scope)
        let table = scopes[Int(scope.rawValue)].table
        guard let index = try heap.find(name, hash: try heap.hash(of: name), in: table) else {
            throw heap.error(.nameError, "name '\(scope.name):\(text(name))' is not defined")
        }
        let (key, value) = heap.removeEntry(index, of: table)
        heap.release(key)
        heap.release(value)
    }

    private func checkWritable(_ scope: ScopeKind) throws(DanaError) {
        guard scope == .system, !mayWriteSystem else { return }
        throw heap.error(.capabilityError, "system: variables are read-only; the host must grant 'system_write'")
    }
}
