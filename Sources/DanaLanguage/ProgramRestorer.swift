import DanaData

/// Makes a fresh machine what a saved one was: links the same codes, then makes the objects, then the fibers.
struct ProgramRestorer {
    private let machine: Machine
    private var reader: SaveReader
    /// The objects by number, each one reference until the end.
    private var objects: [Value] = []

    /// Reads the seed, with which the machine must be made.
    static func seed(of content: ArraySlice<UInt8>) throws(SaveError) -> UInt64 {
        var reader = SaveReader(content)
        return try reader.read()
    }

    /// The machine is new, made with the saved seed and the catalogue of the machine that was saved.
    init(_ machine: Machine, content: ArraySlice<UInt8>) {
        self.machine = machine
        reader = SaveReader(content)
    }

    private var heap: Heap { machine.heap }

    mutating func restore() throws(SaveError) {
        let _: UInt64 = try reader.read()
        try restoreLinks()
        let fingerprint: UInt64 = try reader.read()
        guard fingerprint == machine.fingerprint else {
            throw SaveError(message: "the program was saved by another build: its sources compile to other code here")
        }
        let count: UInt64 = try reader.read()
        let objectBytes = try reader.readBytes()
        var roots = SaveReader(try reader.readBytes()[...])
        guard reader.isAtEnd, count <= UInt64(objectBytes.count) else { throw damaged("its parts do not fit") }
        reader = SaveReader(objectBytes[...])
        do {
            try makeObjects(Int(count))
            reader = SaveReader(objectBytes[...])
            for number in 0..<Int(count) { try fill(number) }
            swap(&reader, &roots)
            try restoreRoots()
        } catch {
            releaseObjects()
            machine.clearFibers()
            throw error
        }
        releaseObjects()
    }

    private mutating func releaseObjects() {
        for object in objects { heap.release(object) }
        objects = []
    }

    private func damaged(_ what: String) -> SaveError { SaveError(message: "the saved program is damaged: \(what)") }

    /// Does something of the heap's; its errors mean that the limits are too small for the program.
    private func inHeap<Result>(_ deed: () throws(DanaError) -> Result) throws(SaveError) -> Result {
        do throws(DanaError) { return try deed() } catch {
            throw SaveError(message: "the program cannot be restored: \(machine.programError(error).message)")
        }
    }

    private mutating func restoreLinks() throws(SaveError) {
        let count = try reader.readCount()
        for _ in 0..<count {
            switch try reader.read() as UInt8 {
            case 0: try restoreProgram()
            case 1:
                let name = try reader.readText()
                _ = try inHeap { () throws(DanaError) in try machine.nativeModule(name) }
            case 2:
                let name = try reader.readText()
                _ = try inHeap { () throws(DanaError) in try machine.preludeFunction(name) }
            case 3:
                guard let code = OwnCode(rawValue: try reader.read()) else { throw damaged("a code of the machine's") }
                try inHeap { () throws(DanaError) in
                    switch code {
                    case .caller: _ = try machine.callerCode()
                    case .pipeline: _ = try machine.pipelineFunction()
                    }
                }
            case 4:
                let name = try reader.readText()
                try inHeap { () throws(DanaError) in try machine.defineHostFunction(name) }
            case 6:
                let name = try reader.readText()
                _ = try inHeap { () throws(DanaError) in try machine.makeModule(name) }
            default:
                // The value comes with the module's variables.
                let name = try reader.readText()
                machine.linkLog.append(.defined(name))
                try inHeap { () throws(DanaError) in try machine.define(name, as: .null, in: machine.core) }
            }
        }
    }

    private mutating func restoreProgram() throws(SaveError) {
        let source = try readSource()
        let isStrict = try reader.readFlag()
        let number: UInt32 = try reader.read()
        let name = try reader.readText()
        let code: Code
        do { code = try Compiler.compile(source, isStrict: isStrict).code } catch {
            throw damaged("\(source.name) does not compile")
        }
        let machine = self.machine
        try inHeap { () throws(DanaError) in try machine.relink(code, module: Int(number), name: name) }
    }

