/// Starting programs and running fibers in turn.
extension Machine {
    /// Prepares a program, in the place of whatever ran before.
    func start(_ code: Code, module name: String) throws(ProgramError) {
        clearFibers()
        mainEntry = try begin(code, module: name)
    }

    /// Prepares to call a module's function with borrowed arguments, in the place of whatever ran before.
    func start(function name: String, module: String, arguments: [Value]) throws(ProgramError) {
        clearFibers()
        mainEntry = try entry { () throws(DanaError) in
            guard let function = try variable(name, module: module) else {
                throw heap.error(.nameError, "module '\(module)' has no function '\(name)'")
            }
            return try call(function, try argumentTuple(arguments), keywords: .undefined)
        }
    }

    /// Does something outside a run; an error ends all fibers.
    func guarded(_ deed: () throws(DanaError) -> Void) throws(ProgramError) {
        do throws(DanaError) {
            try deed()
        } catch {
            clearFibers()
            throw programError(error)
        }
    }

    /// Runs the fibers of one entry.
    func run(_ entry: Int, slice: Int) -> Outcome {
        if let exhausted { return .failed(exhausted) }
        heap.state.pointee.meter.runBegins(slice: slice)
        defer { heap.state.pointee.meter.runEnds() }
        // What takes no tick looks at no clock, and what the host did before this took its time, too.
        let isWatched = heap.state.pointee.meter.watchesTime || heap.state.pointee.meter.hasUsedTime
        if isWatched, let limit = heap.state.pointee.meter.passedLimit { return end(entry, .limit(limit)) }
        if cancellation.isCancelled && !isCancelling { cancelFibers() }
        while let fiber = fibers.first(where: { $0.pointee.isRunnable && $0.pointee.entry == entry }) {
            let exit: LoopExit
            if case .failed(let error) = fiber.pointee.status {
                // From here on the error is the exit's.
                fiber.pointee.status = .finished
                exit = .failed(error)
            } else {
                fiber.pointee.standsBefore = false
                exit = execute(fiber)
            }
            switch exit {
            case .sliceOver:
                fiber.pointee.standsBefore = true
                if heap.state.pointee.abandoned.isEmpty { return .sliceOver }
                if let failure = closeAbandoned(fiber) { fiber.pointee.status = .failed(failure) }
            case .suspended: break
            case .finished:
                fiber.pointee.status = .finished
                if fiber.pointee.parent == nil {
                    heap.store(fiber.pointee.result, in: resultPlace)
                    fiber.pointee.result = .undefined
                    clearFibers(of: entry)
                    heap.destroyAllDead()
                    return .finished
                }
                if let failure = childEnded(fiber, nil) { return end(entry, failure) }
            case .failed(let error):
                if case .limit = error { return end(entry, error) }
                if let failure = childEnded(fiber, error) { return end(entry, failure) }
            }
            if cancelledFiber != nil && !isCancelling { cancelFibers() }
        }
        let calls = pending.calls(of: entry)
        // While all wait no tick looks at the clock.
        if !calls.isEmpty, heap.state.pointee.meter.watchesTime, let limit = heap.state.pointee.meter.passedLimit {
            return end(entry, .limit(limit))
        }
        heap.destroyAllDead()
        return calls.isEmpty ? .finished : .waiting(calls)
    }

    /// An entry ended with an error. A limit that is used up ends every entry.
    private func end(_ entry: Int, _ error: DanaError) -> Outcome {
        let failure = programError(error, ofEntry: entry)
        if case .limit = error {
            exhausted = failure
            for fiber in fibers.reversed() { noteOpenManagers(of: fiber, endedBy: nil) }
            clearFibers()
        } else {
            clearFibers(of: entry)
        }
        return .failed(failure)
    }

    // MARK: Fibers

    func makeFiber(isCounted: Bool = true) throws(DanaError) -> UnsafeMutablePointer<FiberState> {
        let fiber: UnsafeMutablePointer<FiberState>
        if let spare = spareFiber {
            spareFiber = nil
            fiber = spare
            fiber.pointee.begin(number: nextFiber)
        } else {
            let state = try FiberState(number: nextFiber, heap: heap)
            fiber = .reserved(1)
            fiber.initialize(to: state)
        }
        if isCounted { nextFiber += 1 }
        fiber.pointee.entry = isCounted ? fiber.pointee.number : -1
        fibers.append(fiber)
        return fiber
    }

    /// Ends a fiber wherever it stands.
    func discard(_ fiber: UnsafeMutablePointer<FiberState>) {
        while fiber.pointee.frameCount > 0 { pop(fiber) }
        switch fiber.pointee.status {
        case .waiting(let identifier): forgetCall(identifier)
        case .failed(let error): heap.discard(error)
        default: break
        }
        heap.release(fiber.pointee.result)
        if !joins.isEmpty, let join = joins.removeValue(forKey: fiber.pointee.number) { release(join) }
        // Of many side by side the first ones end first.
        if let place = fibers.firstIndex(of: fiber) { fibers.remove(at: place) }
        if spareFiber == nil && fiber.pointee.isSmall {
            spareFiber = fiber
        } else {
            free(fiber)
        }
    }

    /// Gives back the memory of a fiber that has ended.
    func free(_ fiber: UnsafeMutablePointer<FiberState>) {
        fiber.pointee.end(heap: heap)
        fiber.deallocate()
    }

    func clearFibers() {
        cancelledPlaces = [:]
        while let fiber = fibers.last { discard(fiber) }
    }

    /// Ends all fibers of an entry.
    func clearFibers(of entry: Int) {
        if !cancelledPlaces.isEmpty { cancelledPlaces[entry] = nil }
        if !entryReasons.isEmpty, entryReasons.removeValue(forKey: entry) != nil, entryReasons.isEmpty, !isCancelling {
            heap.state.pointee.meter.cleanupEnds()
        }
        while let fiber = fibers.last(where: { $0.pointee.entry == entry }) { discard(fiber) }
    }

    /// Pushes the first frame of a fiber; its base stands at the fiber's first register.
    func pushFirst(
        _ code: UnsafeMutablePointer<LinkedCode>, function: Value, purpose: Frame.Purpose,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        let count = code.pointee.registerCount
        if fiber.pointee.registerEnd - fiber.pointee.registers < count + FiberState.scratchCount {
            try fiber.pointee.growRegisters(
                above: fiber.pointee.registers, count: count + FiberState.scratchCount, heap: heap)
        }
        let base = fiber.pointee.registers
        fiber.pointee.frame += 1
        fiber.pointee.frame.initialize(
            to: Frame(
                code: code, pc: UnsafePointer(code.pointee.instructions), base: base, top: base + count,
                function: function, generator: .null, payload: .null, purpose: purpose, detail: 0))
    }
}
