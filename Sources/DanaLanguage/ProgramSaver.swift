/// Writes a paused program: what was linked, every object that is reachable, the fibers, and what they wait for.
///
/// Code is not written: the sources are, and a fingerprint of the instructions they compile to.
struct ProgramSaver: ~Copyable {
    private let machine: Machine
    private var writer = SaveWriter()
    /// What the objects are, and how large.
    private var shapes = SaveWriter()
    /// The number of each object, by address.
    private var numbers: AddressNumbers
    private var objects: [Value] = []
    private let moduleNumbers: [UInt: Int]
    private var fault: SaveError?

    /// How a value is written.
    enum Mark: UInt8 {
        case immediate, object, type, exceptionType, character, emptyString, emptyTuple, module
    }

    init(_ machine: Machine) {
        self.machine = machine
        numbers = AddressNumbers(expecting: machine.heap.liveObjects)
        objects.reserveCapacity(machine.heap.liveObjects)
        moduleNumbers = Dictionary(
            uniqueKeysWithValues: machine.moduleOrder.enumerated().map { (UInt(bitPattern: $1.at), $0) })
    }

    /// The program's saved form.
    mutating func saved(key: SealKey) throws(SaveError) -> [UInt8] {
        writer.write(machine.heap.state.pointee.seed)
        writer.write(machine.capabilities.sorted()) { $0.write($1) }
        writer.write(machine.mayWriteSystem)
        writeLinks()
        writer.write(machine.fingerprint)
        // Objects are numbered as they are met, and written when their turn comes: the roots are met first.
        var start = SaveWriter()
        swap(&start, &writer)
        writeRoots()
        var roots = SaveWriter()
        swap(&roots, &writer)
        var next = 0
        while next < objects.count {
            write(objects[next])
            next += 1
        }
        if let fault { throw fault }
        start.write(UInt64(objects.count))
        start.write(UInt64(shapes.count))
        var middle = SaveWriter()
        middle.write(UInt64(writer.count))
        let count = start.count + shapes.count + middle.count + writer.count + roots.count
        return SavedForm.sealed(count: count, key: key) { whole in
            whole.append(start)
            whole.append(shapes)
            whole.append(middle)
            whole.append(writer)
            whole.append(roots)
        }
    }

    private mutating func writeLinks() {
        let offered = machine.offered?.list.map { LinkEntry.hostFunction($0) } ?? []
        writer.write(offered + machine.linkLog) { writer, entry in
            switch entry {
            case .program(let source, let isStrict, let module, let name):
                writer.write(UInt8(0))
                writer.write(source.name)
                writer.write(source.bytes)
                writer.write(isStrict)
                writer.write(UInt32(module))
                writer.write(name)
            case .native(let name):
                writer.write(UInt8(1))
                writer.write(name)
            case .core(let name):
                writer.write(UInt8(2))
                writer.write(name)
            case .own(let code):
                writer.write(UInt8(3))
                writer.write(code.rawValue)
            case .hostFunction(let name):
                writer.write(UInt8(4))
                writer.write(name)
            case .module(let name):
                writer.write(UInt8(6))
                writer.write(name)
            case .defined(let name):
                writer.write(UInt8(5))
                writer.write(name)
            }
        }
    }

    // MARK: Values

    private mutating func write(value: Value) {
        guard value.isObject else {
            writer.write(Mark.immediate.rawValue)
            writer.write(value.bits)
            return
        }
        switch value.object.pointee.kind {
        case .type: mark(.type, UInt32(TypeObject(known: value).type.rawValue))
        case .exceptionType: mark(.exceptionType, value.object.pointee.own)
        case .module:
            guard let number = moduleNumbers[UInt(bitPattern: value.object)] else { return refuse("an unknown module") }
            mark(.module, UInt32(number))
        case .string where machine.heap.isCharacter(value):
            mark(.character, UInt32(StringObject(known: value).start[0]))
        case .string where value.isIdentical(to: machine.heap.emptyString): mark(.emptyString, 0)
        case .tuple where value.isIdentical(to: machine.heap.emptyTuple): mark(.emptyTuple, 0)
        default:
            let number = numbers.number(of: UInt(bitPattern: value.object), next: objects.count)
            if number == objects.count { objects.append(value) }
            mark(.object, UInt32(truncatingIfNeeded: number))
        }
    }

