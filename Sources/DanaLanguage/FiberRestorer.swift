/// Makes the fibers of a saved program, and what they wait for: each other, or calls of the host's.
///
/// What it makes is the machine's at once, so that a machine whose restore failed gives all of it back.
struct FiberRestorer {
    private let machine: Machine
    private let values: SavedValues
    private var heap: Heap { machine.heap }

    private typealias Fiber = UnsafeMutablePointer<FiberState>

    init(_ values: SavedValues) {
        self.values = values
        machine = values.machine
    }

    func restore(_ reader: inout SaveReader) throws(SaveError) {
        let fiberCount = try reader.readCount()
        var parents: [(fiber: Fiber, parent: Int)] = []
        for _ in 0..<fiberCount { try restoreFiber(&reader, &parents) }
        for (fiber, parent) in parents where parent >= 0 { fiber.pointee.parent = self.fiber(numbered: parent) }
        let callCount = try reader.readCount()
        for _ in 0..<callCount { try restoreCall(&reader) }
        for fiber in machine.fibers {
            guard case .waiting(let identifier) = fiber.pointee.status else { continue }
            guard machine.pending.find(identifier)?.pointee.fiber == fiber else {
                throw .damaged("a call that is waited for is missing")
            }
        }
    }

    private func fiber(numbered number: Int) -> Fiber? {
        machine.fibers.first { $0.pointee.number == number }
    }

    // MARK: Fibers

    private func restoreFiber(
        _ reader: inout SaveReader, _ parents: inout [(fiber: Fiber, parent: Int)]
    ) throws(SaveError) {
        let machine = self.machine
        let number: Int = try reader.read()
        guard number >= 0, number < machine.nextFiber, fiber(numbered: number) == nil else {
            throw .damaged("there is another fiber \(number)")
        }
        let fiber = try machine.restoring { () throws(DanaError) in try machine.makeFiber(isCounted: false) }
        fiber.pointee.number = number
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
        fiber.pointee.result = heap.retained(try values.read(&reader))
        let frameCount = try reader.readCount()
        for _ in 0..<frameCount { try restoreFrame(fiber, &reader) }
        if try reader.readFlag() { try restoreJoin(fiber, &reader) }
    }

    private func restoreFrame(_ fiber: Fiber, _ reader: inout SaveReader) throws(SaveError) {
        let number: UInt32 = try reader.read()
        let position: UInt32 = try reader.read()
        let purpose: UInt8 = try reader.read()
        let detail: UInt32 = try reader.read()
        let (function, generator, payload) = (
            try values.read(&reader), try values.read(&reader), try values.read(&reader)
        )
        guard machine.linked.indices.contains(Int(number)), let purpose = Frame.Purpose(rawValue: purpose) else {
            throw .damaged("a call has no code")
        }
        let code = machine.linked[Int(number)]
        guard Int(position) <= code.pointee.instructionCount,
            FunctionObject(function)?.code == code || !function.isObject(.function)
        else { throw .damaged("a call does not fit its code") }
        switch purpose {
        case .module where !function.isObject(.module), .imported where !function.isObject(.module),
            .imported where fiber.pointee.frameCount > 0:
            throw .damaged("a call is no import")
        default: break
        }
        if generator.isNull {
            try pushFrame(code, function: function, purpose, fiber)
        } else {
            try pushFrame(of: generator, code, function: function, purpose, fiber)
        }
        let frame = fiber.pointee.frame
        frame.pointee.pc = UnsafePointer(code.pointee.instructions) + Int(position)
        frame.pointee.payload = heap.retained(payload)
        frame.pointee.detail = detail
        guard generator.isNull else { return }
        for index in 0..<code.pointee.registerCount {
            heap.store(heap.retained(try values.read(&reader)), in: frame.pointee.base + index)
        }
    }

    private func pushFrame(
        _ code: UnsafeMutablePointer<LinkedCode>, function: Value, _ purpose: Frame.Purpose, _ fiber: Fiber
    ) throws(SaveError) {
        let machine = self.machine
        try machine.restoring { () throws(DanaError) in
            if fiber.pointee.frameCount == 0 {
                try machine.pushFirst(code, function: function, purpose: purpose, fiber)
            } else {
                try machine.push(code, function: function, purpose: purpose, fiber)
            }
        }
        heap.retain(function)
    }

