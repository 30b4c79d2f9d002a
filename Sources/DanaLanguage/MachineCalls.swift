/// The arguments of one call where they stand: borrowed values, the keywords' last.
struct CallArguments {
    let start: UnsafeMutablePointer<Value>
    let count: Int
    /// The keywords' names and how they were bound last time.
    let keywords: UnsafeMutablePointer<KeywordCache>?
    let origin: Origin

    /// Where an argument that must be drained is replaced.
    enum Origin {
        /// Argument k stands in register `first` + k of the caller, and nowhere else when `isDirect`.
        case registers(first: Int, isDirect: Bool)
        /// Argument k is item k - `prefix` of the list in this register.
        case list(register: Int, prefix: Int)
    }

    var keywordCount: Int { keywords?.pointee.count ?? 0 }
    var positionalCount: Int { count - keywordCount }
}

/// Calling any value: functions, built-ins, types, structs, methods, pipelines and the host's functions.
extension Machine {
    /// Pushes a frame for a code; its registers are undefined. The frame takes over the function's reference.
    @inline(__always)
    func push(
        _ code: UnsafeMutablePointer<LinkedCode>, function: Value, purpose: Frame.Purpose,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        if fiber.pointee.frame == fiber.pointee.lastFrame {
            try fiber.pointee.growFrames(depth: limits.depth, heap: heap)
        }
        let top = fiber.pointee.frame.pointee.top
        if fiber.pointee.registerEnd - top < code.pointee.registerCount &+ FiberState.scratchCount {
            try fiber.pointee.growRegisters(
                above: top, count: code.pointee.registerCount + FiberState.scratchCount, heap: heap)
        }
        let base = fiber.pointee.frame.pointee.top
        fiber.pointee.frame += 1
        fiber.pointee.frame.initialize(
            to: Frame(
                code: code, pc: UnsafePointer(code.pointee.instructions), base: base,
                top: base + code.pointee.registerCount, function: function, generator: .null, payload: .null,
                purpose: purpose, detail: 0))
    }

    /// Releases the top frame's registers and references and takes it off.
    func pop(_ fiber: UnsafeMutablePointer<FiberState>) {
        let frame = fiber.pointee.frame
        for index in 0..<frame.pointee.code.pointee.registerCount {
            let value = frame.pointee.base[index]
            frame.pointee.base[index] = .undefined
            heap.release(value)
        }
        let (function, generator, payload) = (frame.pointee.function, frame.pointee.generator, frame.pointee.payload)
        if generator.isObject {
            let object = GeneratorObject(known: generator)
            object.state = .finished
            object.at.pointee.function = .null
        }
        fiber.pointee.frame -= 1
        heap.release(function)
        heap.release(generator)
        heap.release(payload)
    }