    private mutating func mark(_ mark: Mark, _ number: UInt32) {
        writer.write(mark.rawValue, number)
    }

    private mutating func refuse(_ what: String) {
        if fault == nil { fault = SaveError(message: "the program holds \(what), which cannot be saved") }
    }

    /// One object: its shape, and behind those of the objects before it what it holds.
    private mutating func write(_ value: Value) {
        let object = value.object
        let kind = object.pointee.kind
        shapes.write(kind.rawValue)
        // What a string and a table note there is of their own memory, and a tuple's names are the host's.
        let isOfMemory = kind == .string || kind == .dict || kind == .set || kind == .tuple
        shapes.write(isOfMemory ? 0 : object.pointee.own)
        shapes.write(object.pointee.flags.intersection([.marked, .interned]).rawValue)
        switch kind {
        case .boxedFloat: shapes.write(BoxedFloat(known: value).float.bitPattern)
        case .bigInt:
            let integer = BigIntObject(known: value)
            shapes.write(integer.isNegative)
            shapes.write(Array(integer.magnitude)) { $0.write($1) }
        case .string: shapes.write(StringObject(known: value).bytes)
        case .bytes: shapes.write(BytesObject(known: value).bytes)
        case .range:
            let range = RangeObject(known: value)
            for part in [range.start, range.stop, range.step] { shapes.write(part) }
        case .native: shapes.write(NativeObject(known: value).native.pointee.function.name)
        case .hostFunction: shapes.write(HostFunctionObject(known: value).at.pointee.index)
        case .hostHandle:
            shapes.write(HostHandleObject(known: value).at.pointee.identifier)
            write(value: HostHandleObject(known: value).at.pointee.typeName)
        case .dict, .set: writeTable(TableObject.Layout.table(of: object))
        default:
            SavedNumbers(of: value).write(to: &shapes, kind)
            let (head, tail) = machine.heap.valueSpans(of: object)
            shapes.write(UInt32(truncatingIfNeeded: head.count + tail.count))
            for value in head { write(value: value) }
            for value in tail { write(value: value) }
        }
    }

    private mutating func writeTable(_ table: TableObject) {
        shapes.write(UInt32(truncatingIfNeeded: table.count))
        for index in 0..<table.used where !table.entry(index).pointee.key.isUndefined {
            let entry = table.entry(index).pointee
            switch entry.key.objectKind {
            case .exception, .iterator, .generator: refuse("a dict or set with a \(entry.key.typeName) for a key")
            default: break
            }
            writer.write(entry.hash)
            write(value: entry.key)
            write(value: entry.value)
        }
    }

    // MARK: Roots

    private mutating func writeRoots() {
        let state = machine.heap.state
        writer.write(UInt64(state.pointee.meter.used))
        writer.write(state.pointee.lastIdentity)
        writer.write(UInt64(machine.lastVersion))
        writer.write(UInt64(machine.hostCallCount))
        writer.write(UInt64(state.pointee.outputBytes))
        writer.write(UInt64(machine.nextFiber))
        writer.write(UInt64(machine.mainEntry))
        writer.write(machine.modules.sorted) {
            [moduleNumbers] writer, entry in
            writer.write(entry.name)
            writer.write(UInt32(moduleNumbers[UInt(bitPattern: entry.module.at)] ?? 0))
        }
        for module in machine.moduleOrder { write(module) }
        for scope in machine.scopes { write(value: scope.value) }
        write(value: machine.resultPlace.pointee)
        writer.write(UInt64(state.pointee.abandoned.count))
        for generator in state.pointee.abandoned { write(value: generator) }
        writer.write(UInt64(machine.fibers.count))
        for fiber in machine.fibers { write(fiber) }
        writer.write(UInt64(machine.pending.count))
        for slot in machine.pending.all { write(slot.pointee) }
    }