    private mutating func readSource() throws(SaveError) -> SourceText {
        let name = try reader.readText()
        return SourceText(bytes: try reader.readBytes(), name: name)
    }

    // MARK: Objects

    /// Reads an object's head, which both passes need.
    private mutating func readHead() throws(SaveError) -> (kind: ObjectKind, own: UInt32, flags: ObjectHeader.Flags) {
        let raw: UInt8 = try reader.read()
        guard let kind = ObjectKind(rawValue: raw) else { throw damaged("there is no kind \(raw)") }
        let own: UInt32 = try reader.read()
        return (kind, own, ObjectHeader.Flags(rawValue: try reader.read()))
    }

    /// The first pass: every object as large as it must be, its fields null.
    private mutating func makeObjects(_ count: Int) throws(SaveError) {
        objects.reserveCapacity(count)
        for _ in 0..<count {
            let head = try readHead()
            let value = try make(head.kind, own: head.own)
            if head.kind != .string { value.object.pointee.own = head.own }
            if head.flags.contains(.marked) { value.object.pointee.flags.insert(.marked) }
            if head.flags.contains(.interned) && head.kind == .string {
                let name = try inHeap { () throws(DanaError) in heap.retained(try heap.name(of: value)) }
                heap.release(value)
                objects.append(name)
            } else {
                objects.append(value)
            }
        }
        guard reader.isAtEnd else { throw damaged("objects are left over") }
    }

    private mutating func make(_ kind: ObjectKind, own: UInt32) throws(SaveError) -> Value {
        let heap = self.heap
        switch kind {
        case .boxedFloat:
            let pattern: UInt64 = try reader.read()
            return try inHeap { () throws(DanaError) in try heap.float(Double(bitPattern: pattern)) }
        case .bigInt:
            let isNegative = try reader.readFlag()
            let words = try reader.readArray { reader throws(SaveError) -> UInt64 in try reader.read() }
            return try inHeap { () throws(DanaError) in
                try heap.integer(BigInteger(isNegative: isNegative, magnitude: words))
            }
        case .string:
            let scalars: UInt64 = try reader.read()
            let bytes = try reader.readBytes()
            return try inHeap { () throws(DanaError) in
                try heap.string(bytes: bytes.count, scalars: Int(clamping: scalars)) { start in
                    for (index, byte) in bytes.enumerated() { start[index] = byte }
                }.value
            }
        case .bytes:
            let bytes = try reader.readBytes()
            return try inHeap { () throws(DanaError) in
                try heap.bytes(count: bytes.count) { start in
                    for (index, byte) in bytes.enumerated() { start[index] = byte }
                }.value
            }
        case .range:
            let (start, stop, step): (Int, Int, Int) = (try reader.read(), try reader.read(), try reader.read())
            guard step != 0 else { throw damaged("a range has no step") }
            return try inHeap { () throws(DanaError) in try heap.range(start: start, stop: stop, step: step).value }
        case .native:
            let name = try reader.readText()
            guard let native = machine.builtIns.native(named: name) else {
                throw damaged("there is no built-in '\(name)'")
            }
            return try inHeap { () throws(DanaError) in try machine.nativeValue(native) }
        case .hostFunction:
            let index: UInt64 = try reader.read()
            return try inHeap { () throws(DanaError) in
                let object = try heap.allocate(HostFunctionObject.self)
                object.at.pointee.index = Int(clamping: index)
                return object.value
            }
        case .hostHandle:
            let identifier: UInt64 = try reader.read()
            try skipValue()
            return try inHeap { () throws(DanaError) in
                let object = try heap.allocate(HostHandleObject.self)
                object.at.pointee.identifier = identifier
                object.at.pointee.typeName = .null
                return object.value
            }
        case .dict, .set:
            let count = try reader.readCount()
            for _ in 0..<count {
                let _: UInt64 = try reader.read()
                try skipValue()
                try skipValue()
            }
            return try inHeap { () throws(DanaError) in
                kind == .dict ? try heap.dict().value : try heap.set().value
            }
        case .type, .exceptionType, .module: throw damaged("an object is of a kind that is never written")
        default: return try makeContainer(kind, own: own)
        }
    }

