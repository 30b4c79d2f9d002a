/// What a program declares of the value for which a fiber waits: found in the instructions behind the call, so that a
/// call without a declaration pays nothing for it.
extension Machine {
    /// The type declared for the value of a host call, borrowed until the call is answered; nil when none is.
    func expectedType(of identifier: HostCall.Identifier) -> Value? {
        guard let slot = pending.find(identifier), let fiber = slot.pointee.fiber, slot.pointee.replaced == nil else {
            return nil
        }
        if case .module = slot.pointee.request { return nil }
        if !slot.pointee.expected.isUndefined { return slot.pointee.expected }
        guard let expected = expectedType(of: fiber) else { return nil }
        slot.pointee.expected = expected
        return expected
    }

    /// The type of the items where a type is that of a list, or names one, owned; nil for a type of which no list is.
    func itemType(ofList type: Value) throws(DanaError) -> Value? {
        var types = DeclaredTypes(self)
        guard let declared = try? types.read(type), let item = declared.listItem else { return nil }
        return try value(of: item)
    }

    /// How many instructions a value is followed through.
    private static let farthest = 100

    /// The type, owned.
    private func expectedType(of fiber: UnsafeMutablePointer<FiberState>) -> Value? {
        var number = fiber.pointee.frameCount - 1
        guard number >= 0, isDelivered(fiber.pointee.frames[number].pc[-1]) else { return nil }
        var left = Machine.farthest
        while number >= 0 {
            let frame = fiber.pointee.frames + number
            switch declaration(in: frame, &left) {
            case .none: return nil
            case .type(let type): return type.isIdentical(to: .true) ? nil : heap.retained(type)
            case .result:
                guard !frame.pointee.code.pointee.isGenerator else { return nil }
                if let declared = declaredResult(of: frame.pointee.code) { return declared }
                // What a pipe's own function gives is the value of the pipe.
                let name = frame.pointee.code.pointee.code.takeUnretainedValue().parts.name
                guard name == Code.pipeName, frame.pointee.purpose == .call else { return nil }
                number -= 1
            }
        }
        return nil
    }

    /// Whether what the host answers is put into R[A].
    private func isDelivered(_ instruction: Instruction) -> Bool {
        let i = Fusion.first(of: instruction)
        switch i.opcode {
        case .call, .callKeywords, .callSpread, .callMethod, .callMethodKeywords, .pipe, .getAttribute, .getItem,
            .getItemInteger:
            return true
        default: return i.opcode.binaryOperator != nil || i.opcode.unaryOperator != nil
        }
    }

    private enum Declaration {
        case none
        /// Borrowed from a register.
        case type(Value)
        /// The value is what the frame's function gives.
        case result
    }

    /// What becomes of the result of the instruction before the frame's position: it is moved and stored, until its
    /// type is checked or it is returned.
    private func declaration(in frame: UnsafeMutablePointer<Frame>, _ left: inout Int) -> Declaration {
        let code = frame.pointee.code.pointee
        let first = UnsafePointer(code.instructions)
        var index = frame.pointee.pc - first
        guard index > 0 else { return .none }
        var register = first[index - 1].a
        while index >= 0, index < code.instructionCount, left > 0 {
            let i = first[index]
            left -= 1
            index += 1
            switch i.opcode {
            case .checkType:
                guard i.a == register else { return .none }
                switch CheckedPlace(rawValue: UInt8(truncatingIfNeeded: i.x)) {
                case .variable, .result: return .type(frame.pointee.base[i.b])
                case .told: return .result
                case .argument, nil: return .none
                }
            case .stageFunction:
                // A value that is no function stays what the declared pipe has.
                guard i.b == register, index < code.instructionCount, first[index].opcode == .jumpIfNull else {
                    return .none
                }
                index += first[index].wide + 1
            case .return: return i.a == register ? .result : .none
            case .jump: index += i.wide
            case .take:
                if i.b == register { register = i.a } else if i.a == register { return .none }
            case .move: if i.a == register { return .none }
            case .closeIteration: if i.a == register { return .none }
            case .setCell, .setGlobal, .setScope, .setCapture: break
            default: return .none
            }
        }
        return .none
    }

    /// The type that a function declares for its result, owned; nil when there is none that can be read.
    private func declaredResult(of code: UnsafeMutablePointer<LinkedCode>) -> Value? {
        let parts = code.pointee.code.takeUnretainedValue().parts
        guard let text = parts.annotations["return"] else { return nil }
        var types = DeclaredTypes(self)
        let reader = AnnotationReader(self, module: code.pointee.module, hidden: parts.hiddenTypes)
        guard let type = try? reader.read(text, &types) else { return nil }
        do throws(DanaError) {
            let value = try value(of: type)
            if !value.isIdentical(to: .true) { return value }
        } catch {
            heap.discard(error)
        }
        return nil
    }

    /// A type as `Heap.conforms` takes it, owned.
    private func value(of type: DeclaredType) throws(DanaError) -> Value {
        switch type {
        case .anything: .true
        case .null: .null
        case .bool: heap.retained(try heap.type(.bool))
        case .int: heap.retained(try heap.type(.int))
        case .float: heap.retained(try heap.type(.float))
        case .string: heap.retained(try heap.type(.string))
        case .list(let item): try container(.list, [item])
        case .set(let item, let isFrozen): try container(isFrozen ? .frozenSet : .set, [item])
        case .tuple(let items): try container(.tuple, items)
        case .row(let item): try container(.tuple, [item], isOpen: true)
        case .dict(let key, let value): try container(.dict, [key, value])
        case .union(let parts):
            try filled(parts.count) { index throws(DanaError) in try value(of: parts[index]) }
        case .structure(let type): heap.retained(type.value)
        case .enumeration(let type): heap.retained(type.value)
        case .other(let type, _): heap.retained(type)
        }
    }

    private func container(_ base: BuiltInType, _ types: [DeclaredType], isOpen: Bool = false) throws(DanaError)
        -> Value
    {
        let list = try heap.list(capacity: types.count + 2)
        let held = heap.owned(list.value)
        try heap.append(heap.retained(try heap.type(base)), to: list)
        try heap.append(Value(small: isOpen ? -1 : types.count), to: list)
        for type in types { try heap.append(try value(of: type), to: list) }
        return held.take()
    }

    private func filled(_ count: Int, _ item: (Int) throws(DanaError) -> Value) throws(DanaError) -> Value {
        let tuple = try heap.tuple(count: count)
        tuple.start.initialize(repeating: .null, count: count)
        let held = heap.owned(tuple.value)
        for index in 0..<count { tuple.start[index] = try item(index) }
        return held.take()
    }
}
