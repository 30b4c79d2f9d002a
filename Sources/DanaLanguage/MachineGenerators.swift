/// What a drain replaces when its list is complete.
enum DrainTarget {
    case register(Int)
    /// An item of the list in R[A+1] of a `callSpread`.
    case listItem(Int)
    /// The right operand, which may be a variable: it stays, and the instruction is done with the list instead.
    case operand

    private static let itemFlag: UInt32 = 0x8000_0000
    private static let operandFlag: UInt32 = 0x4000_0000

    init(packed: UInt32) {
        let number = Int(packed & ~DrainTarget.itemFlag)
        if packed == DrainTarget.operandFlag {
            self = .operand
        } else {
            self = packed & DrainTarget.itemFlag == 0 ? .register(number) : .listItem(number)
        }
    }

    var packed: UInt32 {
        switch self {
        case .register(let number): UInt32(truncatingIfNeeded: number)
        case .listItem(let number): UInt32(truncatingIfNeeded: number) | DrainTarget.itemFlag
        case .operand: DrainTarget.operandFlag
        }
    }
}

/// Generators: their frames' registers are the generator's own, so that suspending one moves nothing.
extension Machine {
    /// A generator for a call of a generator function, its parameters bound.
    func makeGenerator(_ function: FunctionObject, _ arguments: CallArguments) throws(DanaError) -> Value {
        let count = function.code.pointee.registerCount
        let generator = try heap.allocate(
            GeneratorObject.self, trailingBytes: count * MemoryLayout<Value>.stride,
            own: GeneratorObject.State.fresh.rawValue)
        generator.at.pointee.function = heap.retained(function.value)
        generator.at.pointee.position = 0
        generator.at.pointee.count = count
        generator.registers.initialize(repeating: .undefined, count: count)
        let held = heap.owned(generator.value)
        try bind(arguments, to: function, generator.registers)
        return held.take()
    }

