/// A place in a trace: a code's number and an instruction's, in one integer.
struct TracePlace {
    let code: Int
    let instruction: Int

    init(code: Int, instruction: Int) {
        self.code = code
        self.instruction = instruction
    }

    init(packed: Int) {
        code = packed >> 32
        instruction = packed & 0xFFFF_FFFF
    }

    var packed: Int { code << 32 | instruction }
}

/// Finding the handler of an exception, frame by frame.
extension Machine {
    /// Unwinds to the handler of an error, taking its reference over: nil when the fiber goes on there, otherwise
    /// the error the fiber failed with, all its frames gone.
    @inline(never) func unwind(_ error: DanaError, _ fiber: UnsafeMutablePointer<FiberState>) -> DanaError? {
        var exception: ExceptionObject
        switch error {
        case .limit(let limit):
            limitPlaces = places(of: fiber)
            noteOpenManagers(of: fiber, endedBy: limit)
            while fiber.pointee.frameCount > 0 { pop(fiber) }
            return error
        case .raised(let value): exception = ExceptionObject(known: value)
        case .handle: return unwind(heap.typeError("an object of the host's cannot be used here"), fiber)
        case .cancelled:
            cancelledFiber = fiber.pointee.number
            noteCancelled(fiber)
            heap.state.pointee.meter.cleanupBegins()
            guard case .raised(let value) = heap.error(.cancelledError, "the run was cancelled") else {
                while fiber.pointee.frameCount > 0 { pop(fiber) }
                return error
            }
            exception = ExceptionObject(known: value)
        }
        let isCancellation = exception.exceptionKind == .cancelledError
        while true {
            let frame = fiber.pointee.frame
            let place = standing(frame)
            record(place, in: exception)
            if let handler = handler(of: exception, at: place.instruction, frame, isCancellation: isCancellation) {
                if handler.kind == .catches { exception.at.pointee.isContextSettled = true }
                heap.store(exception.value, in: frame.pointee.base + handler.register)
                frame.pointee.pc = UnsafePointer(frame.pointee.code.pointee.instructions) + handler.target
                return nil
            }
            let purpose = frame.pointee.purpose
            if purpose == .module || purpose == .imported { forget(ModuleObject(known: frame.pointee.function)) }
            let isGenerator = frame.pointee.generator.isObject
            pop(fiber)
            if isGenerator, exception.exceptionKind == .stopIteration {
                guard case .raised(let value) = generatorError(insteadOf: exception) else {
                    return unwind(.limit(.memory), fiber)
                }
                exception = ExceptionObject(known: value)
            }
            switch purpose {
            case .bottom, .imported: return isCancellation ? cancelled(exception) : .raised(exception.value)
            case .abandoned where !isCancellation:
                heap.release(exception.value)
                return nil
            case .drain, .abandoned: fiber.pointee.frame.pointee.pc += 1
            case .close where exception.exceptionKind == .generatorExit:
                heap.release(exception.value)
                deliver(.null, fiber)
                return nil
            default: break
            }
        }
    }

    /// A StopIteration that leaves a generator would look like its end: it becomes the cause of another error.
    private func generatorError(insteadOf exception: ExceptionObject) -> DanaError {
        let cause = heap.owned(exception.value)
        let error = heap.runtimeError("generator raised StopIteration")
        guard case .raised(let value) = error else { return error }
        let raised = ExceptionObject(known: value)
        heap.store(heap.retained(cause.value), in: raised.causePlace)
        raised.at.pointee.context = cause.take()
        return error
    }