    private func pushFrame(
        of generator: Value, _ code: UnsafeMutablePointer<LinkedCode>, function: Value, _ purpose: Frame.Purpose,
        _ fiber: Fiber
    ) throws(SaveError) {
        guard let generator = GeneratorObject(generator), let function = FunctionObject(function),
            generator.state == .running, generator.at.pointee.count == code.pointee.registerCount,
            (0...code.pointee.instructionCount).contains(generator.at.pointee.position),
            fiber.pointee.frameCount > 0
        else { throw .damaged("a generator does not fit its call") }
        let machine = self.machine
        try machine.restoring { () throws(DanaError) in
            try machine.push(generator, of: function, purpose: purpose, fiber)
        }
        heap.retain(function.value)
        heap.retain(generator.value)
    }

    private func restoreJoin(_ fiber: Fiber, _ reader: inout SaveReader) throws(SaveError) {
        let results = try values.read(&reader)
        let (running, started): (Int, Int) = (try reader.read(), try reader.read())
        let (parts, function) = (try values.read(&reader), try values.read(&reader))
        let (arguments, keywords) = (try values.read(&reader), try values.read(&reader))
        guard let list = ListObject(results), let parts = TupleObject(parts), list.count == parts.count,
            running >= 0, started <= parts.count, running <= started,
            function.isUndefined == arguments.isObject(.tuple),
            keywords.isUndefined || function.isUndefined && keywords.isObject(.dict)
        else { throw .damaged("calls side by side") }
        for value in [results, parts.value, function, arguments, keywords] { heap.retain(value) }
        machine.joins[fiber.pointee.number] = Machine.Join(
            results: results,
            calls: SideCalls(parts: parts, function: function, arguments: arguments, keywords: keywords),
            running: running, started: started)
    }

    // MARK: Host calls

    private func restoreCall(_ reader: inout SaveReader) throws(SaveError) {
        let (machine, heap) = (self.machine, self.heap)
        let (identifier, number): (Int, Int) = (try reader.read(), try reader.read())
        let (positionalCount, keywordCount) = (try reader.readCount(), try reader.readCount())
        let replaced: Int64 = try reader.read()
        let request = try readRequest(&reader)
        guard let fiber = fiber(numbered: number), case .waiting(identifier) = fiber.pointee.status else {
            throw .damaged("a host call belongs to no fiber")
        }
        let slot = try machine.restoring { () throws(DanaError) in
            try machine.pending.take(saved: identifier, valueCount: positionalCount + 2 * keywordCount, heap)
        }
        guard let slot else { throw .damaged("a host call has no place") }
        slot.pointee.request = request
        slot.pointee.fiber = fiber
        slot.pointee.replaced = UInt32(exactly: replaced).map { DrainTarget(packed: $0) }
        slot.pointee.subject = heap.retained(try values.read(&reader))
        slot.pointee.fallback = heap.retained(try values.read(&reader))
        guard let places = slot.pointee.values else { return }
        for index in 0..<positionalCount {
            places[index] = heap.retained(try values.read(&reader))
            slot.pointee.positionalCount += 1
        }
        for index in 0..<keywordCount {
            let name = try reader.readText()
            places[positionalCount + keywordCount + index] =
                try machine.restoring { () throws(DanaError) in try heap.name(name) }
            places[positionalCount + index] = heap.retained(try values.read(&reader))
            slot.pointee.keywordCount += 1
        }
    }

    private func readRequest(_ reader: inout SaveReader) throws(SaveError) -> HostCall.Request {
        let kind: UInt8 = try reader.read()
        switch kind {
        case 0:
            let index: Int = try reader.read()
            guard machine.hostFunctions.indices.contains(index) else { throw .damaged("there is no function \(index)") }
            return .function(index: index, name: machine.hostFunctions[index])
        case 1:
            let handle: UInt64 = try reader.read()
            let form = SavedOperation(
                number: try reader.read(), operatorNumber: try reader.read(), name: try reader.readText())
            let heap = self.heap
            let operation = try machine.restoring { () throws(DanaError) in try form.operation(heap) }
            guard let operation else { throw .damaged("there is no operation \(form.number)") }
            return .operation(handle: handle, operation)
        default:
            let name = try reader.readText()
            guard let form = ImportForm(rawValue: try reader.read()) else { throw .damaged("an import") }
            return .module(name: name, form: form, level: try reader.read(), importer: try reader.readText())
        }
    }
}
