/// Calling built-ins whose arguments need binding, draining, or the machine itself.
extension Machine {
    func callNative(
        _ native: UnsafePointer<LinkedNative>, _ arguments: CallArguments, _ registers: Range<Int>,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        if native.pointee.drains, try drainFirst(native, arguments, fiber) { return .goOn }
        // Above the frame's window all registers are undefined, and there is room for a built-in's arguments.
        let slots = fiber.pointee.frame.pointee.top
        defer { for index in 0..<native.pointee.parameterCount { heap.store(.undefined, in: slots + index) } }
        try bind(arguments, to: native, slots)
        let result: Value
        do throws(DanaError) {
            if let action = native.pointee.action { return try perform(action, slots, registers, fiber) }
            result = try LinkedNative.run(native, slots, heap)
        } catch {
            return try askHost(about: native, insteadOf: error, arguments, registers, fiber)
        }
        clear(registers, fiber)
        deliver(result, fiber)
        return .goOn
    }

    private func bind(
        _ arguments: CallArguments, to native: UnsafePointer<LinkedNative>, _ slots: UnsafeMutablePointer<Value>
    ) throws(DanaError) {
        let (least, most) = (native.pointee.leastCount, native.pointee.parameterCount)
        if least >= 0, arguments.keywords == nil, arguments.count >= least, arguments.count <= most {
            for index in 0..<arguments.count { slots[index] = heap.retained(arguments.start[index]) }
            for index in arguments.count..<most { slots[index] = native.pointee.defaults[index] }
            return
        }
        let parameters = native.pointee.function.parameters
        var next = 0
        let given = arguments.positionalCount
        for (index, parameter) in parameters.enumerated() {
            switch parameter.kind {
            case .positional, .either:
                if next < given {
                    slots[index] = heap.retained(arguments.start[next])
                    next += 1
                }
            case .rest:
                let rest = UnsafeBufferPointer(start: arguments.start + next, count: given - next)
                slots[index] = try heap.tuple(copying: rest).value
                next = given
            case .keyword: break
            case .keywordRest: slots[index] = try heap.dict().value
            }
        }
        if next < given {
            throw tooMany(native.pointee.function, given: given)
        }
        if let keywords = arguments.keywords {
            for index in 0..<keywords.pointee.count {
                try bind(keywords.pointee.names[index], arguments.start[given + index], native, slots)
            }
        }
        for (index, parameter) in parameters.enumerated() where slots[index].isUndefined {
            slots[index] = native.pointee.defaults[index]
            if case .required = parameter.default, parameter.kind != .rest, parameter.kind != .keywordRest {
                throw heap.typeError("\(native.pointee.function.name)() needs argument '\(parameter.name)'")
            }
        }
    }

    /// The receiver of a method is none of the arguments that a program gives.
    private func tooMany(_ function: NativeFunction, given: Int) -> DanaError {
        let receivers = function.hasReceiver ? 1 : 0
        let most = function.parameters.count { $0.kind == .positional || $0.kind == .either } - receivers
        return heap.typeError(
            "\(function.name)() takes \(most == 0 ? "no" : "at most \(most)") positional "
                + "argument\(most == 1 ? "" : "s"), got \(given - receivers)")
    }

    private func bind(
        _ name: Value, _ value: Value, _ native: UnsafePointer<LinkedNative>, _ slots: UnsafeMutablePointer<Value>
    ) throws(DanaError) {
        let text = text(name)
        let parameters = native.pointee.function.parameters
        if let index = parameters.firstIndex(where: { $0.name == text && ($0.kind == .either || $0.kind == .keyword) })
        {
            guard slots[index].isUndefined else {
                throw heap.typeError("\(native.pointee.function.name)() got multiple values for argument '\(text)'")
            }
            slots[index] = heap.retained(value)
        } else if let index = parameters.firstIndex(where: { $0.kind == .keywordRest }) {
            try heap.set(heap.retained(name), to: heap.retained(value), in: DictObject(known: slots[index]))
        } else {
            throw heap.typeError("\(native.pointee.function.name)() got an unexpected keyword argument '\(text)'")
        }
    }

    /// Begins to drain the first generator among the arguments that the built-in wants as items; false when there is
    /// none. The calling instruction runs again when the list is there.
    private func drainFirst(
        _ native: UnsafePointer<LinkedNative>, _ arguments: CallArguments, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> Bool {
        for index in 0..<arguments.count where arguments.start[index].isObject(.generator) {
            guard drains(native, index, arguments) else { continue }
            let generator = GeneratorObject(known: arguments.start[index])
            switch arguments.origin {
            case .registers(let first, _): try drain(generator, into: .register(first + index), fiber)
            case .list(let register, let prefix):
                try makeListUnique(in: register, fiber)
                try drain(generator, into: .listItem(index - prefix), fiber)
            }
            return true
        }
        return false
    }

    /// Whether a built-in wants the argument with this number as items.
    func drains(_ native: UnsafePointer<LinkedNative>, _ index: Int, _ arguments: CallArguments) -> Bool {
        let parameters = native.pointee.function.parameters
        let given = arguments.positionalCount
        if index >= given, let keywords = arguments.keywords {
            let name = text(keywords.pointee.names[index - given])
            return parameters.first { $0.name == name }?.drains ?? false
        }
        if index < parameters.count && parameters[index].kind != .rest { return parameters[index].drains }
        return parameters.first { $0.kind == .rest }?.drains ?? false
    }

    /// Makes sure that the positional arguments of a `callSpread` are a list of this call's own.
    func makeListUnique(in register: Int, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) {
        let place = fiber.pointee.frame.pointee.base + register
        let value = place.pointee
        if value.isObject(.list) && value.object.pointee.count == 1 { return }
        let items = value.isObject(.list) ? ListObject(known: value).items : TupleObject(known: value).items
        heap.store(try heap.list(copying: items).value, in: place)
    }
}