    /// Notes which handles a fiber has entered by `with` and not left, for the host: a limit ends the fiber. `endedBy` says
    /// that it ended what the fiber was doing, else the fiber was not under way.
    func noteOpenManagers(of fiber: UnsafeMutablePointer<FiberState>, endedBy limit: LimitKind?) {
        for number in (0..<fiber.pointee.frameCount).reversed() {
            let frame = fiber.pointee.frames + number
            let isInnermost = number == fiber.pointee.frameCount - 1
            let index = standing(frame).instruction + (isInnermost && fiber.pointee.standsBefore ? 1 : 0)
            let instructions = frame.pointee.code.pointee.instructions
            func note(_ i: Instruction) {
                guard let handle = HostHandleObject(frame.pointee.base[i.b]) else { return }
                managersLeftOpen.append((fiber.pointee.entry, handle.identifier))
            }
            if isInnermost, index >= 0, !fiber.pointee.standsBefore {
                let i = instructions[index]
                // What a `with` begins or ends with was answered, or was not even asked.
                if i.opcode == .enter, limit == nil, case .ready = fiber.pointee.status { note(i) }
                if i.opcode == .leave, let limit, limit != .memory { note(i) }
            }
            let handlers = frame.pointee.code.pointee.code._withUnsafeGuaranteedRef { $0.parts.handlers }
            for handler in handlers where handler.kind == .cleansUp && handler.start <= index && index < handler.end {
                let i = instructions[handler.target]
                if i.opcode == .leave { note(i) }
            }
        }
    }

    /// Where a fiber stands, the innermost call first, and behind that where those stand that wait for it.
    func places(of fiber: UnsafeMutablePointer<FiberState>) -> [TracePlace] {
        var places: [TracePlace] = []
        var next: UnsafeMutablePointer<FiberState>? = fiber
        while let fiber = next {
            for number in (0..<fiber.pointee.frameCount).reversed() where places.count <= Machine.longestTrace {
                places.append(standing(fiber.pointee.frames + number))
            }
            next = fiber.pointee.parent
        }
        return places
    }

    private func cancelled(_ exception: ExceptionObject) -> DanaError {
        heap.release(exception.value)
        return .cancelled
    }

    /// The innermost handler for an instruction; on the way the exception gets its context.
    private func handler(
        of exception: ExceptionObject, at index: Int, _ frame: UnsafeMutablePointer<Frame>, isCancellation: Bool
    ) -> Code.Handler? {
        let handlers = frame.pointee.code.pointee.code._withUnsafeGuaranteedRef { $0.parts.handlers }
        for handler in handlers where handler.start <= index && index < handler.end {
            switch handler.kind {
            case .handling: setContext(of: exception, to: frame.pointee.base[handler.register])
            case .catches: if !isCancellation { return handler }
            case .cleansUp: return handler
            }
        }
        return nil
    }

    private func setContext(of exception: ExceptionObject, to handled: Value) {
        guard exception.at.pointee.context.isNull, !exception.at.pointee.isContextSettled, handled.isObject(.exception),
            !handled.isIdentical(to: exception.value)
        else { return }
        exception.at.pointee.context = heap.retained(handled)
    }

    /// Adds a place to the trace; memory that is not to be had leaves the trace short.
    private func record(_ place: TracePlace, in exception: ExceptionObject) {
        if exception.at.pointee.place < 0 {
            exception.at.pointee.place = place.packed
            return
        }
        if exception.at.pointee.isReraised {
            exception.at.pointee.isReraised = false
            return
        }
        do {
            if exception.at.pointee.trace.isNull { exception.at.pointee.trace = try heap.list().value }
            let trace = ListObject(known: exception.at.pointee.trace)
            if trace.count < Machine.longestTrace { try heap.append(Value(small: place.packed), to: trace) }
        } catch {
            heap.discard(error)
        }
    }

    /// Places a trace keeps at most besides the first.
    static let longestTrace = 1000

    // MARK: What a program raises

