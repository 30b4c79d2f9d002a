/// Running functions side by side: a fiber each, joined in order.
extension Machine {
    /// What a fiber that joins others waits for.
    struct Join {
        /// The list of results, one reference.
        let results: Value
        let calls: SideCalls
        var running = 0
        var started = 0
        /// What the first child that failed failed with, one reference.
        var failure: DanaError?
    }

    func release(_ join: Join) {
        heap.release(join.results)
        join.calls.release(heap)
    }

    /// Makes a fiber wait for calls, at most `limit` of them at a time; the calls' references are taken over.
    func join(
        _ calls: SideCalls, limit: Int, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        let count = calls.count
        let results: ListObject
        do {
            results = try heap.list(nulls: count)
        } catch {
            calls.release(heap)
            throw error
        }
        guard count > 0 else {
            calls.release(heap)
            deliver(results.value, fiber)
            return .goOn
        }
        joins[fiber.pointee.number] = Join(results: results.value, calls: calls)
        fiber.pointee.status = .joining
        do {
            // The others begin as these end.
            let atOnce = min(limit, count, max(Machine.mostFibers - fibers.count, 1))
            for _ in 0..<atOnce { try startNext(of: fiber) }
            return .suspend
        } catch {
            discardChildren(of: fiber)
            fiber.pointee.status = .ready
            throw error
        }
    }

    /// Ends all children of a fiber at once, theirs first.
    private func discardChildren(of parent: UnsafeMutablePointer<FiberState>) {
        while let child = fibers.first(where: { $0.pointee.parent == parent }) {
            discardChildren(of: child)
            discard(child)
        }
        if let join = joins.removeValue(forKey: parent.pointee.number) { release(join) }
    }

    /// Starts the next call that a fiber waits for; where all are, or one has failed, nothing.
    private func startNext(of parent: UnsafeMutablePointer<FiberState>) throws(DanaError) {
        guard let join = joins[parent.pointee.number], join.failure == nil, join.started < join.calls.count else {
            return
        }
        guard hasRoom(inside: parent) else { throw .limit(.depth) }
        let child = try makeFiber()
        do throws(DanaError) {
            try pushFirst(try callerCode(), function: .null, purpose: .bottom, child)
            let call = try join.calls.call(join.started, heap)
            child.pointee.frame.pointee.base[0] = call.function
            child.pointee.frame.pointee.base[1] = call.arguments
            child.pointee.frame.pointee.base[2] = call.keywords
        } catch {
            discard(child)
            throw error
        }
        child.pointee.parent = parent
        child.pointee.entry = parent.pointee.entry
        child.pointee.childNumber = join.started
        joins[parent.pointee.number]?.started += 1
        joins[parent.pointee.number]?.running += 1
    }

    /// Fibers that are alive together, unless each has begun a join of its own.
    private static let mostFibers = 1000

    /// Whether joins are nested less deep than calls may be.
    private func hasRoom(inside parent: UnsafeMutablePointer<FiberState>) -> Bool {
        var levels = 1
        var outer = parent
        while let next = outer.pointee.parent {
            levels += 1
            outer = next
        }
        return levels < min(limits.depth, Machine.mostFibers)
    }

    /// A child fiber ended, with its result or with an error. The first error cancels the other children, whose
    /// cleanup runs; when the last one has ended, the parent goes on. The error that ends the program, or nil.
    func childEnded(_ child: UnsafeMutablePointer<FiberState>, _ error: DanaError?) -> DanaError? {
        guard let parent = child.pointee.parent, var join = joins[parent.pointee.number] else { return error }
        if error == nil {
            ListObject(known: join.results)[unchecked: child.pointee.childNumber] = child.pointee.result
            child.pointee.result = .undefined
        }
        discard(child)
        join.running -= 1
        joins[parent.pointee.number] = join
        if let error {
            fail(parent, error)
        } else {
            do throws(DanaError) {
                try startNext(of: parent)
            } catch {
                if case .limit = error {
                    limitPlaces = places(of: parent)
                    return error
                }
                fail(parent, error)
            }
        }
        guard let join = joins[parent.pointee.number], join.running == 0 else { return nil }
        joins[parent.pointee.number] = nil
        parent.pointee.status = .ready
        join.calls.release(heap)
        guard let failure = join.failure else {
            deliver(join.results, parent)
            return nil
        }
        heap.release(join.results)
        guard let uncaught = unwind(failure, parent) else { return nil }
        return parent.pointee.parent == nil ? uncaught : childEnded(parent, uncaught)
    }

