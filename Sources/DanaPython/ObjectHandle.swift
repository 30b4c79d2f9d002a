import Dana
import DanaLanguage
import PythonBridge

/// A value of Dana's that has no plain form in Python: an instance of a struct, an enum's member, an iterator.
final class ObjectHandle: PythonExported, Sendable {
    let reference: ValueReference
    let typeName: String
    let kind: Kind

    /// What values there are that have no plain form.
    enum Kind: String {
        /// An instance of a struct.
        case structure = "struct"
        case enumeration = "enum"
        /// A member of an enum.
        case member
        case generator, iterator, exception
        case other

        init(of value: Value) {
            self =
                switch value.view {
                case .structure: .structure
                case .enumMember: .member
                case .callable: .enumeration
                case .iterator: value.isGenerator ? .generator : .iterator
                case .exception: .exception
                default: .other
                }
        }
    }

    init(_ reference: ValueReference, typeName: String, kind: Kind) {
        self.reference = reference
        self.typeName = typeName
        self.kind = kind
    }

    /// Whether it is of the host's, such as a language model: only programs can ask it something.
    private var isOfHost: Bool {
        if case .handle = reference.value.view { true } else { false }
    }

    private func checkHasAttributes() throws(DanaFailure) {
        guard isOfHost else { return }
        throw DanaFailure(
            .raised(.attributeError), kind: "AttributeError",
            "the '\(typeName)' that a program holds has no attributes in Python: use it in Dana, and let the program give "
                + "what comes of it")
    }

