/// Why the loop came back.
enum LoopExit {
    /// The fiber ended, with a result or with an error.
    case finished
    case failed(DanaError)
    /// The fiber waits for the host or for other fibers.
    case suspended
    case sliceOver
}

/// What an instruction outside the loop asks the loop to do.
enum AfterStep {
    /// Go on with the top frame.
    case goOn
    case suspend
    case finish
    /// The frames stand where the slice ended.
    case sliceOver
}

extension Value {
    /// Both are small integers.
    @inline(__always) static func areSmall(_ left: Value, _ right: Value) -> Bool { left.bits & right.bits & 1 != 0 }

    /// Both are floats held in themselves.
    @inline(__always) static func areInlineFloats(_ left: Value, _ right: Value) -> Bool {
        left.bits & 3 == 2 && right.bits & 3 == 2
    }

    /// The tagged bits as a signed number, in the order of the integers they stand for.
    @inline(__always) fileprivate var signed: Int { Int(bitPattern: UInt(bits)) }

    @inline(__always) fileprivate init(signed: Int) { self.init(bits: UInt64(UInt(bitPattern: signed))) }
}

extension Machine {
    /// Runs a fiber's top frame and what it calls until the fiber ends, waits or the slice is over.
    ///
    /// The instruction pointer, the registers and the code live in local variables; frames hold them only while
    /// another frame runs or a step outside the loop needs them. A step that pushes or pops frames is followed by
    /// taking them up again. Ticks are counted before an instruction has any effect, so that one that ends a slice
    /// simply runs again.
    func execute(_ fiber: UnsafeMutablePointer<FiberState>) -> LoopExit {
        let heap = self.heap
        let state = heap.state
        var frame = fiber.pointee.frame
        var pc = frame.pointee.pc
        var base = frame.pointee.base
        var code = frame.pointee.code
        while true {
            do throws(DanaError) {
                while true {
                    var i = pc.pointee
                    pc += 1
                    switch i.opcode {
                    // MARK: Loads
                    case .loadConstant:
                        let value = code.pointee.constants[i.wide]
                        heap.retain(value)
                        heap.store(value, in: base + i.a)
                    case .loadInteger: heap.store(Value(small: i.wide), in: base + i.a)
                    case .loadNull: heap.store(.null, in: base + i.a)
                    case .loadTrue: heap.store(.true, in: base + i.a)
                    case .loadFalse: heap.store(.false, in: base + i.a)
                    case .clear: heap.store(.undefined, in: base + i.a)
                    case .move:
                        let value = base[i.b]
                        heap.retain(value)
                        heap.store(value, in: base + i.a)
                    case .take:
                        let value = base[i.b]
                        base[i.b] = .undefined
                        heap.store(value, in: base + i.a)
                    case .checkLocal:
                        if base[i.a].isUndefined { throw unboundLocal(code.pointee.names[i.wide]) }

                    // MARK: Variables
                    case .getGlobal:
                        let slot = code.pointee.globals[i.wide]
                        var value = slot.pointee.value
                        if value.isUndefined {
                            value = slot.pointee.fallback
                            if value.isUndefined { throw undefinedName(slot.pointee.name) }
                        }
                        heap.retain(value)
                        heap.store(value, in: base + i.a)
                    case .setGlobal:
                        let value = base[i.a]
                        heap.retain(value)
                        let slot = code.pointee.globals[i.wide]
                        let old = slot.pointee.value
                        slot.pointee.value = value
                        heap.release(old)
                    case .getCell:
                        let value = CellObject(known: base[i.b]).at.pointee.content
                        if value.isUndefined { throw unboundLocal(code.pointee.names[i.c]) }
                        heap.retain(value)
                        heap.store(value, in: base + i.a)
                    case .setCell:
                        let value = base[i.b]
                        heap.retain(value)
                        let cell = CellObject(known: base[i.a])
                        let old = cell.at.pointee.content
                        cell.at.pointee.content = value
                        heap.release(old)
                    case .getCapture:
                        let cell = CellObject(known: FunctionObject(known: frame.pointee.function).cells[i.b])
                        let value = cell.at.pointee.content
                        if value.isUndefined { throw unboundCapture(code.pointee.names[i.c]) }
                        heap.retain(value)
                        heap.store(value, in: base + i.a)
                    case .setCapture:
                        let value = base[i.b]
                        heap.retain(value)
                        let cell = CellObject(known: FunctionObject(known: frame.pointee.function).cells[i.a])
                        let old = cell.at.pointee.content
                        cell.at.pointee.content = value
                        heap.release(old)

                    // MARK: Calls
                    case .call:
                        state.pointee.meter.countdown &-= 1
                        if state.pointee.meter.countdown <= 0, try tickIsSliceEnd() {
                            frame.pointee.pc = pc - 1
                            return .sliceOver
                        }
                        let callee = base[i.a]
                        let count = i.b
                        if callee.isObject(.function) {
                            let called = FunctionObject(known: callee).code
                            if called.pointee.simpleCount == count {
                                frame.pointee.pc = pc
                                try push(called, function: callee, purpose: .call, fiber)
                                base = fiber.pointee.frame[-1].base
                                base[i.a] = .undefined
                                frame = fiber.pointee.frame
                                let source = base + (i.a &+ 1)
                                base = frame.pointee.base
                                var index = 0
                                while index < count {
                                    base[index] = source[index]
                                    source[index] = .undefined
                                    index &+= 1
                                }
                                pc = UnsafePointer(called.pointee.instructions)
                                code = called
                                continue
                            }
                        } else if let native = LinkedNative.called(by: callee) {
                            let arguments = base + (i.a &+ 1)
                            if native.pointee.takes(count),
                                !native.pointee.drains || !Machine.hasGenerator(arguments, count)
                            {
                                let result = try LinkedNative.call(native, arguments, count, heap)
                                base[i.a] = result
                                heap.release(callee)
                                var index = 0
                                while index < count {
                                    let argument = arguments[index]
                                    arguments[index] = .undefined
                                    heap.release(argument)
                                    index &+= 1
                                }
                                continue
                            }
                        }
                        frame.pointee.pc = pc
                        switch try call(i, fiber) {
                        case .goOn: break
                        case .suspend: return .suspended
                        case .finish: return .finished
                        case .sliceOver: return .sliceOver
                        }
                        frame = fiber.pointee.frame
                        pc = frame.pointee.pc
                        base = frame.pointee.base
                        code = frame.pointee.code
                    case .callMethod:
                        state.pointee.meter.countdown &-= 1
                        if state.pointee.meter.countdown <= 0, try tickIsSliceEnd() {
                            frame.pointee.pc = pc - 1
                            return .sliceOver
                        }
                        let receiver = base[i.a]
                        let site = code.pointee.sites + i.c
                        if site.pointee.found == .native {
                            let native = site.pointee.native.unsafelyUnwrapped
                            let count = i.b &+ 1
                            if native.pointee.takes(count), memberTable(of: receiver) == site.pointee.owner,
                                !native.pointee.drains || !Machine.hasGenerator(base + i.a, count)
                            {
                                let result = try LinkedNative.call(native, base + i.a, count, heap)
                                heap.store(result, in: base + i.a)
                                var index = i.a &+ 1
                                let end = index &+ i.b
                                while index < end {
                                    let argument = base[index]
                                    base[index] = .undefined
                                    heap.release(argument)
                                    index &+= 1
                                }
                                continue
                            }
                        } else if site.pointee.found == .method, receiver.isObject(.structure) {
                            let type = StructObject(known: receiver).type
                            if UnsafeMutableRawPointer(type.at) == site.pointee.owner,
                                type.at.pointee.version == site.pointee.version
                            {
                                let function = site.pointee.function
                                let called = FunctionObject(known: function).code
                                let count = i.b &+ 1
                                if called.pointee.simpleCount == count {
                                    frame.pointee.pc = pc
                                    try push(called, function: function, purpose: .call, fiber)
                                    heap.retain(function)
                                    frame = fiber.pointee.frame
                                    let source = frame[-1].base + i.a
                                    base = frame.pointee.base
                                    var index = 0
                                    while index < count {
                                        base[index] = source[index]
                                        source[index] = .undefined
                                        index &+= 1
                                    }
                                    pc = UnsafePointer(called.pointee.instructions)
                                    code = called
                                    continue
                                }
                            }
                        }
                        frame.pointee.pc = pc
                        switch try callMethod(i, fiber) {
                        case .goOn: break
                        case .suspend: return .suspended
                        case .finish: return .finished
                        case .sliceOver: return .sliceOver
                        }
                        frame = fiber.pointee.frame
                        pc = frame.pointee.pc
                        base = frame.pointee.base
                        code = frame.pointee.code
                    case .return, .returnNull:
                        var result = Value.null
                        if i.opcode == .return {
                            result = base[i.a]
                            base[i.a] = .undefined
                        }
                        if frame.pointee.purpose == .call {
                            var register = base
                            let end = base + code.pointee.registerCount
                            while register < end {
                                let value = register.pointee
                                register.pointee = .undefined
                                heap.release(value)
                                register += 1
                            }
                            heap.release(frame.pointee.function)
                            frame -= 1
                            fiber.pointee.frame = frame
                            pc = frame.pointee.pc
                            base = frame.pointee.base
                            code = frame.pointee.code
                            heap.store(result, in: base + pc[-1].a)
                            continue
                        }
                        frame.pointee.pc = pc
                        switch try finishFrame(result, fiber) {
                        case .goOn: break
                        case .suspend: return .suspended
                        case .finish: return .finished
                        case .sliceOver: return .sliceOver
                        }
                        frame = fiber.pointee.frame
                        pc = frame.pointee.pc
                        base = frame.pointee.base
                        code = frame.pointee.code

                    // MARK: Arithmetic
                    case .multiplyIntegerThenAdd:
                        let factor = base[i.b]
                        let (product, overflow) = (factor.signed &- 1).multipliedReportingOverflow(by: i.integer)
                        if factor.isSmallInteger && !overflow {
                            heap.store(Value(signed: product | 1), in: base + i.a)
                        } else {
                            try calculateWithInteger(.multiply, i, base)
                        }
                        i = pc.pointee
                        pc += 1
                        fallthrough
                    case .add:
                        let (left, right) = (base[i.b], base[i.c])
                        if Value.areSmall(left, right) {
                            let (sum, overflow) = left.signed.addingReportingOverflow(right.signed &- 1)
                            if !overflow {
                                heap.store(Value(signed: sum), in: base + i.a)
                                continue
                            }
                        } else if Value.areInlineFloats(left, right) {
                            heap.store(try heap.float(left.inlineFloat + right.inlineFloat), in: base + i.a)
                            continue
                        }
                        try add(i, base)
                    case .addThenRemainder:
                        let (left, right) = (base[i.b], base[i.c])
                        let (sum, overflow) = left.signed.addingReportingOverflow(right.signed &- 1)
                        guard Value.areSmall(left, right), !overflow else {
                            try add(i, base)
                            continue
                        }
                        heap.store(Value(signed: sum), in: base + i.a)
                        // Linking has seen that a positive integer is loaded next, and that the sum is divided by it.
                        let (divisor, division) = (pc[0], pc[1])
                        pc += 2
                        heap.store(Value(small: divisor.wide), in: base + divisor.a)
                        let remainder = Machine.floorRemainder(Value(signed: sum).smallInteger, divisor.wide)
                        heap.store(Value(small: remainder), in: base + division.a)
                    case .subtract:
                        let (left, right) = (base[i.b], base[i.c])
                        if Value.areSmall(left, right) {
                            let (difference, overflow) = left.signed.subtractingReportingOverflow(right.signed &- 1)
                            if !overflow {
                                heap.store(Value(signed: difference), in: base + i.a)
                                continue
                            }
                        } else if Value.areInlineFloats(left, right) {
                            heap.store(try heap.float(left.inlineFloat - right.inlineFloat), in: base + i.a)
                            continue
                        }
                        try calculate(.subtract, i, base)
                    case .multiply:
                        let (left, right) = (base[i.b], base[i.c])
                        if Value.areSmall(left, right) {
                            let (product, overflow) = left.smallInteger.multipliedReportingOverflow(
                                by: right.signed &- 1)
                            if !overflow {
                                heap.store(Value(signed: product | 1), in: base + i.a)
                                continue
                            }
                        } else if Value.areInlineFloats(left, right) {
                            heap.store(try heap.float(left.inlineFloat * right.inlineFloat), in: base + i.a)
                            continue
                        }
                        try calculate(.multiply, i, base)
                    case .divide:
                        let (left, right) = (base[i.b], base[i.c])
                        if Value.areInlineFloats(left, right), right.inlineFloat != 0 {
                            heap.store(try heap.float(left.inlineFloat / right.inlineFloat), in: base + i.a)
                            continue
                        }
                        try calculate(.divide, i, base)
                    case .floorDivide:
                        let (left, right) = (base[i.b], base[i.c])
                        if Value.areSmall(left, right), right.smallInteger > 0 {
                            let quotient = Machine.floorQuotient(left.smallInteger, right.smallInteger)
                            heap.store(Value(small: quotient), in: base + i.a)
                            continue
                        }
                        try calculate(.floorDivide, i, base)
                    case .loadIntegerThenRemainder:
                        heap.store(Value(small: i.wide), in: base + i.a)
                        i = pc.pointee
                        pc += 1
                        fallthrough
                    case .remainder:
                        let (left, right) = (base[i.b], base[i.c])
                        if Value.areSmall(left, right), right.smallInteger > 0 {
                            let remainder = Machine.floorRemainder(left.smallInteger, right.smallInteger)
                            heap.store(Value(small: remainder), in: base + i.a)
                            continue
                        }
                        try calculate(.remainder, i, base)
                    case .and:
                        let (left, right) = (base[i.b], base[i.c])
                        if Value.areSmall(left, right) {
                            heap.store(Value(bits: left.bits & right.bits), in: base + i.a)
                            continue
                        }
                        try calculate(.and, i, base)
                    case .exclusiveOr:
                        let (left, right) = (base[i.b], base[i.c])
                        if Value.areSmall(left, right) {
                            heap.store(Value(bits: (left.bits ^ right.bits) | 1), in: base + i.a)
                            continue
                        }
                        try calculate(.exclusiveOr, i, base)
                    case .addInteger:
                        let left = base[i.b]
                        if left.isSmallInteger {
                            let (sum, overflow) = left.signed.addingReportingOverflow(i.integer &* 2)
                            if !overflow {
                                heap.store(Value(signed: sum), in: base + i.a)
                                continue
                            }
                        }
                        try calculateWithInteger(.add, i, base)
                    case .subtractInteger:
                        let left = base[i.b]
                        if left.isSmallInteger {
                            let (difference, overflow) = left.signed.subtractingReportingOverflow(i.integer &* 2)
                            if !overflow {
                                heap.store(Value(signed: difference), in: base + i.a)
                                continue
                            }
                        }
                        try calculateWithInteger(.subtract, i, base)
                    case .multiplyInteger:
                        let left = base[i.b]
                        if left.isSmallInteger {
                            let (product, overflow) = (left.signed &- 1).multipliedReportingOverflow(by: i.integer)
                            if !overflow {
                                heap.store(Value(signed: product | 1), in: base + i.a)
                                continue
                            }
                        }
                        try calculateWithInteger(.multiply, i, base)
                    case .floorDivideInteger:
                        let left = base[i.b]
                        if left.isSmallInteger, i.integer > 0 {
                            let quotient = Machine.floorQuotient(left.smallInteger, i.integer)
                            heap.store(Value(small: quotient), in: base + i.a)
                            continue
                        }
                        try calculateWithInteger(.floorDivide, i, base)
                    case .remainderInteger:
                        let left = base[i.b]
                        if left.isSmallInteger, i.integer > 0 {
                            let remainder = Machine.floorRemainder(left.smallInteger, i.integer)
                            heap.store(Value(small: remainder), in: base + i.a)
                            continue
                        }
                        try calculateWithInteger(.remainder, i, base)
                    case .andInteger:
                        let left = base[i.b]
                        if left.isSmallInteger {
                            heap.store(Value(small: left.smallInteger & i.integer), in: base + i.a)
                            continue
                        }
                        try calculateWithInteger(.and, i, base)
                    case .not: heap.store(Value(!(try heap.isTrue(base[i.b]))), in: base + i.a)
                    case .truth: heap.store(Value(try heap.isTrue(base[i.b])), in: base + i.a)

                    // MARK: Comparisons
                    case .less: heap.store(Value(try holds(.less, base[i.b], base[i.c])), in: base + i.a)
                    case .lessOrEqual: heap.store(Value(try holds(.lessOrEqual, base[i.b], base[i.c])), in: base + i.a)
                    case .greater: heap.store(Value(try holds(.greater, base[i.b], base[i.c])), in: base + i.a)
                    case .greaterOrEqual:
                        heap.store(Value(try holds(.greaterOrEqual, base[i.b], base[i.c])), in: base + i.a)
                    case .equal: heap.store(Value(try equal(base[i.b], base[i.c])), in: base + i.a)
                    case .notEqual: heap.store(Value(!(try equal(base[i.b], base[i.c]))), in: base + i.a)
                    case .identical: heap.store(Value(base[i.b].isOneObject(with: base[i.c])), in: base + i.a)
                    case .notIdentical:
                        heap.store(Value(!base[i.b].isOneObject(with: base[i.c])), in: base + i.a)

                    // MARK: Jumps
                    case .jump:
                        if i.wide < 0 {
                            state.pointee.meter.countdown &-= 1
                            if state.pointee.meter.countdown <= 0, try tickIsSliceEnd() {
                                frame.pointee.pc = pc - 1
                                return .sliceOver
                            }
                        }
                        pc += i.wide
                    case .jumpIfTrue, .jumpIfFalse:
                        if try heap.isTrue(base[i.a]) == (i.opcode == .jumpIfTrue) {
                            if i.wide < 0 {
                                state.pointee.meter.countdown &-= 1
                                if state.pointee.meter.countdown <= 0, try tickIsSliceEnd() {
                                    frame.pointee.pc = pc - 1
                                    return .sliceOver
                                }
                            }
                            pc += i.wide
                        }
                    case .jumpIfNull: if base[i.a].isNull { pc += i.wide }
                    case .jumpIfUndefined: if base[i.a].isUndefined { pc += i.wide }
                    case .loadIntegerThenJump:
                        heap.store(Value(small: i.wide), in: base + i.a)
                        i = pc.pointee
                        pc += 1
                        fallthrough
                    case .jumpIfLess, .jumpIfLessOrEqual, .jumpIfGreater, .jumpIfGreaterOrEqual, .jumpIfEqual,
                        .jumpIfNotEqual, .jumpIfNotLess, .jumpIfNotLessOrEqual, .jumpIfNotGreater,
                        .jumpIfNotGreaterOrEqual:
                        let (left, right) = (base[i.a], base[i.b])
                        let condition = JumpCondition(i.opcode)
                        let isTaken: Bool
                        if Value.areSmall(left, right) {
                            isTaken = condition.holds(left.signed, right.signed)
                        } else if Value.areInlineFloats(left, right) {
                            isTaken = condition.holds(left.inlineFloat, right.inlineFloat)
                        } else {
                            isTaken = try holdsSlowly(condition, left, right)
                        }
                        if isTaken {
                            if i.jump < 0 {
                                state.pointee.meter.countdown &-= 1
                                if state.pointee.meter.countdown <= 0, try tickIsSliceEnd() {
                                    frame.pointee.pc = pc - 1
                                    return .sliceOver
                                }
                            }
                            pc += i.jump
                        }
                    case .jumpIfLessInteger, .jumpIfLessOrEqualInteger, .jumpIfGreaterInteger,
                        .jumpIfGreaterOrEqualInteger, .jumpIfEqualInteger, .jumpIfNotEqualInteger,
                        .jumpIfNotLessInteger, .jumpIfNotLessOrEqualInteger, .jumpIfNotGreaterInteger,
                        .jumpIfNotGreaterOrEqualInteger:
                        let left = base[i.a]
                        let condition = JumpCondition(integer: i.opcode)
                        let isTaken =
                            left.isSmallInteger
                            ? condition.holds(left.smallInteger, i.integerB)
                            : try holdsSlowly(condition, left, Value(small: i.integerB))
                        if isTaken {
                            if i.jump < 0 {
                                state.pointee.meter.countdown &-= 1
                                if state.pointee.meter.countdown <= 0, try tickIsSliceEnd() {
                                    frame.pointee.pc = pc - 1
                                    return .sliceOver
                                }
                            }
                            pc += i.jump
                        }

                    // MARK: Iteration
                    case .forNext:
                        state.pointee.meter.countdown &-= 1
                        if state.pointee.meter.countdown <= 0, try tickIsSliceEnd() {
                            frame.pointee.pc = pc - 1
                            return .sliceOver
                        }
                        let control = base + i.a
                        let source = control[0]
                        if source.isSmallInteger {
                            // A range: the items left, the next item, the step.
                            if source.signed > 1 {
                                control[0] = Value(signed: source.signed &- 2)
                                let item = control[1]
                                control[1] = Value(signed: item.signed &+ control[2].signed &- 1)
                                heap.store(item, in: base + i.b)
                                pc += i.jump
                            } else {
                                control[0] = .null
                            }
                            continue
                        }
                        if source.isObject(.list) {
                            let list = ListObject(known: source)
                            let index = control[1].smallInteger
                            if index < list.count {
                                control[1] = Value(small: index &+ 1)
                                let item = list[unchecked: index]
                                heap.retain(item)
                                heap.store(item, in: base + i.b)
                                pc += i.jump
                            } else if control[2].isObject(.hostHandle) {
                                // What the host gave at once is used up.
                                control[0] = control[2]
                                control[2] = .null
                                heap.release(source)
                                frame.pointee.pc = pc
                                throw DanaError.handle
                            } else {
                                control[0] = .null
                                heap.release(source)
                            }
                            continue
                        }
                        if source.isObject(.string) {
                            let string = StringObject(known: source)
                            let offset = control[1].smallInteger
                            if offset < string.byteCount, string.start[offset] < 0x80 {
                                let item = try heap.character(string.start[offset])
                                control[1] = Value(small: offset &+ 1)
                                heap.retain(item)
                                heap.store(item, in: base + i.b)
                                pc += i.jump
                                continue
                            }
                        }
                        frame.pointee.pc = pc
                        try forNext(i, fiber)
                        frame = fiber.pointee.frame
                        pc = frame.pointee.pc
                        base = frame.pointee.base
                        code = frame.pointee.code

                    // MARK: Items and attributes
                    case .getItem:
                        let (container, key) = (base[i.b], base[i.c])
                        if container.isObject {
                            if container.object.pointee.kind == .list {
                                if key.isSmallInteger {
                                    let list = ListObject(known: container)
                                    var index = key.smallInteger
                                    if index < 0 { index &+= list.count }
                                    if index >= 0 && index < list.count {
                                        let item = list[unchecked: index]
                                        heap.retain(item)
                                        heap.store(item, in: base + i.a)
                                        continue
                                    }
                                }
                            } else if container.object.pointee.kind == .dict {
                                if let value = try heap.value(under: key, in: DictObject(known: container)) {
                                    heap.retain(value)
                                    heap.store(value, in: base + i.a)
                                    continue
                                }
                            }
                        }
                        heap.store(try item(key, of: container), in: base + i.a)
                    case .getItemInteger:
                        let container = base[i.b]
                        let index = i.integer
                        if index >= 0, container.isObject {
                            if container.object.pointee.kind == .list {
                                let list = ListObject(known: container)
                                if index < list.count {
                                    let item = list[unchecked: index]
                                    heap.retain(item)
                                    heap.store(item, in: base + i.a)
                                    continue
                                }
                            } else if container.object.pointee.kind == .tuple {
                                let tuple = TupleObject(known: container)
                                if index < tuple.count {
                                    let item = tuple[unchecked: index]
                                    heap.retain(item)
                                    heap.store(item, in: base + i.a)
                                    continue
                                }
                            }
                        }
                        heap.store(try item(Value(small: index), of: container), in: base + i.a)
                    case .loadIntegerThenSetItem:
                        heap.store(Value(small: i.wide), in: base + i.a)
                        i = pc.pointee
                        pc += 1
                        fallthrough
                    case .setItem:
                        let (container, key, value) = (base[i.a], base[i.b], base[i.c])
                        if container.isObject {
                            if container.object.pointee.kind == .list {
                                if key.isSmallInteger {
                                    let list = ListObject(known: container)
                                    var index = key.smallInteger
                                    if index < 0 { index &+= list.count }
                                    if index >= 0 && index < list.count {
                                        heap.retain(value)
                                        let old = list[unchecked: index]
                                        list[unchecked: index] = value
                                        heap.release(old)
                                        continue
                                    }
                                }
                            } else if container.object.pointee.kind == .dict {
                                heap.retain(key)
                                heap.retain(value)
                                try heap.set(key, to: value, in: DictObject(known: container))
                                continue
                            }
                        }
                        try setItem(key, of: container, to: value)
                    case .getAttribute:
                        let owner = base[i.b]
                        let site = code.pointee.sites + i.c
                        if site.pointee.found == .place, owner.isObject {
                            if owner.object.pointee.kind == .structure {
                                let structure = StructObject(known: owner)
                                if UnsafeMutableRawPointer(structure.type.at) == site.pointee.owner {
                                    let value = structure.fields[site.pointee.index]
                                    heap.retain(value)
                                    heap.store(value, in: base + i.a)
                                    continue
                                }
                            } else if UnsafeMutableRawPointer(owner.object) == site.pointee.owner {
                                let value = ModuleObject(known: owner).slot(site.pointee.index).pointee.value
                                if !value.isUndefined {
                                    heap.retain(value)
                                    heap.store(value, in: base + i.a)
                                    continue
                                }
                            }
                        }
                        heap.store(try attribute(site, of: owner), in: base + i.a)
                    case .requireAttribute:
                        let owner = base[i.a]
                        let site = code.pointee.sites + i.c
                        if site.pointee.found == .native {
                            if memberTable(of: owner) == site.pointee.owner { continue }
                        } else if site.pointee.found == .method, owner.isObject(.structure) {
                            let type = StructObject(known: owner).type
                            if UnsafeMutableRawPointer(type.at) == site.pointee.owner,
                                type.at.pointee.version == site.pointee.version
                            {
                                continue
                            }
                        }
                        try requireAttribute(site, of: owner)
                    case .setAttribute:
                        let owner = base[i.a]
                        let site = code.pointee.sites + i.c
                        let value = base[i.b]
                        if site.pointee.found == .place, owner.isObject(.structure), site.pointee.accepts.takes(value) {
                            let structure = StructObject(known: owner)
                            if UnsafeMutableRawPointer(structure.type.at) == site.pointee.owner {
                                heap.retain(value)
                                heap.store(value, in: structure.fields + site.pointee.index)
                                continue
                            }
                        }
                        try setAttribute(site, of: owner, to: value)

                    // MARK: Building
                    case .listAppend:
                        let value = base[i.b]
                        try heap.append(value, to: ListObject(known: base[i.a]))
                        base[i.b] = .undefined
                    case .makeTuple:
                        let tuple = try heap.tuple(count: i.c)
                        var index = 0
                        while index < i.c {
                            tuple.start[index] = base[i.b &+ index]
                            base[i.b &+ index] = .undefined
                            index &+= 1
                        }
                        heap.store(tuple.value, in: base + i.a)

                    // MARK: Everything else
                    default:
                        frame.pointee.pc = pc
                        switch try step(i, fiber) {
                        case .goOn: break
                        case .suspend: return .suspended
                        case .finish: return .finished
                        case .sliceOver: return .sliceOver
                        }
                        frame = fiber.pointee.frame
                        pc = frame.pointee.pc
                        base = frame.pointee.base
                        code = frame.pointee.code
                    }
                }
            } catch {
                // A step that pushed frames before it failed kept the right position in the frame itself.
                if frame == fiber.pointee.frame { frame.pointee.pc = pc }
                if let exit = recover(from: error, fiber) { return exit }
                frame = fiber.pointee.frame
                pc = frame.pointee.pc
                base = frame.pointee.base
                code = frame.pointee.code
            }
        }
    }