    /// Notes what a join failed with, unless it failed before, and cancels the children that still run.
    private func fail(_ parent: UnsafeMutablePointer<FiberState>, _ error: DanaError) {
        guard var join = joins[parent.pointee.number] else { return heap.discard(error) }
        if join.failure != nil { return heap.discard(error) }
        join.failure = error
        joins[parent.pointee.number] = join
        for child in fibers where child.pointee.parent == parent { interrupt(child) }
    }

    /// Cancels a fiber: `finally` and `with` run, and then it has failed.
    func interrupt(_ fiber: UnsafeMutablePointer<FiberState>) {
        if fiber.pointee.isInterrupted { return }
        fiber.pointee.isInterrupted = true
        switch fiber.pointee.status {
        case .failed, .finished: return
        case .joining: return fail(fiber, .cancelled)
        case .waiting(let identifier): forgetCall(identifier)
        case .ready: if fiber.pointee.standsBefore { fiber.pointee.frame.pointee.pc += 1 }
        }
        fiber.pointee.status = .ready
        noteCancelled(fiber)
        let error = heap.error(.cancelledError, "the run was cancelled")
        if let failure = unwind(error, fiber) { fiber.pointee.status = .failed(failure) }
    }

    /// Notes where a fiber stands whose entry is cancelled; the first one is where that was. Nothing where another fiber's
    /// failure ends this one.
    func noteCancelled(_ fiber: UnsafeMutablePointer<FiberState>) {
        let entry = fiber.pointee.entry
        guard cancelledPlaces[entry] == nil, entryReasons[entry] != nil || cancellation.isCancelled else { return }
        cancelledPlaces[entry] = places(of: fiber)
    }

    /// Cancels every fiber but the one that noticed the cancellation itself; joining ones follow their children.
    func cancelFibers() {
        isCancelling = true
        heap.state.pointee.meter.cleanupBegins()
        for fiber in fibers where fiber.pointee.number != cancelledFiber {
            if case .joining = fiber.pointee.status { continue }
            interrupt(fiber)
        }
    }

    /// Cancels the fibers of one entry, which have their own bounded ticks to clean up.
    func cancel(_ entry: Int, reason: String) {
        if isCancelling || entryReasons[entry] != nil { return }
        entryReasons[entry] = reason
        heap.state.pointee.meter.cleanupBegins()
        for fiber in fibers where fiber.pointee.entry == entry {
            if case .joining = fiber.pointee.status { continue }
            interrupt(fiber)
        }
    }

    // MARK: What built-ins ask of the machine

    /// The machine's own built-ins; `slots` hold the bound arguments, which the caller releases afterwards.
    func perform(
        _ action: MachineAction, _ slots: UnsafeMutablePointer<Value>, _ registers: Range<Int>,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        switch action {
        case .parallel:
            let calls = SideCalls(
                functions: TupleObject(known: heap.retained(slots[0])), arguments: heap.retained(heap.emptyTuple),
                keywords: .undefined)
            clear(registers, fiber)
            return try join(calls, limit: .max, fiber)
        case .parallelMap: return try parallelMap(slots, registers, fiber)
        case .fanOut:
            clear(registers, fiber)
            return try fanOut(slots[0], slots[1], keywords: slots[2], fiber)
        case .generatorSend:
            return try advance(slots[0], sent: slots[1], fallback: .undefined, registers, fiber)
        case .next: return try advance(slots[0], sent: .null, fallback: slots[1], registers, fiber)
        case .generatorThrow:
            let exception = heap.owned(try thrown(slots[1], made: slots[2]))
            return try interrupt(slots[0], with: exception.value, purpose: .advance, registers, fiber)
        case .generatorClose: return try interrupt(slots[0], with: .undefined, purpose: .close, registers, fiber)
        }
    }

