/// The modules of a machine by their names. Most machines have one, which needs no dictionary.
struct ModuleTable {
    private var first: (name: String, module: ModuleObject)?
    private var others: [String: ModuleObject] = [:]

    subscript(name: String) -> ModuleObject? {
        if let first, first.name == name { return first.module }
        return others[name]
    }

    /// Gives the module that had the name.
    mutating func update(_ module: ModuleObject, for name: String) -> ModuleObject? {
        guard let first, first.name != name else {
            defer { first = (name, module) }
            return first?.module
        }
        return others.updateValue(module, forKey: name)
    }

    /// Whether the module was there, under whatever name.
    mutating func remove(_ module: ModuleObject) -> Bool {
        if first?.module.at == module.at {
            first = others.popFirst().map { (name: $0.key, module: $0.value) }
            return true
        }
        guard let place = others.firstIndex(where: { $0.value.at == module.at }) else { return false }
        others.remove(at: place)
        return true
    }

    /// Gives `body` each module, in no order.
    func visit(_ body: (String, ModuleObject) -> Void) {
        guard let first else { return }
        body(first.name, first.module)
        for (name, module) in others { body(name, module) }
    }

    /// All modules in the order of their names.
    var sorted: [(name: String, module: ModuleObject)] {
        var all: [(name: String, module: ModuleObject)] = []
        visit { all.append((name: $0, module: $1)) }
        return all.sorted { $0.name < $1.name }
    }
}
