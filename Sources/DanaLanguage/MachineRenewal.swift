/// Modules that are run anew. The module stays the object that it is, for whoever has imported it, and gets the variables
/// of the new run; the code of the former one goes on with the former variables, in a module that no import finds.
extension Machine {
    /// Imports do not find a module of this name, until one is run under it again; whether there was one.
    func setAside(_ name: String) -> Bool {
        guard let module = modules[name], modules.remove(module) else { return false }
        setAside[name] = module
        return true
    }

    /// Imports find a module again that was set aside and has not been run since.
    func takeBack(_ name: String) {
        guard let module = setAside.removeValue(forKey: name) else { return }
        _ = modules.update(module, for: name)
    }

    /// Takes a module's variables away from it, to be run anew. A package keeps its parts, which are there already.
    func empty(_ module: ModuleObject) throws(DanaError) {
        let other = try heap.module(name: module.at.pointee.name)
        moduleOrder.append(other)
        replaced.append(other)
        exchange(module, other)
        former[module.at] = other
        for number in 0..<other.count {
            let (name, value) = (text(other.slot(number).pointee.name), other.slot(number).pointee.value)
            guard let part = ModuleObject(value), part.name == "\(module.name).\(name)" else { continue }
            try define(name, as: heap.retained(value), in: module)
        }
    }

    /// A module's body has come to its end.
    func noteRun(of module: ModuleObject) {
        module.header.pointee.flags.remove(.marked)
        if !former.isEmpty { former[module.at] = nil }
    }

    /// Gives a module whose new run has failed its former variables again; whether it had any.
    func takeBack(_ module: ModuleObject) -> Bool {
        guard let other = former.removeValue(forKey: module.at) else { return false }
        exchange(module, other)
        module.header.pointee.flags.remove(.marked)
        return true
    }

    /// The former variable of a module whose new run has not come to it yet, borrowed.
    func formerVariable(_ name: Value, of module: ModuleObject) throws(DanaError) -> Value? {
        guard module.header.pointee.flags.contains(.marked), let other = former[module.at],
            let slot = try heap.existingSlot(name, of: other), !slot.pointee.value.isUndefined,
            try export(of: name, slot.pointee.value, in: other) == nil
        else { return nil }
        return slot.pointee.value
    }

    /// Gives each of two modules the variables of the other, with the code that is linked to them and the number by which
    /// a saved program knows them.
    private func exchange(_ one: ModuleObject, _ other: ModuleObject) {
        one.exchangeVariables(with: other)
        for code in linked {
            if code.pointee.module.at == one.at {
                code.pointee.module = other
            } else if code.pointee.module.at == other.at {
                code.pointee.module = one
            }
            // What sites remember is the number of a variable.
            for index in 0..<code.pointee.code.takeUnretainedValue().parts.sites.count {
                let site = code.pointee.sites + index
                if site.pointee.owner == UnsafeMutableRawPointer(one.at)
                    || site.pointee.owner == UnsafeMutableRawPointer(other.at)
                {
                    site.pointee.owner = nil
                    site.pointee.found = .nothing
                }
            }
        }
        if let lastLinked { linkedPrograms[lastLinked.key] = lastLinked.code }
        lastLinked = nil
        linkedPrograms = Dictionary(
            linkedPrograms.map { ($0.exchanging(one, other), $1) }, uniquingKeysWith: { first, _ in first })
        if let place = moduleOrder.firstIndex(where: { $0.at == one.at }),
            let otherPlace = moduleOrder.firstIndex(where: { $0.at == other.at })
        {
            moduleOrder.swapAt(place, otherPlace)
        }
        noteModuleChange()
    }
}
