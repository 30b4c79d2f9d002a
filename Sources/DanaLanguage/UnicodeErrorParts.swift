/// What the arguments of a `UnicodeDecodeError` or a `UnicodeEncodeError` mean: the encoding, what could not be converted,
/// from where to where in it, and why.
struct UnicodeErrorParts {
    let encoding: Value
    let object: Value
    let start: Value
    let end: Value
    let reason: Value

    /// The parts, borrowed; nil for other errors, and for one that is made of something else.
    init?(_ exception: ExceptionObject) {
        let arguments = exception.arguments
        let isDecoding = exception.exceptionKind == .unicodeDecodeError
        guard isDecoding || exception.exceptionKind == .unicodeEncodeError, arguments.count == 5 else { return nil }
        encoding = arguments[unchecked: 0]
        object = arguments[unchecked: 1]
        start = arguments[unchecked: 2]
        end = arguments[unchecked: 3]
        reason = arguments[unchecked: 4]
        guard encoding.isObject(.string), object.isObject(isDecoding ? .bytes : .string), start.isSmallInteger,
            end.isSmallInteger, reason.isObject(.string)
        else { return nil }
    }

    /// Bytes of what could not be converted.
    var size: Int { BytesObject(object)?.count ?? StringObject(object)?.byteCount ?? 0 }

    /// The message, but for the encoding in front and the reason behind.
    var middle: String {
        let (first, behind) = (start.smallInteger, end.smallInteger)
        let isOne = behind.subtractingReportingOverflow(first).partialValue == 1
        let place =
            isOne ? "position \(first)" : "position \(first)-\(behind.subtractingReportingOverflow(1).partialValue)"
        if let bytes = BytesObject(object) {
            guard isOne, bytes.bytes.indices.contains(first) else { return "can't decode bytes in \(place)" }
            let digits = String(bytes.bytes[first], radix: 16)
            return "can't decode byte 0x\(digits.utf8.count < 2 ? "0" : "")\(digits) in \(place)"
        }
        guard isOne, first >= 0, let text = StringObject(object),
            let scalar = ByteView(text.bytes).scalars.dropFirst(first).first(where: { _ in true })
        else { return "can't encode characters in \(place)" }
        return "can't encode character '\(TextEncoding.escape(scalar))' in \(place)"
    }
}

extension Heap {
    /// The exception for text or bytes that an encoding cannot convert from one place to another; `object` is borrowed.
    func unicodeError(
        _ kind: ExceptionKind, _ encoding: String, _ object: Value, _ places: Range<Int>, _ reason: String
    ) -> DanaError {
        do {
            let name = owned(try string(encoding).value)
            let text = owned(try string(reason).value)
            let arguments = try tuple(count: 5)
            arguments.start[0] = name.take()
            arguments.start[1] = retained(object)
            arguments.start[2] = Value(small: places.lowerBound)
            arguments.start[3] = Value(small: places.upperBound)
            arguments.start[4] = text.take()
            return .raised(try exception(kind, arguments: arguments.value).value)
        } catch {
            return error
        }
    }
}