    private mutating func makeContainer(_ kind: ObjectKind, own: UInt32) throws(SaveError) -> Value {
        let heap = self.heap
        var numbers: [Int] = []
        let numberCount =
            switch kind {
            case .function, .exception: 1
            case .generator, .iterator, .structType: 2
            default: 0
            }
        for _ in 0..<numberCount { numbers.append(try reader.read()) }
        let isReraised = kind == .exception ? try reader.readFlag() : false
        let count = try reader.readCount()
        for _ in 0..<count { try skipValue() }
        let linked = machine.linked
        guard kind != .function || linked.indices.contains(numbers[0]) else { throw damaged("a function has no code") }
        return try inHeap { () throws(DanaError) in
            try ContainerMaker(heap: heap, linked: linked).make(
                kind, own: own, numbers: numbers, isReraised: isReraised, childCount: count)
        }
    }

    private mutating func skipValue() throws(SaveError) {
        let mark: UInt8 = try reader.read()
        if mark == ProgramSaver.Mark.immediate.rawValue {
            let _: UInt64 = try reader.read()
        } else {
            let _: UInt32 = try reader.read()
        }
    }

    /// A value with a reference of its own.
    private mutating func readValue() throws(SaveError) -> Value {
        let raw: UInt8 = try reader.read()
        guard let mark = ProgramSaver.Mark(rawValue: raw) else { throw damaged("there is no mark \(raw)") }
        if mark == .immediate {
            let value = Value(bits: try reader.read())
            guard !value.isObject else { throw damaged("an immediate value is none") }
            return value
        }
        let number: UInt32 = try reader.read()
        switch mark {
        case .object:
            guard Int(number) < objects.count else { throw damaged("there is no object \(number)") }
            return heap.retained(objects[Int(number)])
        case .type:
            guard let type = BuiltInType(rawValue: UInt8(truncatingIfNeeded: number)) else { throw damaged("a type") }
            return try inHeap { () throws(DanaError) in heap.retained(try heap.type(type)) }
        case .exceptionType:
            guard let kind = ExceptionKind(rawValue: UInt8(truncatingIfNeeded: number)) else { throw damaged("a kind") }
            return try inHeap { () throws(DanaError) in heap.retained(try heap.exceptionType(kind)) }
        case .character:
            return try inHeap { () throws(DanaError) in
                heap.retained(try heap.character(UInt8(truncatingIfNeeded: number)))
            }
        case .emptyString: return heap.retained(heap.emptyString)
        case .emptyTuple: return heap.retained(heap.emptyTuple)
        case .module:
            guard Int(number) < machine.moduleOrder.count else { throw damaged("there is no module \(number)") }
            return heap.retained(machine.moduleOrder[Int(number)].value)
        case .immediate: return .null
        }
    }

