/// Starting programs and running fibers in turn.
extension Machine {
    func start(_ code: Code, module name: String) throws(ProgramError) {
        clearFibers()
        try guarded { () throws(DanaError) in
            try runModule(code, name: name, purpose: .bottom, try makeFiber())
        }
    }

    /// Prepares to call a module's function with borrowed arguments.
    func start(function name: String, module: String, arguments: [Value]) throws(ProgramError) {
        clearFibers()
        try guarded { () throws(DanaError) in
            guard let found = modules[module], let slot = try heap.existingSlot(try heap.name(name), of: found),
                !slot.pointee.value.isUndefined
            else { throw heap.error(.nameError, "module '\(module)' has no function '\(name)'") }
            let tuple = try heap.tuple(count: arguments.count)
            let held = heap.owned(tuple.value)
            for (index, argument) in arguments.enumerated() { tuple.start[index] = heap.retained(argument) }
            let fiber = try makeFiber()
            try pushFirst(callerCode, function: .null, purpose: .bottom, fiber)
            fiber.pointee.registers[0] = heap.retained(slot.pointee.value)
            fiber.pointee.registers[1] = held.take()
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

    func run(slice: Int) -> Outcome {
        heap.state.pointee.meter.runBegins(slice: slice)
        defer { heap.state.pointee.meter.runEnds() }
        if cancellation.isCancelled && !isCancelling { cancelFibers() }
        while let fiber = fibers.first(where: { $0.pointee.isRunnable }) {
            let exit: LoopExit
            if case .failed(let error) = fiber.pointee.status {
                exit = .failed(error)
            } else {
                fiber.pointee.standsBefore = false
                exit = execute(fiber)
            }
            switch exit {
            case .sliceOver:
                fiber.pointee.standsBefore = true
                return .sliceOver
            case .suspended: break
            case .finished:
                fiber.pointee.status = .finished
                if fiber.pointee.parent == nil {
                    heap.store(fiber.pointee.result, in: resultPlace)
                    fiber.pointee.result = .undefined
                    clearFibers()
                    return .finished
                }
                if let failure = childEnded(fiber, nil) { return end(failure) }
            case .failed(let error):
                if case .limit = error { return end(error) }
                if let failure = childEnded(fiber, error) { return end(failure) }
            }
            if cancelledFiber != nil && !isCancelling { cancelFibers() }
        }
        if fibers.isEmpty { return .finished }
        return .waiting(pending.calls)
    }

    /// The program ended with an error.
    private func end(_ error: DanaError) -> Outcome {
        let failure = programError(error)
        clearFibers()
        return .failed(failure)
    }

    // MARK: Fibers

    func makeFiber(isCounted: Bool = true) throws(DanaError) -> UnsafeMutablePointer<FiberState> {
        let state = try FiberState(number: nextFiber, heap: heap)
        if isCounted { nextFiber += 1 }
        let fiber = UnsafeMutablePointer<FiberState>.allocate(capacity: 1)
        fiber.initialize(to: state)
        fibers.append(fiber)
        return fiber
    }

    /// Ends a fiber wherever it stands.
    func discard(_ fiber: UnsafeMutablePointer<FiberState>) {
        while fiber.pointee.frameCount > 0 { pop(fiber) }
        if case .waiting(let identifier) = fiber.pointee.status { forgetCall(identifier) }
        heap.release(fiber.pointee.result)
        if let join = joins.removeValue(forKey: fiber.pointee.number) { release(join) }
        fibers.removeAll { $0 == fiber }
        fiber.pointee.end(heap: heap)
        fiber.deallocate()
    }

    func clearFibers() {
        while let fiber = fibers.last { discard(fiber) }
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