    /// `raise`: R[A] from R[B]. One that was raised before gets what is being handled now for its context.
    func raise(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> DanaError {
        let error = raise(i, fiber.pointee.frame.pointee.base)
        guard case .raised(let value) = error, ExceptionObject(known: value).at.pointee.place >= 0 else {
            return error
        }
        let held = heap.owned(value)
        let handled = try handledException(fiber)
        if let handled = ExceptionObject(handled), !handled.value.isIdentical(to: value) {
            try cut(value, outOfContextsOf: handled)
            let exception = ExceptionObject(known: value)
            let old = exception.at.pointee.context
            exception.at.pointee.context = heap.retained(handled.value)
            heap.release(old)
        }
        return .raised(held.take())
    }

    /// Ends the contexts of an exception before another one that is to come from it, so that none leads back to itself.
    private func cut(_ value: Value, outOfContextsOf handled: ExceptionObject) throws(DanaError) {
        var (place, slow) = (handled, handled)
        var isOdd = false
        while let next = ExceptionObject(place.at.pointee.context) {
            try heap.charge(1)
            if next.value.isIdentical(to: value) {
                place.at.pointee.context = .null
                return heap.release(value)
            }
            place = next
            // A program can have made a circle by hand.
            if isOdd, let follower = ExceptionObject(slow.at.pointee.context) { slow = follower }
            if place.value.isIdentical(to: slow.value) { return }
            isOdd.toggle()
        }
    }

    /// The error of `raise` in registers.
    func raise(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) -> DanaError {
        var value = base[i.a]
        do {
            if let type = ExceptionTypeObject(value) {
                value = try heap.exception(type.exceptionKind, arguments: heap.retained(heap.emptyTuple)).value
            } else if value.isObject(.exception) {
                heap.retain(value)
            } else if value.isObject(.hostHandle) {
                return .handle
            } else {
                return heap.typeError("exceptions must derive from BaseException")
            }
            let exception = ExceptionObject(known: value)
            if i.b != Int(Instruction.none) { try setCause(of: exception, to: base[i.b]) }
            return .raised(exception.value)
        } catch {
            return error
        }
    }

    /// What `throw` throws: an exception, a kind of one, or a kind and what it is made with; owned.
    func thrown(_ exception: Value, made value: Value) throws(DanaError) -> Value {
        guard !value.isUndefined, !value.isNull else { return heap.retained(exception) }
        guard let type = ExceptionTypeObject(exception) else {
            throw heap.typeError("instance exception may not have a separate value")
        }
        if let made = ExceptionObject(value), made.exceptionKind.isKind(of: type.exceptionKind) {
            return heap.retained(value)
        }
        var single = value
        return try withUnsafePointer(to: &single) { single throws(DanaError) in
            let items = TupleObject(value)?.items ?? UnsafeBufferPointer(start: single, count: 1)
            let arguments = try heap.tuple(copying: items)
            return try heap.exception(type.exceptionKind, arguments: arguments.value).value
        }
    }

    func setCause(of exception: ExceptionObject, to cause: Value) throws(DanaError) {
        let held = heap.owned(exception.value)
        if let type = ExceptionTypeObject(cause) {
            let made = try heap.exception(type.exceptionKind, arguments: heap.retained(heap.emptyTuple))
            heap.store(made.value, in: exception.causePlace)
        } else if cause.isNull || cause.isObject(.exception) {
            heap.store(heap.retained(cause), in: exception.causePlace)
        } else {
            throw heap.typeError("exception causes must derive from BaseException")
        }
        _ = held.take()
    }

    /// `reraise`: R[A], with the trace it has; the exception that a caller is handling when R[A] is undefined.
    func reraise(_ value: Value, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> DanaError {
        guard let exception = ExceptionObject(value.isUndefined ? try handledException(fiber) : value) else {
            return heap.runtimeError("No active exception to reraise")
        }
        exception.at.pointee.isReraised = exception.at.pointee.place >= 0
        return .raised(heap.retained(exception.value))
    }

    /// The exception that the innermost call of a fiber that handles one is handling, borrowed.
    private func handledException(_ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> Value {
        try heap.charge(fiber.pointee.frameCount)
        for number in (0..<fiber.pointee.frameCount).reversed() {
            let frame = fiber.pointee.frames + number
            let index = standing(frame).instruction
            let handlers = frame.pointee.code.pointee.code._withUnsafeGuaranteedRef { $0.parts.handlers }
            for handler in handlers
            where handler.kind == .handling && handler.start <= index && index < handler.end {
                let handled = frame.pointee.base[handler.register]
                if handled.isObject(.exception) { return handled }
            }
        }
        return .undefined
    }

    /// `matchException`: whether an exception is of a kind, or of one in a tuple. About classes of the host's the host is
    /// asked, where no kind of Dana's fits.
    func matches(_ exception: Value, _ kinds: Value) throws(DanaError) -> Bool {
        guard let exception = ExceptionObject(exception) else { return false }
        if let type = ExceptionTypeObject(kinds) { return exception.exceptionKind.isKind(of: type.exceptionKind) }
        if kinds.isObject(.hostHandle) { throw .handle }
        guard let choices = kinds.typeChoices else { throw notExceptionKinds() }
        for kind in choices.items where !kind.isObject(.hostHandle) {
            guard let type = ExceptionTypeObject(kind) else { throw notExceptionKinds() }
            if exception.exceptionKind.isKind(of: type.exceptionKind) { return true }
        }
        if choices.items.contains(where: { $0.isObject(.hostHandle) }) { throw .handle }
        return false
    }

    private func notExceptionKinds() -> DanaError {
        heap.typeError("catching classes that do not inherit from BaseException is not allowed")
    }

    func makeException(_ kind: ExceptionKind, _ arguments: CallArguments) throws(DanaError) -> Value {
        if let keywords = arguments.keywords, keywords.pointee.count > 0 {
            return try makeException(kind, arguments, keywords)
        }
        if kind == .unicodeDecodeError || kind == .unicodeEncodeError, arguments.count != 5 {
            throw heap.typeError("\(kind.name)() takes exactly 5 arguments (\(arguments.count) given)")
        }
        if kind == .jsonDecodeError, arguments.count == 3 {
            return try ValueJSONReader.error(
                arguments.start[0], document: arguments.start[1], at: arguments.start[2], heap)
        }
        let tuple = try heap.tuple(copying: UnsafeBufferPointer(start: arguments.start, count: arguments.count))
        let made = kind == .osError ? SystemErrorParts.kind(ofErrorWith: tuple) : kind
        return try heap.exception(made, arguments: tuple.value).value
    }

    /// An exception with fields of its kind given by keywords, owned.
    private func makeException(
        _ kind: ExceptionKind, _ arguments: CallArguments, _ keywords: UnsafeMutablePointer<KeywordCache>
    ) throws(DanaError) -> Value {
        let positional = CallArguments(
            start: arguments.start, count: arguments.positionalCount, keywords: nil, origin: arguments.origin)
        let exception = heap.owned(try makeException(kind, positional))
        for index in 0..<keywords.pointee.count {
            let name = text(keywords.pointee.names[index])
            guard kind.settableFields.contains(name) else {
                throw heap.typeError(
                    kind.settableFields.isEmpty
                        ? "\(kind.name)() takes no keyword arguments"
                        : "\(kind.name)() got an unexpected keyword argument '\(name)'")
            }
            try heap.setDetail(
                name, to: arguments.start[positional.count + index], of: ExceptionObject(known: exception.value))
        }
        return exception.take()
    }

    // MARK: Errors of variables

    func unboundLocal(_ name: Value) -> DanaError {
        heap.error(
            .unboundLocalError, "cannot access local variable '\(text(name))' where it is not associated with a value")
    }

    func unboundCapture(_ name: Value) -> DanaError {
        heap.error(
            .nameError,
            "cannot access free variable '\(text(name))' where it is not associated with a value in enclosing scope")
    }

    @inline(never) func undefinedName(_ name: Value) -> DanaError {
        let text = text(name)
        if let blocked = catalogue.blockedNames.first(where: { $0.name == text }) {
            return heap.error(
                .securityError,
                "'\(text)' is blocked (\(blocked.reasonClass)): \(blocked.explanation); \(blocked.alternative)")
        }
        return heap.error(.nameError, "name '\(text)' is not defined")
    }

    /// The instruction that a frame is at.
    func standing(_ frame: UnsafeMutablePointer<Frame>) -> TracePlace {
        TracePlace(
            code: frame.pointee.code.pointee.number,
            instruction: frame.pointee.pc - UnsafePointer(frame.pointee.code.pointee.instructions) - 1)
    }
}
