/// What exceptions and the members of enums tell.
enum MethodsException {
    static let exceptions = NativeCatalogue.Member.table(
        methods: [],
        properties: [
            NativeFunction(
                "exception.args", [.receiver], "What the exception was made with.",
                body: { call throws(DanaError) in
                    call.heap.retained(try exception(call).at.pointee.arguments)
                }),
            NativeFunction(
                "exception.message", [.receiver], "The exception as text.",
                body: { call throws(DanaError) in
                    try ValueWriter.text(call[0], .str, heap: call.heap)
                }),
            NativeFunction(
                "exception.kind", [.receiver], "The name of its kind.",
                body: { call throws(DanaError) in
                    call.heap.retained(try call.heap.name(try exception(call).exceptionKind.name))
                }),
            NativeFunction(
                "exception.__cause__", [.receiver], "What the exception was raised from.", body: cause),
            NativeFunction("exception.cause", [.receiver], "What the exception was raised from.", body: cause),
            NativeFunction(
                "exception.__context__", [.receiver], "What was being handled when it was raised.", body: context),
            NativeFunction(
                "exception.context", [.receiver], "What was being handled when it was raised.", body: context),
            systemError("errno", "The number of the system's error.") { $0?.number },
            systemError("strerror", "The text of the system's error.") { $0?.text },
            systemError("filename", "The file that the system's error is of.") { $0?.file },
            systemError("filename2", "The other file that the system's error is of.") { $0?.otherFile },
            unicodeError("encoding", "The encoding that could not convert something.") { $0.encoding },
            unicodeError("object", "What the encoding could not convert.") { $0.object },
            unicodeError("start", "Where begins what the encoding could not convert.") { $0.start },
            unicodeError("end", "Where ends what the encoding could not convert.") { $0.end },
            unicodeError("reason", "Why the encoding could not convert it.") { $0.reason },
            NativeFunction(
                "exception.value", [.receiver], "The first of the arguments: a generator's result.",
                body: { call throws(DanaError) in
                    call.heap.retained(try exception(call).arguments.items.first ?? .null)
                }),
        ])

    static let enumMembers = NativeCatalogue.Member.table(
        methods: [],
        properties: [
            NativeFunction(
                "enum.name", [.receiver], "The name of the member.",
                body: { call throws(DanaError) in
                    guard let member = EnumMemberObject(call[0]) else { throw call.expects("an enum member", at: 0) }
                    return call.heap.retained(member.at.pointee.name)
                }),
            NativeFunction(
                "enum.value", [.receiver], "The value of the member.",
                body: { call throws(DanaError) in
                    guard let member = EnumMemberObject(call[0]) else { throw call.expects("an enum member", at: 0) }
                    return call.heap.retained(member.at.pointee.content)
                }),
        ])

    private static func exception(_ call: NativeCall) throws(DanaError) -> ExceptionObject {
        guard let exception = ExceptionObject(call[0]) else { throw call.expects("an exception", at: 0) }
        return exception
    }

    /// A property that only an `OSError` has; null where it was made without.
    private static func systemError(
        _ name: String, _ documentation: String, _ part: @escaping @Sendable (SystemErrorParts?) -> Value?
    ) -> NativeFunction {
        NativeFunction("exception." + name, [.receiver], documentation) { call throws(DanaError) in
            let exception = try exception(call)
            guard exception.exceptionKind.isKind(of: .osError) else {
                throw call.heap.attributeError("'\(call[0].typeName)' object has no attribute '\(name)'")
            }
            return part(SystemErrorParts(exception)).map { call.heap.retained($0) } ?? .null
        }
    }

    /// A property that only an error about an encoding has.
    private static func unicodeError(
        _ name: String, _ documentation: String, _ part: @escaping @Sendable (UnicodeErrorParts) -> Value
    ) -> NativeFunction {
        NativeFunction("exception." + name, [.receiver], documentation) { call throws(DanaError) in
            guard let parts = UnicodeErrorParts(try exception(call)) else {
                throw call.heap.attributeError("'\(call[0].typeName)' object has no attribute '\(name)'")
            }
            return call.heap.retained(part(parts))
        }
    }

    private static func cause(_ call: NativeCall) throws(DanaError) -> Value {
        let cause = try exception(call).at.pointee.cause
        return cause.isUndefined ? .null : call.heap.retained(cause)
    }

    private static func context(_ call: NativeCall) throws(DanaError) -> Value {
        call.heap.retained(try exception(call).at.pointee.context)
    }
}
