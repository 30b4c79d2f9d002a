/// Imports: modules that are there, and those for which the host is asked.
extension Machine {
    /// A module that a package holds becomes a variable of the package.
    func bindToPackage(_ module: ModuleObject) throws(DanaError) {
        guard let dot = StringObject(known: module.at.pointee.name).bytes.lastIndex(of: UInt8(ascii: ".")) else {
            return
        }
        let name = module.name
        let end = name.utf8.index(name.startIndex, offsetBy: dot)
        guard let package = modules[String(name[..<end])] else { return }
        try define(String(name[name.utf8.index(after: end)...]), as: heap.retained(module.value), in: package)
    }

    /// A module whose body failed is not found by the next import, or is what it was where it was run anew; functions
    /// that it made still use its variables.
    func forget(_ module: ModuleObject) {
        if !takeBack(module), modules.remove(module) { replaced.append(module) }
    }

    /// `importModule`: a module already there, else a host call.
    func importModule(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let code = fiber.pointee.frame.pointee.code
        let description = code.pointee.code.takeUnretainedValue().parts.imports[i.wide]
        if description.level == 0, description.form != .python, let module = modules[description.name] {
            deliver(heap.retained(module.value), fiber)
            return .goOn
        }
        if description.level == 0, description.form == .any, let module = try nativeModule(description.name) {
            deliver(heap.retained(module.value), fiber)
            return .goOn
        }
        try ask(
            .module(
                name: description.name, form: description.form, level: description.level,
                importer: code.pointee.module.name), fiber)
        return .suspend
    }

    /// `importName`: R[A] = the variable names[C] of the module R[B], or its submodule, for which the host is asked.
    func importName(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let frame = fiber.pointee.frame
        let name = frame.pointee.code.pointee.names[i.c]
        guard let module = ModuleObject(frame.pointee.base[i.b]) else {
            throw heap.error(.importError, "cannot import from a '\(frame.pointee.base[i.b].typeName)' object")
        }
        if let slot = try heap.existingSlot(name, of: module), !slot.pointee.value.isUndefined {
            if let reason = privacy(of: name, in: module) { throw heap.error(.importError, reason) }
            if let reason = try export(of: name, slot.pointee.value, in: module) {
                throw heap.error(.importError, reason)
            }
            deliver(heap.retained(slot.pointee.value), fiber)
            return .goOn
        }
        let whole = "\(module.name).\(text(name))"
        if let submodule = modules[whole] {
            deliver(heap.retained(submodule.value), fiber)
            return .goOn
        }
        if catalogue.modules.contains(where: { $0.name == module.name }) { throw noName(text(name), in: module, fiber) }
        try ask(
            .module(name: whole, form: .any, level: 0, importer: frame.pointee.code.pointee.module.name), fiber)
        return .suspend
    }

    /// Why a name is none for other modules by its form; nil for one that may be.
    func privacy(of name: Value, in module: ModuleObject) -> String? {
        let text = text(name)
        guard text.utf8.first == UInt8(ascii: "_"), !text.hasPrefix("__") else { return nil }
        return "'\(text)' is private to module '\(module.name)'"
    }

    /// Why a variable is none for other modules when theirs exports others; nil for one that they may use. A package
    /// shows its modules.
    func export(of name: Value, _ value: Value, in module: ModuleObject) throws(DanaError) -> String? {
        guard let exports = SetObject(module.at.pointee.exports) else { return nil }
        if let part = ModuleObject(value), part.name == "\(module.name).\(text(name))" { return nil }
        if try heap.contains(name, in: exports.table) || text(name).hasPrefix("__") { return nil }
        return "module '\(module.name)' does not export '\(text(name))'"
    }

    private func noName(
        _ name: String, in module: ModuleObject, _ fiber: UnsafeMutablePointer<FiberState>
    ) -> DanaError {
        let message = "cannot import name '\(name)' from '\(module.name)'"
        guard module.header.pointee.flags.contains(.marked) else { return heap.error(.importError, message) }
        let circle = circle(to: module, fiber).map { " (\($0.joined(separator: " -> ")))" } ?? ""
        return heap.error(
            .importError,
            "\(message), which is still being imported\(circle): import the module instead of the name, or import it where "
                + "it is used")
    }

    /// The names of the modules that import each other, from one whose body still runs back to it; nil where it runs in
    /// another fiber.
    private func circle(to module: ModuleObject, _ fiber: UnsafeMutablePointer<FiberState>) -> [String]? {
        let running = (0..<fiber.pointee.frameCount).compactMap { ModuleObject(fiber.pointee.frames[$0].function) }
        return running.firstIndex { $0.at == module.at }.map { (running[$0...] + [module]).map(\.name) }
    }

