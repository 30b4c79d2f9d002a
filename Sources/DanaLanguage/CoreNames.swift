/// The names of the core module, which come into being when a program first uses them.
extension Machine {
    /// The core module's variable of a name; nil when neither the catalogue nor the host has the name.
    func coreSlot(_ name: Value) throws(DanaError) -> UnsafeMutablePointer<ModuleObject.Slot>? {
        if let slot = try heap.existingSlot(name, of: core) { return slot }
        let text = text(name)
        if let number = offered?.number(of: text) {
            try define(text, as: try hostFunction(number: number), in: core)
            return try heap.existingSlot(name, of: core)
        }
        switch builtIns.coreNames[text] {
        case .prelude(let code):
            linkLog.append(.core(text))
            // Codes that name the function while it is linked find this slot.
            let slot = try heap.slot(name, of: core, fallback: .undefined)
            try run(prelude: code, in: core)
            return slot
        case .native(let native):
            let value = heap.owned(try nativeValue(native))
            return try heap.slot(name, of: core, fallback: value.value)
        case .type(let type): return try heap.slot(name, of: core, fallback: try heap.type(type))
        case .exception(let kind): return try heap.slot(name, of: core, fallback: try heap.exceptionType(kind))
        case nil: return nil
        }
    }

    /// What a name means when a module has no variable of that name: a core function, a host's or a built-in.
    /// Names with an underscore at their beginning are for the parts of the core written in Dana alone.
    func fallback(for name: Value, in module: ModuleObject) throws(DanaError) -> Value {
        if StringObject(known: name).bytes.first == UInt8(ascii: "_"), !isOwn(module) { return .undefined }
        guard let slot = try coreSlot(name) else { return .undefined }
        return slot.pointee.value.isUndefined ? slot.pointee.fallback : slot.pointee.value
    }

    /// A core function of the prelude, borrowed.
    func preludeFunction(_ name: String) throws(DanaError) -> Value {
        guard let slot = try coreSlot(try heap.name(name)), !slot.pointee.value.isUndefined else {
            throw heap.error(.systemError, "the prelude lacks '\(name)'")
        }
        return slot.pointee.value
    }

    /// Makes functions of the host's known to an interpreter that knows none yet.
    func offer(_ names: HostNames) {
        offered = names
        hostFunctions = names.list
    }

    /// Gives the host's function a name that every module finds.
    func defineHostFunction(_ name: String) throws(DanaError) {
        linkLog.append(.hostFunction(name))
        try offer(try hostFunction(named: name), as: name)
    }

    /// Puts a value, which is taken over, into the core module: modules that looked for the name before find it, too,
    /// unless an import has brought them a function of that name.
    func offer(_ value: Value, as name: String) throws(DanaError) {
        let held = heap.owned(value)
        let interned = try heap.name(name)
        let known = try heap.existingSlot(interned, of: core)?.pointee
        let found = known.map { $0.value.isUndefined ? $0.fallback : $0.value } ?? .undefined
        let former = Owned(retaining: found, heap: heap)
        try define(name, as: held.take(), in: core)
        for module in moduleOrder where module.at != core.at {
            guard let slot = try heap.existingSlot(interned, of: module),
                slot.pointee.fallback.isUndefined || slot.pointee.fallback.isIdentical(to: former.value)
            else { continue }
            let found = try fallback(for: interned, in: module)
            let old = slot.pointee.fallback
            slot.pointee.fallback = heap.retained(found)
            heap.release(old)
        }
    }

    /// A function whose calls are the host's to answer under a name, owned.
    func hostFunction(named name: String) throws(DanaError) -> Value {
        let function = try hostFunction(number: hostFunctions.count)
        hostFunctions.append(name)
        return function
    }

    private func hostFunction(number: Int) throws(DanaError) -> Value {
        let function = try heap.allocate(HostFunctionObject.self)
        function.at.pointee.index = number
        return function.value
    }

    /// All names that programs find without setting them.
    var coreNames: Set<String> { Set(builtIns.coreNames.keys).union(hostFunctions) }
}