    private mutating func write(_ module: ModuleObject) {
        writer.write(module.header.pointee.flags.contains(.marked))
        write(value: module.at.pointee.exports)
        writer.write(UInt64(module.count))
        for number in 0..<module.count {
            let slot = module.slot(number).pointee
            writer.write(StringObject(known: slot.name).text)
            write(value: slot.value)
            write(value: slot.fallback)
        }
    }

    private mutating func write(_ fiber: UnsafeMutablePointer<FiberState>) {
        writer.write(UInt64(fiber.pointee.number))
        writer.write(Int64(fiber.pointee.entry))
        writer.write(Int64(fiber.pointee.parent?.pointee.number ?? -1))
        writer.write(UInt64(fiber.pointee.childNumber))
        writer.write(fiber.pointee.isInterrupted)
        writer.write(fiber.pointee.standsBefore)
        switch fiber.pointee.status {
        case .ready: writer.write(UInt8(0))
        case .waiting(let call):
            writer.write(UInt8(1))
            writer.write(UInt64(call))
        case .joining: writer.write(UInt8(2))
        case .finished: writer.write(UInt8(3))
        case .failed: refuse("an error that has not reached its fiber's parent")
        }
        write(value: fiber.pointee.result)
        writer.write(UInt64(fiber.pointee.frameCount))
        for index in 0..<fiber.pointee.frameCount { write(fiber.pointee.frames[index]) }
        let join = machine.joins[fiber.pointee.number]
        writer.write(join != nil)
        if let join { write(join) }
    }

    /// A frame, and the registers of its window, which for a generator's are written with the generator.
    private mutating func write(_ frame: Frame) {
        writer.write(UInt32(frame.code.pointee.number))
        writer.write(UInt32(frame.pc - UnsafePointer(frame.code.pointee.instructions)))
        writer.write(frame.purpose.rawValue)
        writer.write(frame.detail)
        for value in [frame.function, frame.generator, frame.payload] { write(value: value) }
        if frame.generator.isObject { return }
        for index in 0..<frame.code.pointee.registerCount { write(value: frame.base[index]) }
    }

    private mutating func write(_ join: Machine.Join) {
        write(value: join.results)
        writer.write(UInt64(join.running))
        writer.write(UInt64(join.started))
        let calls = join.calls
        for value in [calls.parts.value, calls.function, calls.arguments, calls.keywords] { write(value: value) }
        if join.failure != nil { refuse("fibers that are being cancelled") }
    }

    private mutating func write(_ pending: HostCallTable.Pending) {
        writer.write(UInt64(pending.identifier))
        writer.write(UInt64(pending.fiber?.pointee.number ?? 0))
        writer.write(UInt64(pending.positionalCount))
        writer.write(UInt64(pending.keywordCount))
        writer.write(Int64(pending.replaced.map { Int64($0.packed) } ?? -1))
        switch pending.request {
        case .function(let index, _):
            writer.write(UInt8(0))
            writer.write(UInt64(index))
        case .operation(let handle, let operation):
            writer.write(UInt8(1))
            writer.write(handle)
            write(operation)
        case .module(let name, let form, let level, let importer):
            writer.write(UInt8(2))
            writer.write(name)
            writer.write(form.rawValue)
            writer.write(UInt64(level))
            writer.write(importer)
        }
        write(value: pending.subject)
        write(value: pending.fallback)
        let call = pending.call
        for value in call.arguments { write(value: value) }
        for keyword in call.keywords {
            writer.write(keyword.name.text)
            write(value: keyword.value)
        }
    }

    private mutating func write(_ operation: HandleOperation) {
        let form = SavedOperation(operation)
        writer.write(form.number)
        writer.write(form.operatorNumber)
        writer.write(form.name)
    }
}