    /// Whether a built-in that wants items must be given a drained list first.
    @inline(never) static func hasGenerator(_ values: UnsafeMutablePointer<Value>, _ count: Int) -> Bool {
        (0..<count).contains { values[$0].isObject(.generator) }
    }

    /// Python's `//` of a positive divisor.
    @inline(__always) static func floorQuotient(_ left: Int, _ right: Int) -> Int {
        let quotient = left / right
        return left < 0 && quotient &* right != left ? quotient &- 1 : quotient
    }

    /// Python's `%` of a positive divisor.
    @inline(__always) static func floorRemainder(_ left: Int, _ right: Int) -> Int {
        let remainder = left % right
        return remainder < 0 ? remainder &+ right : remainder
    }

    /// Looks at the meter: whether the slice is over. The tick that found out is given back, to be counted again.
    @inline(never) func tickIsSliceEnd() throws(DanaError) -> Bool {
        let look = try heap.state.pointee.meter.look()
        if heap.state.pointee.dead != nil { heap.destroySomeDead() }
        switch look {
        case .goOn where heap.state.pointee.abandoned.isEmpty: return false
        case .goOn, .sliceOver:
            heap.state.pointee.meter.giveBackTick()
            return true
        }
    }

    /// Whether a jump is taken.
    @inline(never)
    private func holdsSlowly(_ condition: JumpCondition, _ left: Value, _ right: Value) throws(DanaError) -> Bool {
        switch condition.opcode {
        case .jumpIfLess: try holds(.less, left, right)
        case .jumpIfLessOrEqual: try holds(.lessOrEqual, left, right)
        case .jumpIfGreater: try holds(.greater, left, right)
        case .jumpIfGreaterOrEqual: try holds(.greaterOrEqual, left, right)
        case .jumpIfEqual: try equal(left, right)
        case .jumpIfNotEqual: !(try equal(left, right))
        case .jumpIfNotLess: !(try holds(.less, left, right))
        case .jumpIfNotLessOrEqual: !(try holds(.lessOrEqual, left, right))
        case .jumpIfNotGreater: !(try holds(.greater, left, right))
        default: !(try holds(.greaterOrEqual, left, right))
        }
    }

    /// Whether an ordering holds, for small integers and floats at once.
    @inline(__always) func holds(_ ordering: Ordering, _ left: Value, _ right: Value) throws(DanaError) -> Bool {
        if Value.areSmall(left, right) { return ordering.holds(left.signed, right.signed) }
        if Value.areInlineFloats(left, right) { return ordering.holds(left.inlineFloat, right.inlineFloat) }
        return try ValueOrder(heap: heap).holds(ordering, left, right)
    }
}

extension Heap {
    /// Puts an owned value in a register or field and releases what that held.
    @inline(__always) func store(_ value: Value, in place: UnsafeMutablePointer<Value>) {
        let old = place.pointee
        place.pointee = value
        release(old)
    }
}
