/// The instructions that the loop leaves to others: the rarer ones, and those that may push frames.
extension Machine {
    @inline(never) func step(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep
    {
        let frame = fiber.pointee.frame
        let base = frame.pointee.base
        let names = frame.pointee.code.pointee.names
        switch i.opcode {
        case .deleteGlobal:
            let slot = frame.pointee.code.pointee.globals[i.wide]
            if slot.pointee.value.isUndefined { throw undefinedName(slot.pointee.name) }
            let old = slot.pointee.value
            slot.pointee.value = .undefined
            heap.release(old)
        case .getScope: heap.store(try scopeVariable(names[i.b], scope(i.x)), in: base + i.a)
        case .setScope: try setScopeVariable(names[i.b], scope(i.x), to: base[i.a])
        case .deleteScope: try deleteScopeVariable(names[i.b], scope(i.x))
        case .makeCell:
            let cell = try heap.cell(base[i.a])
            base[i.a] = cell.value
        case .makeFunction: try makeFunction(i, frame)
        case .callKeywords: return try counted(fiber) { () throws(DanaError) in try callKeywords(i, fiber) }
        case .lacksArguments: heap.store(Value(lacksArguments(base[i.b], count: i.c)), in: base + i.a)
        case .stageFunction: heap.store(try stageFunction(base[i.b]), in: base + i.a)
        case .callSpread: return try counted(fiber) { () throws(DanaError) in try callSpread(i, fiber) }
        case .callMethodKeywords: return try counted(fiber) { () throws(DanaError) in try callMethodKeywords(i, fiber) }
        case .yield: return try yield(i, fiber)
        case .pipe: return try counted(fiber) { () throws(DanaError) in try pipe(i, fiber) }
        case .power: try calculate(.power, i, base)
        case .shiftLeft: try calculate(.shiftLeft, i, base)
        case .shiftRight: try calculate(.shiftRight, i, base)
        case .shiftLeftInteger: try calculateWithInteger(.shiftLeft, i, base)
        case .shiftRightInteger: try calculateWithInteger(.shiftRight, i, base)
        case .negate: heap.store(try Arithmetic(heap: heap).negated(base[i.b]), in: base + i.a)
        case .plus: heap.store(try Arithmetic(heap: heap).plus(base[i.b]), in: base + i.a)
        case .invert: heap.store(try Arithmetic(heap: heap).inverted(base[i.b]), in: base + i.a)
        case .contains, .containsNot:
            if let generator = GeneratorObject(base[i.c]) {
                try drain(generator, into: .register(i.c), fiber)
                return .goOn
            }
            heap.store(Value(try contains(base[i.b], in: base[i.c]) == (i.opcode == .contains)), in: base + i.a)
        case .getIterator: try getIterator(i, base)
        case .sendTo: try send(i, base)
        case .throwInto: return try throwInto(i, fiber)
        case .closeIteration: return try closeIteration(i, fiber)
        case .unpack: try unpack(i, fiber)
        case .unpackStar: try unpackStar(i, fiber)
        case .deleteItem: try deleteItem(base[i.b], of: base[i.a])
        case .makeSlice:
            let slice = try heap.slice(start: base[i.b], stop: base[i.b + 1], step: base[i.b + 2])
            for index in 0..<3 { base[i.b + index] = .undefined }
            heap.store(slice.value, in: base + i.a)
        case .deleteAttribute:
            if base[i.a].isObject(.hostHandle) { throw .handle }
            throw heap.attributeError("attributes of '\(base[i.a].typeName)' cannot be deleted")
        case .raise: throw try raise(i, fiber)
        case .reraise: throw try reraise(base[i.a], fiber)
        case .matchException: heap.store(Value(try matches(base[i.b], base[i.c])), in: base + i.a)
        case .assertFailed: throw assertionError(i, base)
        case .shown:
            let text = i.x == 1 && base[i.b].isConstructor ? typeName(base[i.b]) : try shown(base[i.b])
            heap.store(try heap.string(text).value, in: base + i.a)
        case .testFailed: throw try testFailure(FailedTest(packed: i.x), base[i.a], base[i.b])
        case .enter: return try enter(i, fiber)
        case .leave: return try leave(i, fiber)
        case .importModule: return try importModule(i, fiber)
        case .importName: return try importName(i, fiber)
        case .importAll:
            try importAll(from: base[i.a], functionsOnly: i.x == 1, into: frame.pointee.code.pointee.module)
        case .exportName: try export(names[i.wide], of: frame.pointee.code.pointee.module)
        case .makeStruct: try makeStruct(i, frame)
        case .makeEnum: try makeEnum(i, frame)
        case .makeInterface: try makeInterface(i, frame)
        case .defineMethod: try defineMethod(base[i.a], names[i.b], base[i.c])
        case .typeOf: heap.store(heap.retained(try type(of: base[i.b])), in: base + i.a)
        case .checkType: try checkType(i, frame)
        case .matchSequence, .matchMapping, .matchKeys, .matchRest, .matchType, .matchPositional, .matchAttribute:
            try match(i, frame)
        default: try build(i, fiber)
        }
        return .goOn
    }

    /// A call counts a tick before it does anything.
    private func counted(
        _ fiber: UnsafeMutablePointer<FiberState>, _ call: () throws(DanaError) -> AfterStep
    ) throws(DanaError) -> AfterStep {
        if try tick() {
            fiber.pointee.frame.pointee.pc -= 1
            return .sliceOver
        }
        return try call()
    }

    /// Counts a tick: whether the slice is over.
    @inline(__always) func tick() throws(DanaError) -> Bool {
        heap.state.pointee.meter.countdown &-= 1
        return heap.state.pointee.meter.countdown <= 0 ? try tickIsSliceEnd() : false
    }

    private func scope(_ number: Int) -> ScopeKind {
        ScopeKind(rawValue: UInt8(truncatingIfNeeded: number)) ?? .private
    }

    private func assertionError(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) -> DanaError {
        do {
            let hasMessage = i.a != Int(Instruction.none)
            let arguments = try heap.tuple(count: hasMessage ? 1 : 0)
            if hasMessage { arguments.start[0] = heap.retained(base[i.a]) }
            return .raised(try heap.exception(.assertionError, arguments: arguments.value).value)
        } catch {
            return error
        }
    }

    private func match(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) throws(DanaError) {
        let base = frame.pointee.base
        let subject = base[i.b]
        let result: Value
        switch i.opcode {
        case .matchSequence:
            let isSequence = subject.isObject(.list) || subject.isObject(.tuple) || subject.isObject(.range)
            let count = isSequence ? heap.count(ofSequence: subject) : -1
            result = Value(isSequence && (i.x == 1 ? count >= i.c : count == i.c))
        case .matchMapping: result = Value(subject.isObject(.dict))
        case .matchKeys: result = try matchKeys(subject, base[i.c])
        case .matchRest: result = try matchRest(subject, base[i.c])
        case .matchType: result = Value(try isInstance(subject, of: base[i.c]))
        case .matchPositional: result = try matchPositional(subject, base[i.a], count: i.c)
        default:
            do { result = try attribute(frame.pointee.code.pointee.sites + i.c, of: subject) } catch {
                guard case .raised(let value) = error,
                    ExceptionObject(known: value).exceptionKind == .attributeError
                else { throw error }
                heap.discard(error)
                heap.store(.undefined, in: base + i.a)
                return
            }
        }
        heap.store(result, in: base + i.a)
    }
}
