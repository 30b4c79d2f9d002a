/// Making a `Code` ready to run in one interpreter.
extension Machine {
    /// The linked form of a code for a module, and of the codes nested in it. It lives as long as the machine.
    func link(_ code: Code, module: ModuleObject) throws(DanaError) -> UnsafeMutablePointer<LinkedCode> {
        let parts = code.parts
        let arena = LinkArena(heap: heap)
        do {
            let codes = arena.array(parts.codes.count, of: UnsafeMutablePointer<LinkedCode>.self)
            for (index, nested) in parts.codes.enumerated() { codes[index] = try link(nested, module: module) }
            let globals = arena.array(parts.globals.count, of: UnsafeMutablePointer<ModuleObject.Slot>.self)
            for (index, text) in parts.globals.enumerated() {
                let name = try heap.name(text)
                globals[index] = try heap.slot(name, of: module, fallback: try fallback(for: name, in: module))
            }
            let names = try arena.names(parts.names)
            let sites = arena.array(parts.sites.count, of: AttributeCache.self)
            let siteKeywords = arena.array(parts.sites.count, of: KeywordCache.self)
            for (index, site) in parts.sites.enumerated() {
                (siteKeywords + index).initialize(to: try keywordCache(site.keywords, arena))
                (sites + index).initialize(
                    to: AttributeCache(name: try heap.name(site.name), keywords: siteKeywords + index))
            }
            let keywords = arena.array(parts.keywordNames.count, of: KeywordCache.self)
            for (index, list) in parts.keywordNames.enumerated() {
                (keywords + index).initialize(to: try keywordCache(list, arena))
            }
            let constants = arena.array(parts.constants.count, of: Value.self)
            for (index, constant) in parts.constants.enumerated() {
                constants[index] = try value(of: constant)
                arena.values.append(constants[index])
            }
            let instructions = arena.array(parts.instructions.count, of: Instruction.self)
            for (index, instruction) in parts.instructions.enumerated() { instructions[index] = instruction }
            let parameters = parts.parameters
            let linkedCode = arena.array(1, of: LinkedCode.self)
            linkedCode.initialize(
                to: LinkedCode(
                    instructions: instructions, constants: constants, names: names, globals: globals, sites: sites,
                    keywords: keywords, codes: codes, parameterNames: try arena.names(parameters.names),
                    instructionCount: parts.instructions.count, registerCount: parts.registerCount,
                    simpleCount: parameters.isSimple && !parts.isGenerator ? parameters.positionalCount : -1,
                    shape: shape(of: parameters, arena), defaultCount: parameters.defaultCount,
                    isGenerator: parts.isGenerator, isFieldMaker: parts.isFieldMaker,
                    hasHandlers: !parts.handlers.isEmpty, module: module,
                    number: linked.count, code: Unmanaged.passRetained(code)))
            linked.append(linkedCode)
            linkedCodes.append(linkedCode.pointee.code)
            arenas.append(arena)
            return linkedCode
        } catch {
            arena.end()
            throw error
        }
    }

    private func keywordCache(_ names: [String], _ arena: LinkArena) throws(DanaError) -> KeywordCache {
        KeywordCache(
            names: try arena.names(names), count: names.count, registers: arena.array(names.count, of: Int.self),
            code: nil)
    }

    private func shape(of parameters: Parameters, _ arena: LinkArena) -> ParameterShape {
        let defaults = arena.array(parameters.keywordDefaults.count, of: Int.self)
        var next = parameters.positionalDefaults
        for (index, hasDefault) in parameters.keywordDefaults.enumerated() {
            defaults[index] = hasDefault ? next : -1
            if hasDefault { next += 1 }
        }
        let rest = parameters.rest == nil ? -1 : parameters.names.count
        let keywordRest = parameters.names.count + (parameters.rest == nil ? 0 : 1)
        return ParameterShape(
            positionalCount: parameters.positionalCount, positionalOnlyCount: parameters.positionalOnlyCount,
            positionalDefaults: parameters.positionalDefaults, nameCount: parameters.names.count, restRegister: rest,
            keywordRestRegister: parameters.keywordRest == nil ? -1 : keywordRest, keywordDefaults: defaults)
    }

    /// What a name means when a module has no variable of that name: a core function, a host's or a built-in.
    /// Names with an underscore at their beginning are for the parts of the core written in Dana alone.
    func fallback(for name: Value, in module: ModuleObject) throws(DanaError) -> Value {
        if StringObject(known: name).bytes.first == UInt8(ascii: "_"), !isOwn(module) { return .undefined }
        guard let slot = try heap.existingSlot(name, of: core) else { return .undefined }
        return slot.pointee.value.isUndefined ? slot.pointee.fallback : slot.pointee.value
    }

    /// A constant as a value, owned.
    func value(of constant: Code.Constant) throws(DanaError) -> Value {
        switch constant {
        case .null: return .null
        case .bool(let flag): return Value(flag)
        case .integer(let integer): return try heap.integer(integer)
        case .bigInteger(let integer):
            return try heap.integer(IntegerWords(isNegative: integer.isNegative, magnitude: integer.magnitude))
        case .float(let float): return try heap.float(float)
        case .string(let text): return heap.retained(try heap.name(text))
        case .bytes(let bytes):
            return try heap.bytes(count: bytes.count) { start in
                for (index, byte) in bytes.enumerated() { start[index] = byte }
            }.value
        case .tuple(let items):
            let tuple = try heap.tuple(count: items.count)
            let held = heap.owned(tuple.value)
            for (index, item) in items.enumerated() { tuple.start[index] = try value(of: item) }
            return held.take()
        }
    }
}

/// The memory of one linked code, freed with the machine.
final class LinkArena {
    private let heap: Heap
    private var blocks: [UnsafeMutableRawPointer] = []
    /// References that the linked code holds.
    var values: [Value] = []

    init(heap: Heap) {
        self.heap = heap
    }

    /// Zeroed memory; one element at least, so that there is always an address.
    func array<Element>(_ count: Int, of: Element.Type) -> UnsafeMutablePointer<Element> {
        let bytes = max(count, 1) * MemoryLayout<Element>.stride
        let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
        block.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        blocks.append(block)
        return block.bindMemory(to: Element.self, capacity: max(count, 1))
    }

    /// Interned names, which the heap's table of names holds.
    func names(_ texts: [String]) throws(DanaError) -> UnsafeMutablePointer<Value> {
        let names = array(texts.count, of: Value.self)
        for (index, text) in texts.enumerated() { names[index] = try heap.name(text) }
        return names
    }

    func end() {
        for value in values { heap.release(value) }
        for block in blocks { block.deallocate() }
    }
}