    /// The second pass: what the object holds.
    private mutating func fill(_ number: Int) throws(SaveError) {
        let head = try readHead()
        let value = objects[number]
        switch head.kind {
        case .boxedFloat: let _: UInt64 = try reader.read()
        case .bigInt:
            _ = try reader.readFlag()
            _ = try reader.readArray { reader throws(SaveError) -> UInt64 in try reader.read() }
        case .string:
            let _: UInt64 = try reader.read()
            _ = try reader.readBytes()
        case .bytes: _ = try reader.readBytes()
        case .range: for _ in 0..<3 { let _: Int = try reader.read() }
        case .native: _ = try reader.readText()
        case .hostFunction: let _: UInt64 = try reader.read()
        case .hostHandle:
            let _: UInt64 = try reader.read()
            // Names belong to the heap's table of names, not to the handles.
            let name = try readValue()
            defer { heap.release(name) }
            guard name.isObject(.string) else { throw damaged("a handle's type has no name") }
            let heap = self.heap
            HostHandleObject(known: value).at.pointee.typeName =
                try inHeap { () throws(DanaError) in try heap.name(of: name) }
        case .dict, .set:
            let table = TableObject.Layout.table(of: value.object)
            let count = try reader.readCount()
            for _ in 0..<count {
                let hash: UInt64 = try reader.read()
                let heldKey = heap.owned(try readValue())
                let entry = try readValue()
                let key = heldKey.take()
                let heap = self.heap
                try inHeap { () throws(DanaError) in try heap.insert(key, hash: hash, value: entry, into: table) }
            }
        default:
            let numberCount =
                switch head.kind {
                case .function, .exception: 1
                case .generator, .iterator, .structType: 2
                default: 0
                }
            for _ in 0..<numberCount { let _: Int = try reader.read() }
            if head.kind == .exception { _ = try reader.readFlag() }
            let count = try reader.readCount()
            var children: [Value] = []
            do {
                for _ in 0..<count { children.append(try readValue()) }
            } catch {
                for child in children { heap.release(child) }
                throw error
            }
            try place(children, in: value)
        }
    }

    /// Stores the children in the order in which they were visited.
    private func place(_ children: [Value], in value: Value) throws(SaveError) {
        var next = 0
        heap.fillChildren(of: value.object) {
            defer { next += 1 }
            return next < children.count ? children[next] : .null
        }
        guard next != children.count else { return }
        if next < children.count { for child in children[next...] { heap.release(child) } }
        throw damaged("an object holds too much or too little")
    }

    // MARK: Roots

    private mutating func restoreRoots() throws(SaveError) {
        let state = heap.state
        state.pointee.meter.restore(used: try reader.read())
        state.pointee.lastIdentity = try reader.read()
        machine.lastVersion = try reader.read()
        machine.hostCallCount = try reader.read()
        machine.nextFiber = try reader.read()
        machine.mainEntry = try reader.read()
        machine.hostFunctions = try reader.readArray { reader throws(SaveError) in try reader.readText() }
        machine.capabilities = Set(try reader.readArray { reader throws(SaveError) in try reader.readText() })
        machine.mayWriteSystem = try reader.readFlag()
        try restoreModules()
        for scope in machine.scopes { try restoreScope(scope) }
        heap.store(try readValue(), in: machine.resultPlace)
        try restoreAbandoned()
        let fiberCount = try reader.readCount()
        var parents: [(fiber: UnsafeMutablePointer<FiberState>, parent: Int)] = []
        for _ in 0..<fiberCount { try restoreFiber(&parents) }
        for (fiber, parent) in parents where parent >= 0 {
            fiber.pointee.parent = machine.fibers.first { $0.pointee.number == parent }
        }
        let callCount = try reader.readCount()
        for _ in 0..<callCount { try restoreCall() }
        guard reader.isAtEnd else { throw damaged("something is left over") }
    }

    private mutating func restoreAbandoned() throws(SaveError) {
        let count = try reader.readCount()
        for _ in 0..<count {
            let value = try readValue()
            guard value.isObject(.generator) else {
                heap.release(value)
                throw damaged("what was dropped is no generator")
            }
            heap.state.pointee.abandoned.append(value)
        }
        if count > 0 { heap.state.pointee.meter.lookSoon() }
    }

