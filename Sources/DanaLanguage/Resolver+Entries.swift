// Reading and setting names: the entries of the open scopes.

extension Resolver {
    /// The entry of a symbol in an open scope, made if there is none.
    mutating func entry(_ symbol: Symbol, in wanted: Int, _ node: NodeID) -> Int {
        let depth = scopes[wanted].depth
        var inner: Int32 = -1
        var found = innermost[Int(symbol.rawValue)]
        while found >= 0, scopes[Int(entries[Int(found)].scope)].depth > depth {
            inner = found
            found = entries[Int(found)].previous
        }
        if found >= 0, entries[Int(found)].scope == Int32(truncatingIfNeeded: wanted) { return Int(found) }
        let new = Int32(truncatingIfNeeded: entries.count)
        entries.append(
            Entry(symbol: symbol, scope: Int32(truncatingIfNeeded: wanted), previous: found, node: node))
        if inner >= 0 {
            entries[Int(inner)].previous = new
        } else {
            innermost[Int(symbol.rawValue)] = new
        }
        let last = scopes[wanted].lastEntry
        if last >= 0 { entries[Int(last)].next = new } else { scopes[wanted].firstEntry = new }
        scopes[wanted].lastEntry = new
        return Int(new)
    }

    /// The innermost scope that is a function or the module.
    var functionScope: Int {
        var candidate = scope
        while scopes[candidate].isComprehension { candidate = scopes[candidate].parent }
        return candidate
    }

    mutating func read(_ symbol: Symbol, _ node: NodeID) {
        let index = entry(symbol, in: scope, node)
        entries[index].reads += 1
        uses.append(
            Use(node: node, entry: Int32(truncatingIfNeeded: index), mayBeUnset: !isSurelySet(index)))
    }

    /// Whether an entry has a value at this place. What a comprehension only reads is as set as it is in
    /// the function around it.
    func isSurelySet(_ index: Int) -> Bool {
        var index = index
        while true {
            let entry = entries[index]
            if entry.isSet || entry.isBound { return entry.isSet }
            let scope = scopes[Int(entry.scope)]
            guard scope.isComprehension, entry.previous >= 0 else { return false }
            index = Int(entry.previous)
            guard scopes[Int(entries[index].scope)].function == scope.function else { return false }
        }
    }

    /// Sets a name in the scope that is open.
    mutating func set(_ symbol: Symbol, _ node: NodeID, by origin: Origin = .other) {
        let index = entry(symbol, in: scope, node)
        if !entries[index].isBound {
            entries[index].isBound = true
            entries[index].node = node
            entries[index].origin = origin
        }
        uses.append(Use(node: node, entry: Int32(truncatingIfNeeded: index), mayBeUnset: false))
        flow.set(index, &entries)
    }
}