    /// `parallel_map(function, items, limit)`.
    private func parallelMap(
        _ slots: UnsafeMutablePointer<Value>, _ registers: Range<Int>, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        let limit = try sideLimit(slots[2])
        guard let items = try heap.tuple(of: slots[1]) else { throw heap.notIterable(slots[1]) }
        let calls = SideCalls(function: heap.retained(slots[0]), items: items)
        clear(registers, fiber)
        return try join(calls, limit: limit, fiber)
    }

    /// How many calls an argument lets run side by side.
    private func sideLimit(_ value: Value) throws(DanaError) -> Int {
        if value.isNull || value.isUndefined { return .max }
        let isNegative = BigIntObject(value)?.isNegative
        guard value.isSmallInteger || isNegative != nil else {
            throw heap.typeError("parallel_map() expects an int or None at argument 'limit', got \(value.typeName)")
        }
        let limit = isNegative.map { $0 ? 0 : Int.max } ?? value.smallInteger
        guard limit > 0 else { throw heap.valueError("parallel_map() expects at least 1 at argument 'limit'") }
        return limit
    }

    /// The next item of a generator or an iterator.
    private func advance(
        _ value: Value, sent: Value, fallback: Value, _ registers: Range<Int>,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        let kept = Owned(retaining: fallback, heap: heap)
        if let generator = GeneratorObject(value) {
            if generator.state == .fresh && !sent.isNull {
                throw heap.typeError("can't send non-None value to a just-started generator")
            }
            clear(registers, fiber)
            if try resume(generator, sent: heap.retained(sent), purpose: .advance, fiber) {
                fiber.pointee.frame.pointee.payload = kept.take()
                return .goOn
            }
        } else if let iterator = IteratorObject(value) {
            if let item = try heap.next(of: iterator) {
                clear(registers, fiber)
                deliver(item, fiber)
                return .goOn
            }
            clear(registers, fiber)
        } else if value.isObject(.hostHandle) {
            throw .handle
        } else {
            throw heap.typeError("'\(value.typeName)' object is not an iterator")
        }
        if kept.value.isUndefined { throw try stopIteration(with: .null) }
        deliver(kept.take(), fiber)
        return .goOn
    }

    /// `throw` and `close` of a generator: the exception appears at the `yield` where it stands.
    func interrupt(
        _ value: Value, with thrown: Value, purpose: Frame.Purpose, _ registers: Range<Int>,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        guard let generator = GeneratorObject(value) else {
            throw heap.typeError("'\(value.typeName)' object is not a generator")
        }
        var slot = thrown
        let error: DanaError =
            thrown.isUndefined
            ? heap.error(.generatorExit) : raise(Instruction(.raise, a: 0, b: Int(Instruction.none)), &slot)
        guard case .raised(let exception) = error else { throw error }
        let held = heap.owned(exception)
        let isFresh = generator.state == .fresh
        clear(registers, fiber)
        if isFresh || generator.state == .finished {
            if isFresh { finish(generator) }
            if purpose == .close {
                deliver(.null, fiber)
                return .goOn
            }
            throw .raised(held.take())
        }
        guard try resume(generator, sent: .null, purpose: purpose, fiber) else { return .goOn }
        fiber.pointee.frame.pointee.payload = .undefined
        throw .raised(held.take())
    }

    /// Ends a generator that is not running.
    private func finish(_ generator: GeneratorObject) {
        generator.state = .finished
        for index in 0..<generator.at.pointee.count { heap.store(.undefined, in: generator.registers + index) }
        let function = generator.at.pointee.function
        generator.at.pointee.function = .null
        heap.release(function)
    }
}