    private mutating func restoreModules() throws(SaveError) {
        let names = try reader.readArray { reader throws(SaveError) -> (String, UInt32) in
            (try reader.readText(), try reader.read())
        }
        var modules: [String: ModuleObject] = [:]
        for (name, number) in names {
            guard Int(number) < machine.moduleOrder.count else { throw damaged("there is no module \(number)") }
            modules[name] = machine.moduleOrder[Int(number)]
        }
        machine.modules = modules
        machine.replaced = machine.moduleOrder.dropFirst().filter { module in
            !modules.values.contains { $0.at == module.at }
        }
        for module in machine.moduleOrder {
            let isRunning = try reader.readFlag()
            if isRunning {
                module.header.pointee.flags.insert(.marked)
            } else {
                module.header.pointee.flags.remove(.marked)
            }
            let old = module.at.pointee.exports
            module.at.pointee.exports = try readValue()
            heap.release(old)
            let count = try reader.readCount()
            for _ in 0..<count {
                let name = try reader.readText()
                let heldValue = heap.owned(try readValue())
                let fallback = try readValue()
                let value = heldValue.take()
                let machine = self.machine
                try inHeap { () throws(DanaError) in
                    try machine.define(name, as: value, fallback: fallback, in: module)
                }
            }
        }
    }

    private mutating func restoreScope(_ scope: DictObject) throws(SaveError) {
        let value = try readValue()
        defer { heap.release(value) }
        guard let saved = DictObject(value) else { throw damaged("a scope is no dict") }
        let heap = self.heap
        try inHeap { () throws(DanaError) in try Arithmetic(heap: heap).update(scope, from: saved) }
    }

    private mutating func restoreFiber(
        _ parents: inout [(fiber: UnsafeMutablePointer<FiberState>, parent: Int)]
    ) throws(SaveError) {
        let machine = self.machine
        let heap = self.heap
        let fiber = try inHeap { () throws(DanaError) in try machine.makeFiber(isCounted: false) }
        fiber.pointee.number = try reader.read()
        fiber.pointee.entry = try reader.read()
        parents.append((fiber, try reader.read()))
        fiber.pointee.childNumber = try reader.read()
        fiber.pointee.isInterrupted = try reader.readFlag()
        fiber.pointee.standsBefore = try reader.readFlag()
        let status: UInt8 = try reader.read()
        switch status {
        case 0: fiber.pointee.status = .ready
        case 1: fiber.pointee.status = .waiting(try reader.read())
        case 2: fiber.pointee.status = .joining
        default: fiber.pointee.status = .finished
        }
        fiber.pointee.result = try readValue()
        let count = try reader.readCount()
        try inHeap { () throws(DanaError) in
            let start = fiber.pointee.registers
            if fiber.pointee.registerEnd - start < count + FiberState.scratchCount {
                try fiber.pointee.growRegisters(above: start, count: count + FiberState.scratchCount, heap: heap)
            }
        }
        do throws(SaveError) {
            for index in 0..<count { fiber.pointee.registers[index] = try readValue() }
            let frameCount = try reader.readCount()
            for _ in 0..<frameCount { try restoreFrame(fiber, registerCount: count) }
            let covered = frameCount == 0 ? 0 : fiber.pointee.frame.pointee.top - fiber.pointee.registers
            guard covered == count else { throw damaged("registers belong to no call") }
        } catch {
            // Frames that are missing would have released what their registers hold.
            for index in 0..<count { heap.store(.undefined, in: fiber.pointee.registers + index) }
            throw error
        }
        if try reader.readFlag() { machine.joins[fiber.pointee.number] = try readJoin() }
    }