    /// Pushes a generator's frame; `sent` (owned) becomes the value of the `yield` it stands at. False when the
    /// generator is finished.
    func resume(
        _ generator: GeneratorObject, sent: Value, purpose: Frame.Purpose, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> Bool {
        switch generator.state {
        case .finished:
            heap.release(sent)
            return false
        case .running:
            heap.release(sent)
            throw heap.valueError("generator already executing")
        case .fresh, .suspended: break
        }
        let function = FunctionObject(known: generator.at.pointee.function)
        let held = heap.owned(sent)
        try push(generator, of: function, purpose: purpose, fiber)
        heap.retain(generator.value)
        // The frame takes the function's reference over until the generator is suspended again.
        generator.at.pointee.function = .null
        if generator.state == .suspended {
            heap.store(held.take(), in: generator.registers + fiber.pointee.frame.pointee.pc[-1].a)
        }
        generator.state = .running
        return true
    }

    /// Pushes a frame on a generator's registers, at the place where it goes on; on success the references to both are
    /// the frame's.
    @inline(__always)
    func push(
        _ generator: GeneratorObject, of function: FunctionObject, purpose: Frame.Purpose,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        if fiber.pointee.frame == fiber.pointee.lastFrame {
            try fiber.pointee.growFrames(depth: limits.depth, heap: heap)
        }
        let top = fiber.pointee.frame.pointee.top
        fiber.pointee.frame += 1
        fiber.pointee.frame.initialize(
            to: Frame(
                code: function.code,
                pc: UnsafePointer(function.code.pointee.instructions + generator.at.pointee.position),
                base: generator.registers, top: top, function: function.value, generator: generator.value,
                payload: .null, purpose: purpose, detail: 0))
    }

    /// Begins to replace a generator by a list of what it gives; the instruction runs again afterwards.
    func drain(_ generator: GeneratorObject, into target: DrainTarget, _ fiber: UnsafeMutablePointer<FiberState>)
        throws(DanaError)
    {
        let list = heap.owned(try heap.list().value)
        fiber.pointee.frame.pointee.pc -= 1
        let isDriven: Bool
        do {
            isDriven = try resume(generator, sent: .null, purpose: .drain, fiber)
        } catch {
            fiber.pointee.frame.pointee.pc += 1
            throw error
        }
        guard isDriven else { return try drained(list.take(), target, fiber) }
        fiber.pointee.frame.pointee.payload = list.take()
        fiber.pointee.frame.pointee.detail = target.packed
    }

    /// Puts a drained list, owned, where the calling instruction finds it when it runs again, or does what that would.
    func drained(
        _ list: Value, _ target: DrainTarget, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        let frame = fiber.pointee.frame
        switch target {
        case .operand:
            let held = heap.owned(list)
            frame.pointee.pc += 1
            try finish(Fusion.first(of: frame.pointee.pc[-1]), with: held.value, frame.pointee.base)
        case .register(let number): heap.store(list, in: frame.pointee.base + number)
        case .listItem(let number):
            let items = ListObject(known: frame.pointee.base[frame.pointee.pc.pointee.a + 1])
            let old = items[unchecked: number]
            items[unchecked: number] = list
            heap.release(old)
        }
    }

    /// Does an augmented assignment, or one to a slice, with a list instead of its right operand.
    private func finish(
        _ i: Instruction, with list: Value, _ base: UnsafeMutablePointer<Value>
    ) throws(DanaError) {
        if i.opcode == .setItem { return try setItem(base[i.b], of: base[i.a], to: list) }
        guard let operation = i.opcode.binaryOperator?.operation,
            let result = try Arithmetic(heap: heap).changedInPlace(operation, base[i.b], list)
        else { throw heap.error(.systemError, "a generator was drained for an operation that takes none") }
        heap.store(result, in: base + i.a)
    }

    /// The generator that an instruction needs the items of, though its operand must stay as it is.
    func operandToDrain(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) -> GeneratorObject? {
        let isDrained = i.opcode == .setItem || (i.x == 1 && i.opcode.binaryOperator?.hasInteger == false)
        return isDrained ? GeneratorObject(base[i.c]) : nil
    }

    /// `yield`: R[A] receives what is sent on resumption, R[B] is given.
    func yield(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let frame = fiber.pointee.frame
        let value = frame.pointee.base[i.b]
        switch frame.pointee.purpose {
        case .drain:
            if try tick() {
                frame.pointee.pc -= 1
                return .sliceOver
            }
            let items = ListObject(known: frame.pointee.payload)
            try heap.append(value, to: items)
            frame.pointee.base[i.b] = .undefined
            heap.store(.null, in: frame.pointee.base + i.a)
            if try isEnough(items, for: frame - 1) {
                let target = DrainTarget(packed: frame.pointee.detail)
                heap.retain(items.value)
                heap.release(suspendFrame(fiber))
                try drained(items.value, target, fiber)
            }
            return .goOn
        case .close, .abandoned:
            throw heap.runtimeError("generator ignored GeneratorExit")
        default: break
        }
        frame.pointee.base[i.b] = .undefined
        let generator = suspendFrame(fiber)
        let caller = fiber.pointee.frame
        if frame.pointee.purpose == .forNext {
            let step = caller.pointee.pc[-1]
            heap.store(value, in: caller.pointee.base + step.b)
            caller.pointee.pc += step.jump
        } else {
            deliver(value, fiber)
        }
        heap.release(generator)
        return .goOn
    }

    /// `closeIteration`: R[A] is cleared. A suspended generator that nothing else holds is closed before, so that what
    /// its `finally` and `with` ask for is done.
    func closeIteration(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let register = fiber.pointee.frame.pointee.base + i.a
        guard let generator = GeneratorObject(register.pointee), generator.at.pointee.header.count == 1,
            generator.needsClosing
        else {
            heap.store(.undefined, in: register)
            return .goOn
        }
        return try interrupt(generator.value, with: .undefined, purpose: .close, i.a..<i.a, fiber)
    }

    /// Closes the generator that was dropped first: its frame stands on a fiber whose top frame stood before an
    /// instruction. The error that the fiber fails with, when there is no room for the frame.
    func closeAbandoned(_ fiber: UnsafeMutablePointer<FiberState>) -> DanaError? {
        let generator = heap.owned(heap.state.pointee.abandoned.removeFirst())
        do throws(DanaError) {
            _ = try resume(GeneratorObject(known: generator.value), sent: .null, purpose: .abandoned, fiber)
        } catch {
            fiber.pointee.frame.pointee.pc += 1
            return unwind(error, fiber)
        }
        fiber.pointee.standsBefore = false
        return unwind(heap.error(.generatorExit), fiber)
    }

    /// Whether the instruction that drains a generator needs no more of it: a membership test that found its item, an
    /// unpacking that got one too many.
    private func isEnough(_ items: ListObject, for caller: UnsafeMutablePointer<Frame>) throws(DanaError) -> Bool {
        let instruction = caller.pointee.pc.pointee
        switch instruction.opcode {
        case .unpack: return items.count > instruction.b
        case .contains, .containsNot:
            return try heap.equal(items[unchecked: items.count - 1], caller.pointee.base[instruction.b])
        default: return false
        }
    }

    /// The end of an iterator as an exception, with what a generator returned.
    func stopIteration(with result: Value) throws(DanaError) -> DanaError {
        let arguments = try heap.tuple(count: result.isNull ? 0 : 1)
        if !result.isNull { arguments.start[0] = heap.retained(result) }
        return .raised(try heap.exception(.stopIteration, arguments: arguments.value).value)
    }

    /// `sendTo`: what was sent to a generator that delegates goes on to the generator R[A].
    func send(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws(DanaError) {
        let sent = heap.owned(base[i.b])
        base[i.b] = .undefined
        if base[i.a].isObject(.generator) { return heap.store(sent.take(), in: base + (i.a + 1)) }
        guard sent.value.isNull else {
            throw heap.attributeError("what 'yield from' goes through is no generator and has no attribute 'send'")
        }
    }

    /// `throwInto`: the exception R[B] appears where the generator R[A] stands.
    func throwInto(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let base = fiber.pointee.frame.pointee.base
        guard let generator = GeneratorObject(base[i.a]), generator.state == .suspended,
            let exception = ExceptionObject(base[i.b]), exception.exceptionKind != .generatorExit,
            exception.exceptionKind != .cancelledError
        else { throw try reraise(base[i.b], fiber) }
        return try interrupt(generator.value, with: exception.value, purpose: .forNext, i.b..<(i.b + 1), fiber)
    }

    /// Takes the top frame, a generator's, off and gives the frame's reference to the generator.
    private func suspendFrame(_ fiber: UnsafeMutablePointer<FiberState>) -> Value {
        let frame = fiber.pointee.frame
        let generator = GeneratorObject(known: frame.pointee.generator)
        generator.at.pointee.function = frame.pointee.function
        generator.at.pointee.position = frame.pointee.pc - UnsafePointer(frame.pointee.code.pointee.instructions)
        generator.state = .suspended
        fiber.pointee.frame -= 1
        heap.release(frame.pointee.payload)
        return generator.value
    }

    /// The end of a frame that is not an ordinary call's; `result` is owned.
    func finishFrame(_ result: Value, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let frame = fiber.pointee.frame
        if frame.pointee.purpose.isFirst { heap.destroyAllDead() }
        if frame.pointee.purpose.isFirst, !heap.state.pointee.abandoned.isEmpty {
            // What was dropped is closed first; then the instruction runs again.
            frame.pointee.pc -= 1
            if frame.pointee.pc.pointee.opcode == .return {
                heap.store(result, in: frame.pointee.base + frame.pointee.pc.pointee.a)
            }
            return .sliceOver
        }
        let held = heap.owned(result)
        let payload = heap.owned(frame.pointee.payload)
        let (purpose, detail, function) = (frame.pointee.purpose, frame.pointee.detail, frame.pointee.function)
        frame.pointee.payload = .null
        heap.retain(function)
        let running = heap.owned(function)
        // While there is a frame, so that what fails is unwound.
        if purpose == .imported { try bindToPackage(ModuleObject(known: function)) }
        pop(fiber)
        switch purpose {
        case .bottom:
            if running.value.isObject(.module) { running.value.object.pointee.flags.remove(.marked) }
            fiber.pointee.result = held.take()
            return .finish
        case .call: deliver(held.take(), fiber)
        case .forNext:
            let caller = fiber.pointee.frame
            heap.store(held.take(), in: caller.pointee.base + caller.pointee.pc[-1].a)
        case .drain: try drained(payload.take(), DrainTarget(packed: detail), fiber)
        case .advance:
            guard !payload.value.isUndefined else { throw try stopIteration(with: held.value) }
            deliver(payload.take(), fiber)
        case .close: deliver(.null, fiber)
        case .abandoned: break
        case .module:
            noteRun(of: ModuleObject(known: running.value))
            try bindToPackage(ModuleObject(known: running.value))
            deliver(running.take(), fiber)
        case .imported:
            noteRun(of: ModuleObject(known: running.value))
            fiber.pointee.result = detail == 1 ? running.take() : .null
            return .finish
        case .fieldDefault:
            let structure = StructObject(known: payload.value)
            heap.store(held.take(), in: structure.fields + Int(detail))
            return try makeDefaults(payload.take(), from: Int(detail) + 1, fiber)
        }
        return .goOn
    }
}
