/// Making a `Code` ready to run in one interpreter.
extension Machine {
    /// The linked form of a code for a module, and of the codes nested in it. It lives as long as the machine.
    func link(_ code: Code, module: ModuleObject) throws(DanaError) -> UnsafeMutablePointer<LinkedCode> {
        let arena = LinkArena(heap: heap, bytes: code.linkedBytes)
        do {
            let codes = arena.array(code.parts.codes.count, of: UnsafeMutablePointer<LinkedCode>.self)
            for (index, nested) in code.parts.codes.enumerated() { codes[index] = try link(nested, module: module) }
            let globals = arena.array(code.parts.globals.count, of: UnsafeMutablePointer<ModuleObject.Slot>.self)
            for (index, text) in code.parts.globals.enumerated() {
                let name = try heap.name(text)
                globals[index] = try heap.slot(name, of: module, fallback: try fallback(for: name, in: module))
            }
            let names = try arena.names(code.parts.names)
            let sites = arena.array(code.parts.sites.count, of: AttributeCache.self)
            let siteKeywords = arena.array(code.parts.sites.count, of: KeywordCache.self)
            for (index, site) in code.parts.sites.enumerated() {
                (siteKeywords + index).initialize(to: try keywordCache(site.keywords, arena))
                (sites + index).initialize(
                    to: AttributeCache(name: try heap.name(site.name), keywords: siteKeywords + index))
            }
            let keywords = arena.array(code.parts.keywordNames.count, of: KeywordCache.self)
            for (index, list) in code.parts.keywordNames.enumerated() {
                (keywords + index).initialize(to: try keywordCache(list, arena))
            }
            let constants = arena.array(code.parts.constants.count, of: Value.self)
            for (index, constant) in code.parts.constants.enumerated() {
                constants[index] = try value(of: constant)
                arena.values.append(constants[index])
            }
            let instructions = arena.array(code.parts.instructions.count, of: Instruction.self)
            for (index, instruction) in code.parts.instructions.enumerated() { instructions[index] = instruction }
            Fusion.fuse(instructions, count: code.parts.instructions.count)
            let parameters = code.parts.parameters
            let linkedCode = arena.array(1, of: LinkedCode.self)
            linkedCode.initialize(
                to: LinkedCode(
                    instructions: instructions, constants: constants, names: names, globals: globals, sites: sites,
                    keywords: keywords, codes: codes, parameterNames: try arena.names(parameters.names),
                    instructionCount: code.parts.instructions.count, registerCount: code.parts.registerCount,
                    simpleCount: parameters.isSimple && !code.parts.isGenerator ? parameters.positionalCount : -1,
                    shape: shape(of: parameters, arena), defaultCount: parameters.defaultCount,
                    isGenerator: code.parts.isGenerator, isFieldMaker: code.parts.isFieldMaker,
                    hasHandlers: !code.parts.handlers.isEmpty, module: module,
                    number: linked.count, code: Unmanaged.passRetained(code)))
            linked.append(linkedCode)
            arenas.append(arena)
            return linkedCode
        } catch {
            arena.free()
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

    /// A constant as a value, owned.
    func value(of constant: Code.Constant) throws(DanaError) -> Value {
        switch constant {
        case .null: return .null
        case .bool(let flag): return Value(flag)
        case .integer(let integer): return try heap.integer(integer)
        case .bigInteger(let integer):
            return try heap.integer(integer)
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

extension Code {
    /// About how many bytes the linked form takes.
    fileprivate var linkedBytes: Int {
        let words =
            parts.instructions.count + parts.codes.count + parts.globals.count + parts.names.count
            + parts.constants.count + parts.parameters.names.count + parts.parameters.keywordDefaults.count
        let caches =
            parts.sites.count * (MemoryLayout<AttributeCache>.stride + MemoryLayout<KeywordCache>.stride)
            + parts.keywordNames.count * MemoryLayout<KeywordCache>.stride
        // Every table begins at a multiple of 16, and has one element at least.
        return words * 8 + caches + MemoryLayout<LinkedCode>.stride + 512
    }
}

/// The memory of one linked code, freed with the machine.
final class LinkArena {
    private let heap: Heap
    private var blocks: [UnsafeMutablePointer<UInt8>] = []
    private var next: UnsafeMutableRawPointer
    private var blockEnd: UnsafeMutableRawPointer
    /// References that the linked code holds.
    var values: [Value] = []

    /// `bytes` is about what will be asked for.
    init(heap: Heap, bytes: Int) {
        self.heap = heap
        let block = LinkArena.block(bytes)
        blocks = [block]
        next = UnsafeMutableRawPointer(block)
        blockEnd = next + bytes
    }

    private static func block(_ bytes: Int) -> UnsafeMutablePointer<UInt8> {
        let block = UnsafeMutablePointer<UInt8>.reserved(bytes)
        block.initialize(repeating: 0, count: bytes)
        return block
    }

    /// Zeroed memory; one element at least, so that there is always an address.
    func array<Element>(_ count: Int, of: Element.Type) -> UnsafeMutablePointer<Element> {
        let bytes = (max(count, 1) * MemoryLayout<Element>.stride + 15) & ~15
        if blockEnd - next < bytes {
            let size = max(bytes, 1024)
            let block = LinkArena.block(size)
            blocks.append(block)
            next = UnsafeMutableRawPointer(block)
            blockEnd = next + size
        }
        // Safe because so many bytes are left in the block, which nothing else uses.
        let start = next.bindMemory(to: Element.self, capacity: max(count, 1))
        next += bytes
        return start
    }

    /// Interned names, which the heap's table of names holds.
    func names(_ texts: [String]) throws(DanaError) -> UnsafeMutablePointer<Value> {
        let names = array(texts.count, of: Value.self)
        for (index, text) in texts.enumerated() { names[index] = try heap.name(text) }
        return names
    }

    func free() {
        for value in values { heap.release(value) }
        for block in blocks { block.giveBack() }
    }
}
