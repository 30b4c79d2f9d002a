/// What the host sees of the errors that end programs.
extension Machine {
    /// What the host sees of an error, its reference released, or kept when objects of the host's hang on it.
    func programError(_ error: DanaError, ofEntry entry: Int? = nil) -> ProgramError {
        switch error {
        case .limit(let kind):
            defer { limitPlaces = [] }
            return ProgramError(cause: .limit(kind), message: kind.message, stack: stack(limitPlaces))
        case .cancelled:
            let reason = entry.flatMap { entryReasons[$0] } ?? cancellation.reason ?? "no reason given"
            let places = entry.flatMap { cancelledPlaces[$0] } ?? []
            return ProgramError(
                cause: .cancelled, message: "the run was cancelled: \(reason)", stack: stack(places))
        case .handle:
            return programError(heap.typeError("an object of the host's cannot be used here"))
        case .raised(let value):
            let exception = ExceptionObject(known: value)
            let chain = chain(of: exception)
            let message = message(of: exception)
            let result = ProgramError(
                cause: .raised(exception.exceptionKind), message: message.text, messageSize: message.size,
                arguments: toldArguments(of: exception), stack: stack(of: exception), origin: exception.origin,
                subject: exception.subject, chain: chain, hint: NameHint(machine: self).hint(for: exception),
                notes: exception.notes(heap))
            if result.holdsHandles || chain.contains(where: { $0.origin != nil || $0.subject != nil }) {
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
            let message = message(of: next)
            chain.append(
                ChainedError(
                    link: link, kind: next.exceptionKind, message: message.text, messageSize: message.size,
                    arguments: toldArguments(of: next), stack: stack(of: next), origin: next.origin,
                    subject: next.subject, notes: next.notes(heap)))
            current = next
        }
        return chain
    }

    /// An exception's text as `str` gives it, of a long one the beginning, and how many bytes the whole has.
    private func message(of exception: ExceptionObject) -> (text: String, size: Int) {
        let arguments = exception.arguments
        guard arguments.count > 0 else { return ("", 0) }
        if arguments.count == 1 {
            let only = arguments[unchecked: 0]
            if exception.exceptionKind != .keyError, only.isObject(.string) { return beginning(of: only) }
            if let handle = HostHandleObject(only) {
                let text = "<\(handle.name)>"
                return (text, text.utf8.count)
            }
            if let string = StringObject(only), string.byteCount > ProgramError.longestMessage {
                return (spelling(ofBeginningOf: only), string.byteCount)
            }
        }
        return spelling(of: exception.value, by: builtIns.str)
    }

    /// What `repr` gives for the beginning of a long text: that of the whole would be another one beside it.
    private func spelling(ofBeginningOf value: Value) -> String {
        do {
            let shorter = heap.owned(try heap.string(beginning(of: value).text).value)
            return spelling(of: shorter.value, by: builtIns.repr).text
        } catch {
            heap.discard(error)
            return ""
        }
    }

    /// What a built-in gives as the text of a value, of a long one the beginning, and how many bytes the whole has;
    /// nothing where it cannot.
    private func spelling(of value: Value, by native: UnsafePointer<LinkedNative>?) -> (text: String, size: Int) {
        guard let native else { return ("", 0) }
        do {
            let string = heap.owned(try apply(native, value))
            return beginning(of: string.value)
        } catch {
            heap.discard(error)
            return ("", 0)
        }
    }

    /// The beginning of a string, never a part of a character, and how many bytes it has in all.
    private func beginning(of value: Value) -> (text: String, size: Int) {
        let bytes = StringObject(known: value).bytes
        var end = min(bytes.count, ProgramError.longestMessage)
        while end > 0, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return (String(decoding: bytes[..<end], as: UTF8.self), bytes.count)
    }

    private func toldArguments(of exception: ExceptionObject) -> ErrorArguments {
        let arguments = exception.arguments
        let isText = arguments.count == 1 && arguments[unchecked: 0].isObject(.string)
        if isText && exception.exceptionKind != .keyError { return .message }
        let parts = UnicodeErrorParts(exception)
        if let parts, parts.size > Machine.mostSpelled { return .message }
        if parts != nil || SystemErrorParts(exception) != nil {
            return .apart(spelling(of: arguments.value, by: builtIns.repr).text)
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

    /// What the host sees of places, of which the innermost is the first. Those of a recursion are the same ones.
    private func stack(_ places: [TracePlace]) -> [ErrorPlace] {
        var known: [Int: ErrorPlace] = [:]
        return places.reversed().filter { !isInPrelude($0) }.map { place in
            if let seen = known[place.packed] { return seen }
            let new = errorPlace(place)
            known[place.packed] = new
            return new
        }
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
