extension ExceptionKind {
    /// The fields that a program may give by keywords when it makes an exception of the kind.
    var settableFields: [String] {
        if isKind(of: .nameError) { return ["name"] }
        if isKind(of: .importError) { return ["name", "path"] }
        return self == .attributeError ? ["name", "obj"] : []
    }
}

/// What exceptions and the members of enums tell.
enum MethodsException {
    static let exceptions = NativeCatalogue.Member.table(
        methods: [
            NativeFunction(
                "exception.add_note", [.receiver, NativeParameter("note")], "Adds a note that a traceback ends with.",
                body: addNote),
            NativeFunction(
                "exception.with_traceback", [.receiver, NativeParameter("tb")],
                "The exception itself: no program sees tracebacks.",
                body: { call throws(DanaError) in call.heap.retained(try exception(call).value) }),
        ],
        properties: [
            NativeFunction(
                "exception.args", [.receiver], "What the exception was made with.",
                body: { call throws(DanaError) in
                    let exception = try exception(call)
                    let told = try call.heap.detail(Heap.argumentsName, of: exception)
                    return call.heap.retained(told ?? exception.at.pointee.arguments)
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
            NativeFunction(
                "exception.__suppress_context__", [.receiver], "Whether it was raised `from` something, or from null.",
                body: { call throws(DanaError) in Value(!(try exception(call).at.pointee.cause.isUndefined)) }),
            NativeFunction(
                "exception.__notes__", [.receiver], "The notes that were added.",
                body: { call throws(DanaError) in
                    guard let notes = try call.heap.detail(Heap.notesName, of: try exception(call)) else {
                        throw noField(Heap.notesName, call)
                    }
                    return call.heap.retained(notes)
                }),
            NativeFunction(
                "exception.name", [.receiver], "The name that was not found, where the language looked for it.",
                body: name),
            field("path", "The file of the module that was not imported.", [.importError, .moduleNotFoundError]),
            field("obj", "What has no attribute of the name.", [.attributeError]),
            field("msg", "What is wrong, without the place.", [.jsonDecodeError]),
            field("doc", "The text that was read.", [.jsonDecodeError]),
            field("pos", "Where in the text, in characters.", [.jsonDecodeError]),
            field("lineno", "The line, from 1.", [.jsonDecodeError]),
            field("colno", "The column, from 1.", [.jsonDecodeError]),
            systemError("errno", "The number of the system's error.") { $0?.number },
            systemError("strerror", "The text of the system's error.") { $0?.text },
            systemError("filename", "The file that the system's error is of.") { $0?.file },
            systemError("filename2", "The other file that the system's error is of.") { $0?.otherFile },
            unicodeError("encoding", "The encoding that could not convert something.") { $0.encoding },
            unicodeError("object", "What the encoding could not convert.") { $0.object },
            unicodeError("start", "Where begins what the encoding could not convert.") { $0.start },
            unicodeError("end", "Where ends what the encoding could not convert.") { $0.end },
            unicodeError("reason", "Why the encoding could not convert it.") { $0.reason },
            detail("code", "What went wrong with a language model, in a word such as `rate_limited`."),
            detail("model", "The provider and the model that failed."),
            detail("status", "The status of the HTTP answer of a language model that failed; null for none."),
            detail("retry_after", "The seconds after which to ask a language model again; null where nobody says."),
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
            guard exception.exceptionKind.isKind(of: .osError) else { throw noField(name, call) }
            return part(SystemErrorParts(exception)).map { call.heap.retained($0) } ?? .null
        }
    }

    /// A property that only some kinds have; null where the program made the exception.
    private static func field(
        _ name: String, _ documentation: String, _ kinds: Set<ExceptionKind>
    ) -> NativeFunction {
        NativeFunction("exception." + name, [.receiver], documentation) { call throws(DanaError) in
            let exception = try exception(call)
            guard kinds.contains(exception.exceptionKind) else { throw noField(name, call) }
            return call.heap.retained(try call.heap.detail(name, of: exception) ?? .null)
        }
    }

    /// A property that only an exception has to which the host gave it.
    private static func detail(_ name: String, _ documentation: String) -> NativeFunction {
        NativeFunction("exception." + name, [.receiver], documentation) { call throws(DanaError) in
            guard let value = try call.heap.detail(name, of: try exception(call)) else { throw noField(name, call) }
            return call.heap.retained(value)
        }
    }

    private static func noField(_ name: String, _ call: NativeCall) -> DanaError {
        call.heap.attributeError("'\(call[0].typeName)' object has no attribute '\(name)'")
    }

    /// The name is read from the message, for it is seldom asked.
    private static func name(_ call: NativeCall) throws(DanaError) -> Value {
        let exception = try exception(call)
        let kind = exception.exceptionKind
        guard kind.isKind(of: .nameError) || kind == .attributeError || kind.isKind(of: .importError) else {
            throw noField("name", call)
        }
        if let given = try call.heap.detail("name", of: exception) { return call.heap.retained(given) }
        guard let message = exception.arguments.items.first.flatMap({ StringObject($0)?.text }) else { return .null }
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        let name: Substring? =
            switch parts.count {
            case 3 where kind.isKind(of: .nameError): parts[1]
            case 3 where parts[0] == "No module named ": parts[1]
            case 5 where kind == .attributeError: parts[3]
            case 5 where parts[2] == " from ": parts[3]
            default: nil
            }
        return try name.map { name throws(DanaError) in try call.heap.string(String(name)).value } ?? .null
    }

    private static func addNote(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let exception = try exception(call)
        guard call[1].isObject(.string) else {
            throw heap.typeError("note must be a str, not '\(call[1].typeName)'")
        }
        if try heap.detail(Heap.notesName, of: exception) == nil {
            let list = heap.owned(try heap.list().value)
            try heap.setDetail(Heap.notesName, to: list.value, of: exception)
        }
        guard let notes = try heap.detail(Heap.notesName, of: exception).flatMap({ ListObject($0) }) else {
            throw heap.typeError("Cannot add note: __notes__ is not a list")
        }
        try heap.append(heap.retained(call[1]), to: notes)
        return .null
    }

    /// A property that only an error about an encoding has.
    private static func unicodeError(
        _ name: String, _ documentation: String, _ part: @escaping @Sendable (UnicodeErrorParts) -> Value
    ) -> NativeFunction {
        NativeFunction("exception." + name, [.receiver], documentation) { call throws(DanaError) in
            guard let parts = UnicodeErrorParts(try exception(call)) else {
                throw noField(name, call)
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
