/// What the host begins: programs and calls, each an entry with fibers of its own. While one waits for the host, the
/// host may begin another, which is run to its end before the first goes on.
extension Machine {
    /// Prepares to run a module's code: the entry's number.
    func begin(_ code: Code, module name: String) throws(ProgramError) -> Int {
        try entry { () throws(DanaError) in
            let fiber = try makeFiber()
            do throws(DanaError) {
                try runModule(code, name: name, purpose: .bottom, fiber)
            } catch {
                discard(fiber)
                throw error
            }
            return fiber
        }
    }

    /// Prepares to run code as a module that imports find; it comes to the module, or to null.
    func begin(importing code: Code, module name: String, gives: Bool) throws(ProgramError) -> Int {
        try entry { () throws(DanaError) in
            let fiber = try makeFiber()
            do throws(DanaError) {
                try runModule(code, name: name, purpose: .imported, fiber)
                fiber.pointee.frame.pointee.detail = gives ? 1 : 0
            } catch {
                discard(fiber)
                throw error
            }
            return fiber
        }
    }

    /// Prepares to call something with borrowed arguments, the last of which have the names of `keywords`.
    func begin(
        calling callee: Value, _ arguments: UnsafeBufferPointer<Value>, keywords: [String]
    ) throws(ProgramError) -> Int {
        try entry { () throws(DanaError) in
            if keywords.isEmpty, let function = FunctionObject(callee), !function.code.pointee.isGenerator {
                return try call(function, arguments)
            }
            let positional = arguments.count - keywords.count
            let tuple = heap.owned(try argumentTuple(arguments[..<positional]))
            var named = heap.owned(.undefined)
            if !keywords.isEmpty {
                let dict = try heap.dict()
                named = heap.owned(dict.value)
                for (index, keyword) in keywords.enumerated() {
                    let name = heap.retained(try heap.name(keyword))
                    try heap.set(name, to: heap.retained(arguments[positional + index]), in: dict)
                }
            }
            return try call(callee, tuple.take(), keywords: named.take())
        }
    }

    /// Begins something outside a run.
    func entry(
        _ make: () throws(DanaError) -> UnsafeMutablePointer<FiberState>
    ) throws(ProgramError) -> Int {
        if let exhausted { throw exhausted }
        if fibers.isEmpty {
            isCancelling = false
            cancelledFiber = nil
            heap.state.pointee.meter.entryBegins()
        }
        do throws(DanaError) {
            guard fibers.isEmpty || Set(fibers.map(\.pointee.entry)).count < limits.nesting else {
                throw heap.error(.recursionError, "calls between the program and its host are nested too deeply")
            }
            if NativeStack.isUsedUp {
                throw heap.error(
                    .recursionError, "the stack of this thread is used up by calls of programs and their host")
            }
            return try make().pointee.entry
        } catch {
            throw programError(error)
        }
    }

    /// A call of a Dana function with borrowed positional arguments.
    private func call(
        _ function: FunctionObject, _ arguments: UnsafeBufferPointer<Value>
    ) throws(DanaError) -> UnsafeMutablePointer<FiberState> {
        let fiber = try makeFiber()
        do throws(DanaError) {
            heap.retain(function.value)
            do throws(DanaError) {
                try pushFirst(function.code, function: function.value, purpose: .bottom, fiber)
            } catch {
                heap.release(function.value)
                throw error
            }
            // Safe because `bind` only reads the arguments.
            let start = UnsafeMutablePointer(mutating: arguments.baseAddress) ?? fiber.pointee.registers
            let given = CallArguments(
                start: start, count: arguments.count, keywords: nil, origin: .registers(first: 0, isDirect: false))
            try bind(given, to: function, fiber.pointee.frame.pointee.base)
        } catch {
            discard(fiber)
            throw error
        }
        return fiber
    }

    /// A call of anything with a tuple and a dict or undefined, whose references are taken over.
    func call(
        _ callee: Value, _ arguments: Value, keywords: Value
    ) throws(DanaError) -> UnsafeMutablePointer<FiberState> {
        let arguments = heap.owned(arguments)
        let keywords = heap.owned(keywords)
        let fiber = try makeFiber()
        do throws(DanaError) {
            try pushFirst(try callerCode(), function: .null, purpose: .bottom, fiber)
        } catch {
            discard(fiber)
            throw error
        }
        fiber.pointee.registers[0] = heap.retained(callee)
        fiber.pointee.registers[1] = arguments.take()
        fiber.pointee.registers[2] = keywords.take()
        return fiber
    }

    /// A tuple of borrowed values, owned.
    func argumentTuple(_ arguments: some Collection<Value>) throws(DanaError) -> Value {
        let tuple = try heap.tuple(count: arguments.count)
        for (index, argument) in arguments.enumerated() { tuple.start[index] = heap.retained(argument) }
        return tuple.value
    }

    /// A module's variable, borrowed; nil when there is no such module or variable.
    func variable(_ name: String, module: String) throws(DanaError) -> Value? {
        guard let module = modules[module], let slot = try heap.existingSlot(try heap.name(name), of: module),
            !slot.pointee.value.isUndefined
        else { return nil }
        return slot.pointee.value
    }
}
