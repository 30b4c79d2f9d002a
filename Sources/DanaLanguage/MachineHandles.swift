/// Operations on handles. What only the host can do throws `DanaError.handle` where no way of Dana's own is left; here
/// the instruction that failed becomes a host call, so that all others pay nothing for handles.
extension Machine {
    /// Goes on after an error: asks the host, or unwinds to a handler. Nil when the fiber goes on.
    @inline(never)
    func recover(from error: DanaError, _ fiber: UnsafeMutablePointer<FiberState>) -> LoopExit? {
        var error = error
        if mayConcernHandle(error) {
            do throws(DanaError) {
                switch try askHost(insteadOf: error, fiber) {
                case .goOn: return nil
                case .suspend: return .suspended
                case .finish: return .finished
                case .sliceOver: return .sliceOver
                }
            } catch let other {
                error = other
            }
        }
        if let failure = unwind(error, fiber) { return .failed(failure) }
        return nil
    }

    /// Whether a handle can be the reason for an error.
    func mayConcernHandle(_ error: DanaError) -> Bool {
        switch error {
        case .handle: true
        case .raised(let value): ExceptionObject(known: value).exceptionKind == .typeError
        case .limit, .cancelled: false
        }
    }

    /// Makes a host call of the instruction that threw `error`, or throws what the program is to see.
    private func askHost(insteadOf error: DanaError, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError)
        -> AfterStep
    {
        let frame = fiber.pointee.frame
        let i = Fusion.first(of: frame.pointee.pc[-1])
        let base = frame.pointee.base
        switch i.opcode {
        case .call:
            guard let native = LinkedNative.called(by: base[i.a]) else { throw error }
            let arguments = CallArguments(
                start: base + (i.a + 1), count: i.b, keywords: nil, origin: .registers(first: i.a + 1, isDirect: true))
            return try askHost(about: native, insteadOf: error, arguments, i.a..<(i.a + i.b + 1), fiber)
        case .callMethod:
            let site = frame.pointee.code.pointee.sites + i.c
            guard site.pointee.found == .native, let native = site.pointee.native,
                memberTable(of: base[i.a]) == site.pointee.owner
            else { throw error }
            let arguments = CallArguments(
                start: base + i.a, count: i.b + 1, keywords: nil, origin: .registers(first: i.a, isDirect: true))
            return try askHost(about: native, insteadOf: error, arguments, i.a..<(i.a + i.b + 1), fiber)
        default:
            guard case .handle = error else { throw error }
            if let generator = operandToDrain(i, base) {
                try drain(generator, into: .operand, fiber)
                return .goOn
            }
            if try callItemMethod(i, fiber) { return .goOn }
            try askHost(i, frame, fiber)
            return .suspend
        }
    }

    // MARK: Instructions

    private func askHost(
        _ i: Instruction, _ frame: UnsafeMutablePointer<Frame>, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        let base = frame.pointee.base
        switch i.opcode {
        case .not, .truth: try ask(.truth, of: base[i.b], fiber)
        case .jumpIfTrue, .jumpIfFalse: try ask(.truth, of: base[i.a], fiber)
        case .contains, .containsNot: try ask(.contains, of: base[i.c], fiber, base[i.b])
        case .getIterator: try ask(.iterate, of: base[i.b], fiber)
        case .forNext: try ask(.nextOfLoop, of: base[i.a], fiber)
        case .getItem: try ask(.item, of: base[i.b], fiber, base[i.c])
        case .getItemInteger: try ask(.item, of: base[i.b], fiber, Value(small: i.integer))
        case .setItem: try ask(.setItem, of: base[i.a], fiber, base[i.b], base[i.c])
        case .deleteItem: try ask(.deleteItem, of: base[i.a], fiber, base[i.b])
        case .getAttribute, .matchAttribute: try ask(.attribute(name(i, frame)), of: base[i.b], fiber)
        case .setAttribute: try ask(.setAttribute(name(i, frame)), of: base[i.a], fiber, base[i.b])
        case .deleteAttribute: try ask(.deleteAttribute(name(i, frame)), of: base[i.a], fiber)
        case .formatValue: try askFormat(i, base, fiber)
        case .raise: try ask(.raise, of: base[i.a], fiber)
        case .matchException: try askMatch(of: base[i.b], base[i.c], fiber)
        case .dictUpdate, .dictMerge:
            try ask(.builtin("dict"), of: base[i.b], fiber, base[i.b]).pointee.replaced = .register(i.b)
        default:
            if let (operation, hasInteger) = i.opcode.binaryOperator {
                try askBinary(operation, base[i.b], hasInteger ? Value(small: i.integer) : base[i.c], i.x == 1, fiber)
            } else if let operation = i.opcode.unaryOperator {
                try ask(.unary(operation), of: base[i.b], fiber)
            } else if let comparison = i.opcode.comparison {
                try askComparison(comparison, base[i.b], base[i.c], fiber)
            } else if let jump = i.opcode.comparingJump {
                try askComparison(
                    jump.comparison, base[i.a], jump.hasInteger ? Value(small: i.integerB) : base[i.b], fiber)
            } else {
                throw noOperation()
            }
        }
    }

