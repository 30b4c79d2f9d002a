/// Modules: running their code, and the imports that ask the host for them.
/// One thing linked while a program ran.
enum LinkEntry {
    case program(SourceText, isStrict: Bool, module: Int, name: String)
    case native(module: String)
    /// A core function of the prelude, which may have come with a program before.
    case core(String)
    case own(OwnCode)
    case hostFunction(String)
    /// A module that the host made.
    case module(String)
    /// A value of the host's in the core module.
    case defined(String)
}

/// A program in a module, as the key to its linked form.
struct LinkedProgram: Hashable {
    let code: ObjectIdentifier
    let module: UInt

    init(_ code: Code, _ module: ModuleObject) {
        self.code = ObjectIdentifier(code)
        self.module = UInt(bitPattern: module.at)
    }
}

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
        if let linked = linkedPrograms[key] { return linked }
        let number = moduleOrder.firstIndex { $0.at == module.at } ?? 0
        linkLog.append(
            .program(code.parts.source, isStrict: code.parts.isStrict, module: number, name: name))
        let linked = try link(code, module: module)
        linkedPrograms[key] = linked
        return linked
    }

    /// A module that the host fills, found by imports under its name.
    func makeModule(_ name: String) throws(DanaError) -> ModuleObject {
        linkLog.append(.module(name))
        return try addModule(name)
    }

    /// A module of this name, which knows its name, in the place of one that has it.
    private func addModule(_ name: String) throws(DanaError) -> ModuleObject {
        let module = try heap.module(name: try heap.name(name))
        moduleOrder.append(module)
        if let old = modules.updateValue(module, forKey: name) { replaced.append(old) }
        try define("__name__", as: heap.retained(try heap.name(name)), in: module)
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

    /// A module that a package holds becomes a variable of the package.
    func bindToPackage(_ module: ModuleObject) throws(DanaError) {
        let name = module.name
        guard let dot = name.lastIndex(of: "."), let package = modules[String(name[..<dot])] else { return }
        try define(String(name[name.index(after: dot)...]), as: heap.retained(module.value), in: package)
    }

    /// A module whose body failed is not found by the next import; functions it made still use its variables.
    func forget(_ module: ModuleObject) {
        guard let name = modules.first(where: { $0.value.at == module.at })?.key else { return }
        modules[name] = nil
        replaced.append(module)
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
            deliver(heap.retained(slot.pointee.value), fiber)
            return .goOn
        }
        let whole = "\(module.name).\(text(name))"
        if let submodule = modules[whole] {
            deliver(heap.retained(submodule.value), fiber)
            return .goOn
        }
        if catalogue.modules.contains(where: { $0.name == module.name }) { throw noName(text(name), in: module) }
        try ask(
            .module(name: whole, form: .any, level: 0, importer: frame.pointee.code.pointee.module.name), fiber)
        return .suspend
    }

    private func noName(_ name: String, in module: ModuleObject) -> DanaError {
        heap.error(.importError, "cannot import name '\(name)' from '\(module.name)'")
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
        return noName(text(frame.pointee.code.pointee.names[i.c]), in: module)
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
            let target = try heap.slot(slot.name, of: importer, fallback: try fallback(for: slot.name, in: importer))
            let old = target.pointee.value
            if functionsOnly && !mayOverwriteImports { try checkReplacement(of: old, by: slot, of: module) }
            target.pointee.value = heap.retained(slot.value)
            heap.release(old)
        }
    }

    /// Whether a value is a function to an import that brings a module's functions.
    private func isFunction(_ value: Value) -> Bool {
        if let handle = HostHandleObject(value) { return handle.isFunction }
        return value.objectKind == .function || value.objectKind == .hostFunction
    }

    /// Refuses to put a function of one module silently in the place of another's.
    private func checkReplacement(
        of old: Value, by slot: ModuleObject.Slot, of module: ModuleObject
    ) throws(DanaError) {
        guard isFunction(old), !old.isIdentical(to: slot.value) else { return }
        if let old = HostHandleObject(old), old.identifier == HostHandleObject(slot.value)?.identifier { return }
        let origin = FunctionObject(old)?.module.name ?? "the host"
        if origin == module.name { return }
        throw heap.error(
            .importError,
            "importing '\(module.name)' would replace '\(text(slot.name))' of '\(origin)': import one of them with "
                + "'as', or allow imports to overwrite")
    }

    /// `exportName`
    func export(_ name: Value, of module: ModuleObject) throws(DanaError) {
        if module.at.pointee.exports.isNull { module.at.pointee.exports = try heap.set().value }
        try heap.add(heap.retained(name), to: SetObject(known: module.at.pointee.exports))
    }

    // MARK: Built-in modules

    /// A module of the catalogue, made at its first import.
    func nativeModule(_ name: String) throws(DanaError) -> ModuleObject? {
        guard let description = catalogue.modules.first(where: { $0.name == name }) else { return nil }
        if let capability = description.capability, !capabilities.contains(capability) {
            throw heap.error(
                .capabilityError, "importing '\(name)' needs the capability '\(capability)', which is not granted")
        }
        let module = try heap.module(name: try heap.name(name))
        modules[name] = module
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