    /// `call` of what the loop does not do itself.
    @inline(never) func call(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep
    {
        let base = fiber.pointee.frame.pointee.base
        return try invoke(
            base[i.a],
            CallArguments(
                start: base + (i.a + 1), count: i.b, keywords: nil, origin: .registers(first: i.a + 1, isDirect: true)),
            registers: i.a..<(i.a + i.b + 1), fiber)
    }

    func callKeywords(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let base = fiber.pointee.frame.pointee.base
        let keywords = fiber.pointee.frame.pointee.code.pointee.keywords + i.c
        return try invoke(
            base[i.a],
            CallArguments(
                start: base + (i.a + 1), count: i.b, keywords: keywords,
                origin: .registers(first: i.a + 1, isDirect: true)), registers: i.a..<(i.a + i.b + 1), fiber)
    }

    /// Calls `callee` with borrowed arguments that stand in `registers` of the top frame; those are cleared when the
    /// call is under way. The result goes to R[A] of the instruction before the frame's position.
    func invoke(
        _ callee: Value, _ arguments: CallArguments, registers: Range<Int>, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        guard callee.isObject else { throw notCallable(callee) }
        switch callee.object.pointee.kind {
        case .function:
            let function = FunctionObject(known: callee)
            if function.code.pointee.isGenerator {
                let generator = try makeGenerator(function, arguments)
                clear(registers, fiber)
                deliver(generator, fiber)
                return .goOn
            }
            heap.retain(callee)
            do {
                try push(function.code, function: callee, purpose: .call, fiber)
            } catch {
                heap.release(callee)
                throw error
            }
            // The stack may have moved: the arguments are found again beside the caller's registers.
            let moved = relocated(arguments, fiber)
            do {
                try bind(moved, to: function, fiber.pointee.frame.pointee.base)
            } catch {
                pop(fiber)
                throw error
            }
            clear(registers, of: fiber.pointee.frame - 1)
            return .goOn
        case .native: return try callNative(NativeObject(known: callee).native, arguments, registers, fiber)
        case .boundMethod:
            return try callBound(BoundMethodObject(known: callee), arguments, registers, fiber)
        case .type:
            guard let constructor = TypeObject(known: callee).at.pointee.constructor else { throw notCallable(callee) }
            return try callNative(constructor, arguments, registers, fiber)
        case .structType: return try construct(StructTypeObject(known: callee), arguments, registers, fiber)
        case .exceptionType:
            let exception = try makeException(ExceptionTypeObject(known: callee).exceptionKind, arguments)
            clear(registers, fiber)
            deliver(exception, fiber)
            return .goOn
        case .enumType:
            let member = try self.member(of: EnumTypeObject(known: callee), arguments)
            clear(registers, fiber)
            deliver(member, fiber)
            return .goOn
        case .pipeline:
            let stages = PipelineObject(known: callee).at.pointee.stages
            return try withPrefix(stages, arguments) { staged throws(DanaError) in
                try invoke(try pipelineFunction(), staged, registers: registers, fiber)
            }
        case .hostFunction:
            try callHost(HostFunctionObject(known: callee), arguments, fiber)
            clear(registers, fiber)
            return .suspend
        case .hostHandle:
            try ask(.call, of: HostHandleObject(known: callee), arguments, fiber)
            clear(registers, fiber)
            return .suspend
        default: throw notCallable(callee)
        }
    }

    private func notCallable(_ value: Value) -> DanaError {
        heap.typeError("'\(value.typeName)' object is not callable")
    }

    /// The same arguments after the stack may have moved.
    private func relocated(_ arguments: CallArguments, _ fiber: UnsafeMutablePointer<FiberState>) -> CallArguments {
        guard case .registers(let first, isDirect: true) = arguments.origin else { return arguments }
        return CallArguments(
            start: fiber.pointee.frame[-1].base + first, count: arguments.count, keywords: arguments.keywords,
            origin: arguments.origin)
    }

    /// The arguments with one more before them, in a buffer of borrowed values that lives during `body`.
    func withPrefix(
        _ first: Value, _ arguments: CallArguments, _ body: (CallArguments) throws(DanaError) -> AfterStep
    ) throws(DanaError) -> AfterStep {
        let bytes = (arguments.count + 1) * MemoryLayout<Value>.stride
        let buffer = try heap.allocateBuffer(bytes).bindMemory(to: Value.self, capacity: arguments.count + 1)
        defer { heap.freeBuffer(buffer, bytes: bytes) }
        buffer[0] = first
        (buffer + 1).update(from: arguments.start, count: arguments.count)
        let origin: CallArguments.Origin =
            switch arguments.origin {
            case .registers(let register, _): .registers(first: register - 1, isDirect: false)
            case .list(let register, let prefix): .list(register: register, prefix: prefix + 1)
            }
        return try body(
            CallArguments(start: buffer, count: arguments.count + 1, keywords: arguments.keywords, origin: origin))
    }

    private func callBound(
        _ method: BoundMethodObject, _ arguments: CallArguments, _ registers: Range<Int>,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        // The callee's register keeps the method, and so both its parts, until the call is under way.
        let held = Owned(retaining: method.value, heap: heap)
        defer { _ = held.value }
        return try withPrefix(method.at.pointee.receiver, arguments) { staged throws(DanaError) in
            try invoke(method.at.pointee.function, staged, registers: registers, fiber)
        }
    }

    /// `callSpread`: R[A](*R[A+1], **R[A+2]).
    func callSpread(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let base = fiber.pointee.frame.pointee.base
        let callee = base[i.a]
        let positional = base[i.a + 1]
        let items =
            positional.isObject(.list) ? ListObject(known: positional).items : TupleObject(known: positional).items
        let named = DictObject(base[i.a + 2])
        let count = items.count + (named?.count ?? 0)
        try heap.charge(count >> 6)
        let bytes = max(count, 1) * MemoryLayout<Value>.stride
        let buffer = try heap.allocateBuffer(bytes).bindMemory(to: Value.self, capacity: max(count, 1))
        defer { heap.freeBuffer(buffer, bytes: bytes) }
        for index in items.indices { buffer[index] = items[index] }
        let origin = CallArguments.Origin.list(register: i.a + 1, prefix: 0)
        guard let named, named.count > 0 else {
            return try invoke(
                callee, CallArguments(start: buffer, count: count, keywords: nil, origin: origin),
                registers: i.a..<(i.a + 3), fiber)
        }
        // The dict may be gone when the buffers are freed.
        let namedCount = named.count
        let names = try heap.allocateBuffer(namedCount * 8).bindMemory(to: Value.self, capacity: namedCount)
        defer { heap.freeBuffer(names, bytes: namedCount * 8) }
        let bindings = try heap.allocateBuffer(namedCount * 8).bindMemory(to: Int.self, capacity: namedCount)
        defer { heap.freeBuffer(bindings, bytes: namedCount * 8) }
        var index = 0
        for place in 0..<named.table.used {
            let entry = named.table.entry(place).pointee
            if entry.key.isUndefined { continue }
            guard entry.key.isObject(.string) else { throw heap.typeError("keywords must be strings") }
            names[index] = try heap.name(of: entry.key)
            buffer[items.count + index] = entry.value
            index += 1
        }
        var keywords = KeywordCache(names: names, count: namedCount, registers: bindings, code: nil)
        return try withUnsafeMutablePointer(to: &keywords) { keywords throws(DanaError) in
            try invoke(
                callee, CallArguments(start: buffer, count: count, keywords: keywords, origin: origin),
                registers: i.a..<(i.a + 3), fiber)
        }
    }

    /// Puts a call's result, owned, into R[A] of the instruction before the top frame's position.
    func deliver(_ result: Value, _ fiber: UnsafeMutablePointer<FiberState>) {
        let frame = fiber.pointee.frame
        heap.store(result, in: frame.pointee.base + frame.pointee.pc[-1].a)
    }

    /// Releases the registers of a call that is under way.
    func clear(_ registers: Range<Int>, _ fiber: UnsafeMutablePointer<FiberState>) {
        clear(registers, of: fiber.pointee.frame)
    }

    private func clear(_ registers: Range<Int>, of frame: UnsafeMutablePointer<Frame>) {
        let base = frame.pointee.base
        for register in registers { heap.store(.undefined, in: base + register) }
    }
}
