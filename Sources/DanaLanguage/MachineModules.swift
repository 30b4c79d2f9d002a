/// Modules: running their code, linking it, and the built-in ones.
extension Machine {
    /// Makes a module of this name and pushes the frame of its body.
    func runModule(
        _ code: Code, name: String, purpose: Frame.Purpose, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        let module: ModuleObject
        if purpose == .bottom, let known = modules[name] {
            module = known
        } else {
            module = try addModule(name)
        }
        module.header.pointee.flags.insert(.marked)
        let linked = try linkedProgram(code, module, name: name)
        heap.retain(module.value)
        do {
            if fiber.pointee.frameCount == 0 {
                try pushFirst(linked, function: module.value, purpose: purpose, fiber)
            } else {
                try push(linked, function: module.value, purpose: purpose, fiber)
            }
        } catch {
            heap.release(module.value)
            throw error
        }
    }

    /// A program's linked form for a module, made when it is not there. It keeps its code, whose identity so stays its
    /// own.
    private func linkedProgram(
        _ code: Code, _ module: ModuleObject, name: String
    ) throws(DanaError) -> UnsafeMutablePointer<LinkedCode> {
        let key = LinkedProgram(code, module)
        if let lastLinked, lastLinked.key == key { return lastLinked.code }
        if let linked = linkedPrograms[key] { return linked }
        let number = moduleOrder.firstIndex { $0.at == module.at } ?? 0
        linkLog.append(
            .program(code.parts.source, isStrict: code.parts.isStrict, module: number, name: name))
        let linked = try link(code, module: module)
        if let lastLinked { linkedPrograms[lastLinked.key] = lastLinked.code }
        lastLinked = (key, linked)
        return linked
    }

    /// A module that the host fills, found by imports under its name.
    func makeModule(_ name: String) throws(DanaError) -> ModuleObject {
        linkLog.append(.module(name))
        return try addModule(name)
    }

    /// A module of this name, which knows its name and nothing else; one that has the name is made anew.
    private func addModule(_ name: String) throws(DanaError) -> ModuleObject {
        let interned = try heap.name(name)
        let module: ModuleObject
        if let known = modules[name] ?? setAside[name] {
            try empty(known)
            setAside[name] = nil
            module = known
        } else {
            module = try heap.module(name: interned)
            moduleOrder.append(module)
        }
        _ = modules.update(module, for: name)
        try define("__name__", as: heap.retained(interned), in: module)
        return module
    }

    /// Links what a saved program had linked: a code of the module with this number, which is new when it is the
    /// next one.
    func relink(_ code: Code, module number: Int, name: String) throws(DanaError) {
        if number == moduleOrder.count {
            _ = try addModule(name)
        }
        guard moduleOrder.indices.contains(number) else {
            throw heap.error(.systemError, "there is no module \(number)")
        }
        linkLog.append(
            .program(code.parts.source, isStrict: code.parts.isStrict, module: number, name: name))
        _ = try link(code, module: moduleOrder[number])
    }

    /// A number that tells whether two machines linked the same instructions.
    var fingerprint: UInt64 {
        var hash: UInt64 = 0
        for code in linked {
            for index in 0..<code.pointee.instructionCount {
                hash = Heap.folded(hash ^ code.pointee.instructions[index].bits, 0x9E37_79B9_7F4A_7C15) &+ 1
            }
        }
        return hash
    }

    /// What a module's text says of it at its beginning.
    func documentation(of module: ModuleObject) -> String? {
        linked.lazy.filter { $0.pointee.module.at == module.at }.map { $0.pointee.code.takeUnretainedValue().parts }
            .first { $0.name == "<module>" }?.documentation
    }

    // MARK: Built-in modules

    /// A module of the catalogue, made at its first import.
    func nativeModule(_ name: String) throws(DanaError) -> ModuleObject? {
        guard let description = catalogue.modules.first(where: { $0.name == name }) else { return nil }
        if let capability = description.capability, !capabilities.contains(capability) {
            throw heap.error(.capabilityError, capabilityMessage("importing '\(name)'", capability))
        }
        let module = try heap.module(name: try heap.name(name))
        _ = modules.update(module, for: name)
        moduleOrder.append(module)
        linkLog.append(.native(module: name))
        for native in builtIns.moduleFunctions[name] ?? [] {
            let whole = native.pointee.function.name
            let local = whole.split(separator: ".").last.map(String.init) ?? whole
            try define(local, as: try nativeValue(native), in: module)
        }
        for constant in description.constants {
            try define(constant.name, as: try value(of: constant.value), in: module)
        }
        for function in description.hostFunctions {
            let asked = "\(name).\(function.drop { $0 == "_" })"
            try define(function, as: try hostFunction(named: asked), in: module)
        }
        if let prelude = description.prelude { try runPrelude(prelude, in: module) }
        return module
    }

    /// Sets a module's variable to an owned value, and what a read finds without it unless that is nil.
    func define(_ name: String, as value: Value, fallback: Value? = nil, in module: ModuleObject) throws(DanaError) {
        let held = heap.owned(value)
        let heldFallback = heap.owned(fallback ?? .undefined)
        let slot = try heap.slot(try heap.name(name), of: module, fallback: .undefined)
        let old = slot.pointee.value
        slot.pointee.value = held.take()
        heap.release(old)
        guard fallback != nil else { return }
        let oldFallback = slot.pointee.fallback
        slot.pointee.fallback = heldFallback.take()
        heap.release(oldFallback)
    }
}
