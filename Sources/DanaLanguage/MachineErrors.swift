/// What the host sees of the errors that end programs.
extension Machine {
    /// What the host sees of an error, its reference released, or kept when the host's own errors hang on it.
    func programError(_ error: DanaError) -> ProgramError {
        switch error {
        case .limit(let kind):
            defer { limitPlaces = [] }
            return ProgramError(cause: .limit(kind), message: kind.message, stack: stack(limitPlaces))
        case .cancelled:
            let reason = cancellation.reason ?? "no reason given"
            return ProgramError(cause: .cancelled, message: "the run was cancelled: \(reason)", stack: [])
        case .handle:
            return programError(heap.typeError("an object of the host's cannot be used here"))
        case .raised(let value):
            let exception = ExceptionObject(known: value)
            let chain = chain(of: exception)
            let result = ProgramError(
                cause: .raised(exception.exceptionKind), message: message(of: exception),
                arguments: toldArguments(of: exception), stack: stack(of: exception),
                origin: exception.origin, chain: chain, hint: NameHint(machine: self).hint(for: exception))
            if result.origin != nil || chain.contains(where: { $0.origin != nil }) {
                keep(value)
            } else {
                heap.release(value)
            }
            return result
        }
    }

    /// Holds a failure's exception, owned, for the host; the oldest goes when there are too many.
    private func keep(_ exception: Value) {
        failures.append(exception)
        if failures.count > Machine.mostFailures { heap.release(failures.removeFirst()) }
    }

    /// Exceptions that are held until the host has taken their origins.
    private static let mostFailures = 16

    func releaseFailures() {
        for failure in failures { heap.release(failure) }
        failures = []
    }

    /// The causes and contexts of an exception as Python's tracebacks show them.
    private func chain(of exception: ExceptionObject) -> [ChainedError] {
        var chain: [ChainedError] = []
        var current = exception
        while chain.count < ProgramError.longestChain {
            let cause = current.at.pointee.cause
            let link = cause.isUndefined ? ChainedError.Link.context : .cause
            guard let next = ExceptionObject(cause.isUndefined ? current.at.pointee.context : cause) else { break }
            chain.append(
                ChainedError(
                    link: link, kind: next.exceptionKind, message: message(of: next),
                    arguments: toldArguments(of: next), stack: stack(of: next), origin: next.origin))
            current = next
        }
        return chain
    }

    /// An exception's text as `str` gives it.
    private func message(of exception: ExceptionObject) -> String {
        let arguments = exception.arguments
        guard arguments.count > 0 else { return "" }
        if arguments.count == 1 {
            let only = arguments[unchecked: 0]
            if exception.exceptionKind != .keyError, only.isObject(.string) { return text(only) }
            if let handle = HostHandleObject(only) { return "<\(handle.name)>" }
        }
        return spelling(of: exception.value, by: builtIns.str)
    }

    /// What a built-in gives as the text of a value; nothing where it cannot.
    private func spelling(of value: Value, by native: UnsafePointer<LinkedNative>?) -> String {
        guard let native else { return "" }
        do {
            let string = heap.owned(try apply(native, value))
            return text(string.value)
        } catch {
            heap.discard(error)
            return ""
        }
    }

    private func toldArguments(of exception: ExceptionObject) -> ErrorArguments {
        let arguments = exception.arguments
        let isText = arguments.count == 1 && arguments[unchecked: 0].isObject(.string)
        if isText && exception.exceptionKind != .keyError { return .message }
        let parts = UnicodeErrorParts(exception)
        if let parts, parts.size > Machine.mostSpelled { return .message }
        if parts != nil || SystemErrorParts(exception) != nil {
            return .apart(spelling(of: arguments.value, by: builtIns.repr))
        }
        return .spelled(arguments.count)
    }

    /// Bytes of what an encoding could not convert that an error is told with, at most.
    private static let mostSpelled = 16 << 10

    /// The places of a trace, outermost first, without those in the language's own texts.
    private func stack(of exception: ExceptionObject) -> [ErrorPlace] {
        var places: [Int] = []
        if exception.at.pointee.place >= 0 { places.append(exception.at.pointee.place) }
        if let trace = ListObject(exception.at.pointee.trace) { places += trace.items.map(\.smallInteger) }
        return stack(places.map { TracePlace(packed: $0) })
    }

    /// What the host sees of places, of which the innermost is the first.
    private func stack(_ places: [TracePlace]) -> [ErrorPlace] {
        places.reversed().filter { !isInPrelude($0) }.map { errorPlace($0) }
    }

    func isInPrelude(_ place: TracePlace) -> Bool {
        linked[place.code].pointee.code.takeUnretainedValue().parts.source.isPrelude
    }

    func errorPlace(_ place: TracePlace) -> ErrorPlace {
        let parts = linked[place.code].pointee.code.takeUnretainedValue().parts
        let span =
            parts.places.indices.contains(place.instruction)
            ? parts.places[place.instruction] : Code.SourceSpan(start: 0, end: 0)
        let start = parts.source.place(at: Int(span.start))
        return ErrorPlace(
            source: parts.source.name, function: parts.name, start: start,
            end: parts.source.place(at: Int(span.end)), line: parts.source.line(start.line))
    }
}