    private mutating func restoreFrame(_ fiber: UnsafeMutablePointer<FiberState>, registerCount: Int) throws(SaveError)
    {
        let (number, position, base, top): (Int, Int, Int, Int) = (
            try reader.read(), try reader.read(), try reader.read(), try reader.read()
        )
        let purpose: UInt8 = try reader.read()
        let detail: UInt32 = try reader.read()
        let heldFunction = heap.owned(try readValue())
        let heldGenerator = heap.owned(try readValue())
        let heldPayload = heap.owned(try readValue())
        guard machine.linked.indices.contains(number), let purpose = Frame.Purpose(rawValue: purpose),
            position >= 0, position <= machine.linked[number].pointee.instructionCount, top >= 0, top <= registerCount
        else { throw damaged("a call does not fit its code") }
        let code = machine.linked[number]
        let start: UnsafeMutablePointer<Value>
        if let object = GeneratorObject(heldGenerator.value) {
            guard object.at.pointee.count == code.pointee.registerCount else {
                throw damaged("a generator's registers")
            }
            start = object.registers
        } else {
            guard base >= 0, base + code.pointee.registerCount <= top else { throw damaged("a call's registers") }
            start = fiber.pointee.registers + base
        }
        let (heap, depth) = (self.heap, machine.limits.depth)
        if fiber.pointee.frame == fiber.pointee.lastFrame {
            try inHeap { () throws(DanaError) in try fiber.pointee.growFrames(depth: depth, heap: heap) }
        }
        fiber.pointee.frame += 1
        fiber.pointee.frame.initialize(
            to: Frame(
                code: code, pc: UnsafePointer(code.pointee.instructions) + position, base: start,
                top: fiber.pointee.registers + top, function: heldFunction.take(), generator: heldGenerator.take(),
                payload: heldPayload.take(),
                purpose: purpose, detail: detail))
    }

    private mutating func readJoin() throws(SaveError) -> Machine.Join {
        let results = try readValue()
        let (running, started): (Int, Int) = (try reader.read(), try reader.read())
        let count = try reader.readCount()
        var waiting: [Machine.SideCall] = []
        for _ in 0..<count {
            waiting.append(
                Machine.SideCall(function: try readValue(), arguments: try readValue(), keywords: try readValue()))
        }
        return Machine.Join(results: results, waiting: waiting, running: running, started: started)
    }

    private mutating func restoreCall() throws(SaveError) {
        let (machine, heap) = (self.machine, self.heap)
        let (identifier, number): (Int, Int) = (try reader.read(), try reader.read())
        let (positionalCount, keywordCount) = (try reader.readCount(), try reader.readCount())
        let replaced: Int64 = try reader.read()
        let request = try readRequest()
        guard let fiber = machine.fibers.first(where: { $0.pointee.number == number }) else {
            throw damaged("a host call belongs to no fiber")
        }
        let slot = try inHeap { () throws(DanaError) in
            try machine.pending.take(saved: identifier, valueCount: positionalCount + 2 * keywordCount, heap)
        }
        guard let slot else { throw damaged("a host call has no place") }
        slot.pointee.request = request
        slot.pointee.fiber = fiber
        slot.pointee.replaced = UInt32(exactly: replaced).map { DrainTarget(packed: $0) }
        slot.pointee.subject = try readValue()
        slot.pointee.fallback = try readValue()
        guard let values = slot.pointee.values else { return }
        for index in 0..<positionalCount {
            values[index] = try readValue()
            slot.pointee.positionalCount += 1
        }
        for index in 0..<keywordCount {
            let name = try reader.readText()
            values[positionalCount + keywordCount + index] = try inHeap { () throws(DanaError) in try heap.name(name) }
            values[positionalCount + index] = try readValue()
            slot.pointee.keywordCount += 1
        }
    }

    private mutating func readRequest() throws(SaveError) -> HostCall.Request {
        let kind: UInt8 = try reader.read()
        switch kind {
        case 0:
            let index: Int = try reader.read()
            guard machine.hostFunctions.indices.contains(index) else { throw damaged("there is no function \(index)") }
            return .function(index: index, name: machine.hostFunctions[index])
        case 1:
            let handle: UInt64 = try reader.read()
            let form = SavedOperation(
                number: try reader.read(), operatorNumber: try reader.read(), name: try reader.readText())
            let heap = self.heap
            let operation = try inHeap { () throws(DanaError) in try form.operation(heap) }
            guard let operation else { throw damaged("there is no operation \(form.number)") }
            return .operation(handle: handle, operation)
        default:
            let name = try reader.readText()
            guard let form = ImportForm(rawValue: try reader.read()) else { throw damaged("an import") }
            return .module(name: name, form: form, level: try reader.read(), importer: try reader.readText())
        }
    }
}
