/// What fibers ask of the host, and what becomes of its answers.
extension Machine {
    /// Calls a host function: the fiber waits for its answer.
    func callHost(
        _ function: HostFunctionObject, _ arguments: CallArguments, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        let index = function.at.pointee.index
        try ask(.function(index: index, name: hostFunctions[index]), arguments, fiber)
    }

    /// Suspends a fiber with a request; the values are retained.
    @discardableResult
    func ask(
        _ request: HostCall.Request, _ arguments: CallArguments, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> UnsafeMutablePointer<HostCallTable.Pending> {
        let (count, keywordCount) = (arguments.count, arguments.keywordCount)
        let slot = try askWithout(request, valueCount: count + keywordCount, fiber)
        guard let values = slot.pointee.values else { return slot }
        for index in 0..<count { values[index] = heap.retained(arguments.start[index]) }
        if let keywords = arguments.keywords {
            for index in 0..<keywordCount { values[count + index] = keywords.pointee.names[index] }
        }
        slot.pointee.positionalCount = count - keywordCount
        slot.pointee.keywordCount = keywordCount
        return slot
    }

    /// Suspends a fiber with a request that has up to two arguments.
    @discardableResult
    func ask(
        _ request: HostCall.Request, _ fiber: UnsafeMutablePointer<FiberState>, _ first: Value = .undefined,
        _ second: Value = .undefined
    ) throws(DanaError) -> UnsafeMutablePointer<HostCallTable.Pending> {
        let slot = try askWithout(request, valueCount: 2, fiber)
        guard let values = slot.pointee.values else { return slot }
        var count = 0
        for value in [first, second] where !value.isUndefined {
            values[count] = heap.retained(value)
            count += 1
        }
        slot.pointee.positionalCount = count
        return slot
    }

    /// A slot for a request, its arguments still missing, for which the fiber waits.
    private func askWithout(
        _ request: HostCall.Request, valueCount: Int, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> UnsafeMutablePointer<HostCallTable.Pending> {
        guard hostCallCount < limits.hostCalls else { throw .limit(.hostCalls) }
        let slot = try pending.take(number: hostCallCount + 1, valueCount: valueCount, heap)
        hostCallCount += 1
        slot.pointee.request = request
        slot.pointee.fiber = fiber
        fiber.pointee.status = .waiting(slot.pointee.identifier)
        return slot
    }

    /// Where a program's text made the call that a fiber waits for; nil when no frame is the program's.
    func place(of fiber: UnsafeMutablePointer<FiberState>) -> ErrorPlace? {
        for index in stride(from: fiber.pointee.frameCount - 1, through: 0, by: -1) {
            var place = standing(fiber.pointee.frames + index)
            if isInPrelude(place) { continue }
            // A caller that waits for a drained list stands before the instruction, which will run again.
            let isDraining = index < fiber.pointee.frameCount - 1 && fiber.pointee.frames[index + 1].purpose == .drain
            if isDraining { place = TracePlace(code: place.code, instruction: place.instruction + 1) }
            return errorPlace(place)
        }
        return nil
    }

    func forgetCall(_ identifier: HostCall.Identifier) {
        if let slot = pending.find(identifier) { pending.giveBack(slot, heap) }
    }

    /// Gives a waiting fiber its answer; it goes on at the next `run`. An answer to a call that is not waited for is
    /// dropped.
    func resume(_ identifier: HostCall.Identifier, with answer: HostAnswer) {
        guard let slot = pending.find(identifier), let fiber = slot.pointee.fiber else {
            switch answer {
            case .value(let value), .items(let value): heap.release(value)
            case .failure(_, _, let arguments, _, _, let details):
                for value in [arguments, details] { if let value { heap.release(value) } }
            case .end, .module, .limit: break
            }
            return
        }
        let (request, replaced) = (slot.pointee.request, slot.pointee.replaced)
        let fallback = heap.owned(slot.pointee.fallback)
        slot.pointee.fallback = .undefined
        pending.giveBack(slot, heap)
        fiber.pointee.status = .ready
        do throws(DanaError) {
            switch answer {
            case .value(let value):
                let held = heap.owned(value)
                if let replaced {
                    try replace(replaced, by: held.take(), request, fiber)
                } else {
                    try take(held.take(), request, fiber)
                }
            case .items(let list): try goThrough(list, request, fiber)
            case .end: try endOfItems(fallback.take(), request, fiber)
            case .module(let code, let name): try goOn(with: code, name: name, fiber)
            case .failure(let kind, let message, let arguments, let areApart, let origin, let details):
                let told = heap.owned(details ?? .null)
                let made = heap.owned(arguments ?? .null)
                let error: DanaError =
                    if arguments != nil, !areApart {
                        .raised(try heap.exception(kind, arguments: heap.retained(made.value)).value)
                    } else {
                        hostError(kind, message, fiber)
                    }
                if case .raised(let value) = error {
                    let exception = ExceptionObject(known: value)
                    if details != nil { exception.at.pointee.details = heap.retained(told.value) }
                    if areApart { try heap.setDetail(Heap.argumentsName, to: made.value, of: exception) }
                }
                try fail(error, origin: origin, fiber)
            case .limit(let limit): throw .limit(limit)
            }
        } catch {
            if let failure = unwind(error, fiber) { fiber.pointee.status = .failed(failure) }
        }
    }

    /// Raises what the host failed with, which keeps the handle of the host's own error.
    private func fail(_ error: DanaError, origin: UInt64?, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError)
    {
        guard case .raised(let value) = error else { throw error }
        let exception = ExceptionObject(known: value)
        if let origin { try attach(origin, to: exception) }
        let frame = fiber.pointee.frame
        let i = frame.pointee.pc[-1]
        // A pattern asks for an attribute to find out whether there is one.
        if i.opcode == .matchAttribute, exception.exceptionKind == .attributeError {
            heap.discard(error)
            return heap.store(.undefined, in: frame.pointee.base + i.a)
        }
        if i.opcode == .raise, i.b != Int(Instruction.none) {
            try setCause(of: exception, to: frame.pointee.base[i.b])
        }
        throw error
    }

    /// Has an exception, which is owned and released where this fails, keep the handle of the host's own error.
    func attach(_ origin: UInt64, to exception: ExceptionObject) throws(DanaError) {
        let held = heap.owned(exception.value)
        let handle = try heap.handle(origin, typeName: exception.exceptionKind.name)
        exception.at.pointee.origin = handle.value
        _ = held.take()
    }

    /// The host has given a loop several items, an owned list: the loop goes on with the first, takes the others without
    /// asking, and then asks again.
    private func goThrough(
        _ list: Value, _ request: HostCall.Request, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        let held = heap.owned(list)
        let frame = fiber.pointee.frame
        let i = frame.pointee.pc[-1]
        guard i.opcode == .forNext, let items = ListObject(list), items.count > 0 else {
            throw heap.error(.systemError, "the host has given several items where one was asked for")
        }
        let control = frame.pointee.base + i.a
        heap.store(heap.retained(items[unchecked: 0]), in: frame.pointee.base + i.b)
        heap.store(control[0], in: control + 2)
        control[0] = held.take()
        heap.store(Value(small: 1), in: control + 1)
        frame.pointee.pc += i.jump
    }

    /// The host has no next item: a loop ends; what asked for one item gets the fallback.
    private func endOfItems(
        _ fallback: Value, _ request: HostCall.Request, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        let held = heap.owned(fallback)
        let frame = fiber.pointee.frame
        let i = frame.pointee.pc[-1]
        if i.opcode == .forNext { return heap.store(.null, in: frame.pointee.base + i.a) }
        guard case .operation(_, .next) = request else { throw heap.error(.systemError, "the host has ended no items") }
        if held.value.isUndefined { throw try stopIteration(with: .null) }
        deliver(held.take(), fiber)
    }

    /// Puts an answer, owned, in the place of an argument; the instruction then runs again.
    private func replace(
        _ target: DrainTarget, by value: Value, _ request: HostCall.Request,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        let held = heap.owned(value)
        if case .operation(_, .builtin(let name)) = request, name == "str" { try requireString(held.value, name) }
        if case .operation(_, .builtin("dict")) = request, !held.value.isObject(.dict) {
            throw heap.typeError("'\(held.value.typeName)' object is not a mapping")
        }
        fiber.pointee.frame.pointee.pc -= 1
        try drained(held.take(), target, fiber)
    }

    private func requireString(_ value: Value, _ function: String) throws(DanaError) {
        guard value.isObject(.string) else {
            throw heap.typeError("the host's \(function)() returned non-string (type \(value.typeName))")
        }
    }

    /// Does with an answer, owned, what the instruction that asked would have done with its result.
    private func take(_ value: Value, _ request: HostCall.Request, _ fiber: UnsafeMutablePointer<FiberState>)
        throws(DanaError)
    {
        let held = heap.owned(value)
        let frame = fiber.pointee.frame
        let i = Fusion.first(of: frame.pointee.pc[-1])
        let base = frame.pointee.base
        switch i.opcode {
        case .setItem, .deleteItem, .setAttribute, .deleteAttribute: return
        case .not: return heap.store(Value(!isTrueOfHost(held.value)), in: base + i.a)
        case .raise: throw heap.error(.systemError, "the host has answered what it was to raise")
        case .truth, .matchException: return heap.store(Value(isTrueOfHost(held.value)), in: base + i.a)
        case .contains, .containsNot:
            return heap.store(Value(isTrueOfHost(held.value) == (i.opcode == .contains)), in: base + i.a)
        case .jumpIfTrue, .jumpIfFalse:
            if isTrueOfHost(held.value) == (i.opcode == .jumpIfTrue) { frame.pointee.pc += i.wide }
            return
        case .getIterator:
            if held.value.isObject(.hostHandle) { return heap.store(held.take(), in: base + i.a) }
            return try beginIteration(over: held.value, base + i.a)
        case .forNext:
            heap.store(held.take(), in: base + i.b)
            frame.pointee.pc += i.jump
            return
        case .formatValue: return try formatted(held.value, i, base)
        case .add where i.x == 1 && base[i.b].isObject(.list):
            // `list += handle`: the items that the host made a list of.
            guard case .operation(_, .builtin) = request else { break }
            guard held.value.isObject(.list) else {
                throw heap.typeError("the host's list() returned non-list (type \(held.value.typeName))")
            }
            if let result = try Arithmetic(heap: heap).changedInPlace(.add, base[i.b], held.value) {
                return heap.store(result, in: base + i.a)
            }
        default:
            guard let jump = i.opcode.comparingJump else { break }
            if case .operation(_, .comparison) = request, held.value.isObject(.hostHandle) {
                try ask(.truth, of: held.value, fiber)
                return
            }
            if isTrueOfHost(held.value) == jump.isTakenWhen { frame.pointee.pc += i.jump }
            return
        }
        deliver(held.take(), fiber)
    }

    /// The truth of an answer, without asking again.
    private func isTrueOfHost(_ value: Value) -> Bool {
        if value.isObject(.hostHandle) { return true }
        do { return try heap.isTrue(value) } catch {
            heap.discard(error)
            return true
        }
    }

    /// A piece of an f-string of which the host gave the text; what is left of the specification is done here.
    private func formatted(_ text: Value, _ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws(DanaError) {
        try requireString(text, i.x == 0 ? "format" : "repr")
        let hasMore = i.x != 0 && i.c != Int(Instruction.none)
        let result = hasMore ? try formatted(text, conversion: 0, spec: base[i.c]) : heap.retained(text)
        heap.store(result, in: base + i.a)
    }
}