    private func withInterpreter<Result>(
        _ py: borrowing Python, _ body: (Interpreter) throws -> Result
    ) throws(PythonError) -> Result {
        do {
            return try reference.core.withLock(body)
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    /// An iterator's next item, after what `begin` has it do.
    private func nextItem(
        _ begin: @Sendable (Interpreter, borrowing Python) throws -> Int
    ) async throws -> PythonObject {
        do {
            return try await AsyncRun.quickResult(in: reference.core, begin: begin)
        } catch let failure as DanaFailure where failure.cause == .raised(.stopIteration) {
            throw PythonError(.stopAsyncIteration, "")
        }
    }

    private func item(after step: GeneratorStep) async throws -> PythonObject {
        let reference = reference
        return try await nextItem { interpreter, py in try step.begin(reference, interpreter, py) }
    }

    private func item(after step: GeneratorStep, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        PythonObject(
            owning: try SyncRun.quickResult(in: reference.core, isIteration: true, py) { interpreter in
                try step.begin(reference, interpreter, py)
            })
    }

    static let pythonClass = PythonClass("Object", doc: "A value that stays in its context.") {
        function("get", "self", "name", doc: "An attribute.") {
            (object: ObjectHandle, name: String) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in
                let core = object.reference.core
                let value = try object.withInterpreter(py) {
                    try object.checkHasAttributes()
                    return SentValue(value: try $0.attribute(name, of: object.reference.value))
                }
                do {
                    return PythonObject(owning: try DanaToPython.converted(value.value, in: core, wraps: false, py))
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        function("set", "self", "name", "value", doc: "Sets a field.") {
            (object: ObjectHandle, name: String, value: PythonObject) throws(PythonError) in
            try Python.hold { py throws(PythonError) in
                let core = object.reference.core
                let prepared = try Preparation.result(for: value, py)
                do {
                    try core.withLockForConversion(py) { interpreter in
                        try object.checkHasAttributes()
                        let made = try PythonToDana(core: core, interpreter: interpreter).value(prepared.pointer, py)
                        defer { interpreter.release(made) }
                        try interpreter.setAttribute(name, of: object.reference.value, to: made)
                    }
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
            return Nothing()
        }
        function("names", "self", doc: "The names of its fields.") {
            (object: ObjectHandle) throws(PythonError) -> [String] in
            try Python.hold { py throws(PythonError) in
                try object.withInterpreter(py) { interpreter in
                    switch object.kind {
                    case .member: ["name", "value"]
                    case .enumeration: interpreter.members(ofEnum: object.reference.value)
                    default: (interpreter.fields(of: object.reference.value) ?? []).map(\.name)
                    }
                }
            }
        }
        function("methods", "self", doc: "The names of its methods.") {
            (object: ObjectHandle) throws(PythonError) -> [String] in
            try Python.hold { py throws(PythonError) in
                try object.withInterpreter(py) { $0.methodNames(of: object.reference.value) }
            }
        }
        function("text", "self", doc: "What repr gives for it in Dana.") {
            (object: ObjectHandle) throws(PythonError) -> String in
            try Python.hold { py throws(PythonError) in
                try object.withInterpreter(py) {
                    object.isOfHost ? "<\(object.typeName) of a program>" : try $0.text(of: object.reference.value)
                }
            }
        }
        function("error", "self", doc: "An exception as Python's.") {
            (object: ObjectHandle) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in
                let failure = try object.withInterpreter(py) { interpreter in
                    object.reference.core.failure(of: object.reference.value, interpreter)
                }
                guard let failure else { throw .typeError("a \(object.typeName) is no exception") }
                return failure.pythonError(py).exception(py)
            }
        }
        function("next", "self", doc: "The next item of an iterator.") {
            (object: ObjectHandle) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in
                let core = object.reference.core
                return PythonObject(
                    owning: try SyncRun.quickResult(in: core, isIteration: true, py) { interpreter in
                        try interpreter.begin(nextOf: object.reference.value)
                    })
            }
        }
        asyncFunction("next_async", "self", doc: "The next item of an iterator, awaited.") {
            (object: ObjectHandle) async throws -> PythonObject in
            let reference = object.reference
            return try await object.nextItem { interpreter, _ in try interpreter.begin(nextOf: reference.value) }
        }
        function("send", "self", "value", doc: "Goes on with a value, and gives a generator's next item.") {
            (object: ObjectHandle, value: PythonObject) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in
                try object.item(after: .sending(value, to: object.reference.core, py), py)
            }
        }
        asyncFunction("send_async", "self", "value", doc: "Goes on with a value, and awaits a generator's next item.") {
            (object: ObjectHandle, value: PythonObject) async throws -> PythonObject in
            try await object.item(
                after: try Python.hold { py throws(PythonError) in
                    try GeneratorStep.sending(value, to: object.reference.core, py)
                })
        }
        function("throw", "self", "exception", doc: "Goes on with an exception, and gives a generator's next item.") {
            (object: ObjectHandle, exception: PythonObject) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in try object.item(after: .throwing(exception, py), py) }
        }
        asyncFunction(
            "throw_async", "self", "exception", doc: "Goes on with an exception, and awaits a generator's next item."
        ) {
            (object: ObjectHandle, exception: PythonObject) async throws -> PythonObject in
            try await object.item(
                after: try Python.hold { py throws(PythonError) in try GeneratorStep.throwing(exception, py) })
        }
        property("type_name", doc: "The name of its type.") { (object: ObjectHandle) in object.typeName }
        property("kind", doc: "struct, enum, member, generator, iterator, exception or other.") {
            (object: ObjectHandle) in object.kind.rawValue
        }
        property("identity", doc: "What tells it apart from all others that are held.") { (object: ObjectHandle) in
            PythonRow(
                Int(bitPattern: Unmanaged.passUnretained(object.reference.core).toOpaque()),
                object.reference.value.identityHash)
        }
        property("context_number", doc: "The number of the context it belongs to.") { (object: ObjectHandle) in
            Int(clamping: object.reference.core.number)
        }
        function("__repr__", "self") { (object: ObjectHandle) in "<\(object.typeName) of Dana>" }
        function("__eq__", "self", "other") { (object: ObjectHandle, other: ObjectHandle) throws(PythonError) -> Bool in
            guard object.reference.core === other.reference.core else { return false }
            return try Python.hold { py throws(PythonError) in
                try object.withInterpreter(py) { try $0.areEqual(object.reference.value, other.reference.value) }
            }
        }
        function("__hash__", "self") { (object: ObjectHandle) throws(PythonError) -> Int in
            try Python.hold { py throws(PythonError) in
                try object.withInterpreter(py) { try $0.hash(of: object.reference.value) }
            }
        }
    }
}