    /// Asks whether an exception, or the host's own error that it stands for, is of a class of the host's, or of one of
    /// those in a tuple.
    private func askMatch(
        of exception: Value, _ kinds: Value, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        guard let exception = ExceptionObject(exception) else { throw noOperation() }
        let origin = exception.at.pointee.origin
        let caught = origin.isNull ? exception.value : origin
        guard let choices = kinds.typeChoices else {
            try ask(.catches, of: kinds, fiber, caught)
            return
        }
        let classes = choices.items.filter { $0.isObject(.hostHandle) }
        guard let first = classes.first else { throw noOperation() }
        let tuple = try classes.withUnsafeBufferPointer { classes throws(DanaError) in
            try heap.tuple(copying: classes)
        }
        let held = heap.owned(tuple.value)
        try ask(.catches, of: first, fiber, caught, held.value)
    }

    private func name(_ i: Instruction, _ frame: UnsafeMutablePointer<Frame>) -> HostName {
        HostName(frame.pointee.code.pointee.sites[i.c].name)
    }

    /// Suspends a fiber with an operation on a handle.
    @discardableResult
    func ask(
        _ operation: HandleOperation, of handle: Value, _ fiber: UnsafeMutablePointer<FiberState>,
        _ first: Value = .undefined, _ second: Value = .undefined
    ) throws(DanaError) -> UnsafeMutablePointer<HostCallTable.Pending> {
        guard let object = HostHandleObject(handle) else { throw noOperation() }
        let slot = try ask(.operation(handle: object.identifier, operation), fiber, first, second)
        slot.pointee.subject = heap.retained(handle)
        return slot
    }

    /// Suspends a fiber with an operation on a handle that has the arguments of a call.
    func ask(
        _ operation: HandleOperation, of handle: HostHandleObject, _ arguments: CallArguments,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        let slot = try ask(.operation(handle: handle.identifier, operation), arguments, fiber)
        slot.pointee.subject = heap.retained(handle.value)
    }

    private func noOperation() -> DanaError {
        heap.typeError("an object of the host's inside another value cannot take part in this operation")
    }

    private func askBinary(
        _ operation: BinaryOperator, _ left: Value, _ right: Value, _ isAugmented: Bool,
        _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        if left.isObject(.hostHandle) {
            let asked: HandleOperation =
                isAugmented ? .augmented(operation) : .binary(operation, isReflected: false)
            try ask(asked, of: left, fiber, right)
        } else if isAugmented && operation == .add && left.isObject(.list) {
            try ask(.builtin("list"), of: right, fiber, right)
        } else if operation == .remainder, left.isObject(.string), let values = TupleObject(right),
            let handle = values.items.first(where: { $0.isObject(.hostHandle) })
        {
            try ask(.builtin("str.__mod__"), of: handle, fiber, left, right)
        } else {
            try ask(.binary(operation, isReflected: true), of: right, fiber, left)
        }
    }

    private func askComparison(
        _ comparison: ComparisonOperator, _ left: Value, _ right: Value, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        if left.isObject(.hostHandle) {
            try ask(.comparison(comparison), of: left, fiber, right)
        } else if right.isObject(.hostHandle) {
            try ask(.comparison(comparison.reflected), of: right, fiber, left)
        } else {
            throw heap.typeError(
                "'\(comparison.symbol)' not supported between instances of '\(left.typeName)' and "
                    + "'\(right.typeName)' that hold objects of the host's")
        }
    }

    private func askFormat(
        _ i: Instruction, _ base: UnsafeMutablePointer<Value>, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) {
        let spec = i.c == Int(Instruction.none) ? Value.undefined : base[i.c]
        switch UInt8(truncatingIfNeeded: i.x) {
        case UInt8(ascii: "r"): try ask(.builtin("repr"), of: base[i.b], fiber, base[i.b])
        case UInt8(ascii: "a"): try ask(.builtin("ascii"), of: base[i.b], fiber, base[i.b])
        case UInt8(ascii: "s"): try ask(.builtin("str"), of: base[i.b], fiber, base[i.b])
        default: try ask(.builtin(spec.isUndefined ? "str" : "format"), of: base[i.b], fiber, base[i.b], spec)
        }
    }
}