    /// Goes on with the module that the host found, which another import may have run in the meantime.
    func goOn(with code: Code, name: String, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) {
        if let module = modules[name] {
            deliver(heap.retained(module.value), fiber)
        } else {
            try runModule(code, name: name, purpose: .module, fiber)
        }
    }

    /// The exception of a call that the host failed; a name that is no submodule either is a missing name.
    func hostError(_ kind: ExceptionKind, _ message: String, _ fiber: UnsafeMutablePointer<FiberState>) -> DanaError {
        let frame = fiber.pointee.frame
        let i = frame.pointee.pc[-1]
        guard kind == .moduleNotFoundError, i.opcode == .importName,
            let module = ModuleObject(frame.pointee.base[i.b])
        else { return heap.error(kind, message) }
        return noName(text(frame.pointee.code.pointee.names[i.c]), in: module, fiber)
    }

    /// `importAll`: the public names of a module become the importer's.
    func importAll(from value: Value, functionsOnly: Bool, into importer: ModuleObject) throws(DanaError) {
        guard let module = ModuleObject(value) else {
            throw heap.error(.importError, "cannot import names from a '\(value.typeName)' object")
        }
        let exports = SetObject(module.at.pointee.exports)
        for number in 0..<module.count {
            let slot = module.slot(number).pointee
            if slot.value.isUndefined { continue }
            if functionsOnly && !isFunction(slot.value) { continue }
            if let exports {
                guard try heap.contains(slot.name, in: exports.table) else { continue }
            } else if StringObject(known: slot.name).bytes.first == UInt8(ascii: "_") {
                continue
            }
            let core = try fallback(for: slot.name, in: importer)
            let target = try heap.slot(slot.name, of: importer, fallback: core)
            if functionsOnly {
                if !mayOverwriteImports {
                    try checkReplacement(of: target.pointee.fallback, core: core, in: importer, by: slot, of: module)
                }
                bring(slot.value, to: target)
            } else {
                let old = target.pointee.value
                target.pointee.value = heap.retained(slot.value)
                heap.release(old)
            }
        }
    }

    /// Gives a module a function behind its own variables: it is the variable where the module has none of the name.
    private func bring(_ function: Value, to slot: UnsafeMutablePointer<ModuleObject.Slot>) {
        let (value, fallback) = (slot.pointee.value, slot.pointee.fallback)
        slot.pointee.fallback = heap.retained(function)
        if value.isUndefined || value.isIdentical(to: fallback) {
            slot.pointee.value = heap.retained(function)
            heap.release(value)
        }
        heap.release(fallback)
    }

    /// Whether a value is a function to an import that brings a module's functions.
    private func isFunction(_ value: Value) -> Bool {
        if let handle = HostHandleObject(value) { return handle.isFunction }
        return value.objectKind == .function || value.objectKind == .hostFunction
    }

    /// Refuses to put a function of one module silently in the place of another's, or of the host's. `core` is what
    /// every module finds under the name; the language's own functions may be hidden.
    private func checkReplacement(
        of old: Value, core: Value, in importer: ModuleObject, by slot: ModuleObject.Slot, of module: ModuleObject
    ) throws(DanaError) {
        guard isFunction(old), !old.isIdentical(to: slot.value) else { return }
        if let old = HostHandleObject(old), old.identifier == HostHandleObject(slot.value)?.identifier { return }
        let origin: String?
        if old.isIdentical(to: core) {
            guard isRegistered(old) else { return }
            origin = nil
        } else {
            origin = home(of: old, in: importer)
            if origin == module.name { return }
        }
        let (place, one) = origin.map { ("'\($0)'", "one of them") } ?? ("the host", "it")
        throw heap.error(
            .importError,
            "importing '\(module.name)' would replace '\(text(slot.name))' of \(place): import \(one) with 'as', or "
                + "allow imports to overwrite")
    }

    /// Whether a function of the host's is none that it offers to all programs beside the language's own.
    private func isRegistered(_ function: Value) -> Bool {
        guard let function = HostFunctionObject(function) else { return false }
        return builtInHostNames?.number(of: hostFunctions[function.at.pointee.index]) == nil
    }

    /// The name of the module that a function is of which an importer has; nil for one of the host's.
    private func home(of function: Value, in importer: ModuleObject) -> String? {
        if let function = FunctionObject(function) { return function.module.name }
        return moduleOrder.first { module in
            module.at != importer.at
                && (0..<module.count).contains { module.slot($0).pointee.value.isIdentical(to: function) }
        }?.name
    }

    /// `exportName`
    func export(_ name: Value, of module: ModuleObject) throws(DanaError) {
        if module.at.pointee.exports.isNull { module.at.pointee.exports = try heap.set().value }
        try heap.add(heap.retained(name), to: SetObject(known: module.at.pointee.exports))
    }
}
