import CPython
import Dana
import DanaLanguage
import PythonBridge

/// `DanaFunction`: a Dana function that Python calls.
final class FunctionHandle: PythonExported, Sendable {
    let reference: ValueReference
    let signature: CallableSignature?
    /// Whether results are given to the Python side to wrap, as those of a module's functions are.
    let wraps: Bool
    let kind: CallableKind
    /// Brings the function anew when its context is closed; nothing for most.
    private let again: PythonObject?

    init(_ reference: ValueReference, _ signature: CallableSignature?, wraps: Bool, again: PythonObject? = nil) {
        self.reference = reference
        self.signature = signature
        self.wraps = wraps
        self.again = again
        kind = reference.value.callableKind ?? .function
    }

    /// The function to call: this one, or what stands for it since its context was closed.
    func live(_ py: borrowing Python) throws(PythonError) -> FunctionHandle {
        guard let again, reference.core.isClosed else { return self }
        let made = try again.call(py: py)
        return FunctionHandle.held(made.pointer) ?? self
    }

    private var name: String { signature?.name ?? kind.rawValue }

    /// The function of Python's that programs call by its name.
    private var registered: PythonFunction? {
        let value = reference.value
        let core = reference.core
        let name = (try? core.withLock { $0.hostFunctionName(of: value) }) ?? nil
        return name.flatMap { core.runtime.functions.resolve($0)?.function as? PythonFunction }
    }

    private var hostDocumentation: String? {
        guard let registered else { return nil }
        return Python.hold { py in try? registered.function.attribute("__doc__", as: String?.self, py) } ?? nil
    }

    /// What it is to users, in a word.
    private var word: String {
        switch kind {
        case .structure, .type: kind.rawValue
        default: "function"
        }
    }

    /// What the Python side makes of it.
    private func told(by name: Hooks.Name) throws(PythonError) -> PythonObject {
        try Python.hold { py throws(PythonError) in
            guard let hook = Hooks[name] else { return py.none }
            return try hook.call(self, py: py)
        }
    }

    /// Whether an object is of the type that this is.
    private func isInstance(_ object: PythonObject, _ py: borrowing Python) throws(PythonError) -> Bool {
        guard kind == .structure || kind == .type else {
            throw .typeError(
                "isinstance() arg 2 must be a type, a tuple of types, or a union: '\(name)' is a function of Dana's")
        }
        let type = try live(py).reference
        let prepared = try Preparation.result(for: object, py)
        if let held = ObjectHandle.held(prepared.pointer) {
            guard held.reference.core === type.core else { return false }
        } else if kind == .structure {
            return false
        }
        do {
            return try type.core.withLockForConversion(py) { interpreter in
                let value = try PythonToDana(core: type.core, interpreter: interpreter).value(prepared.pointer, py)
                defer { interpreter.release(value) }
                return try interpreter.isInstance(value, of: type.value)
            }
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    /// A new reference to what a call comes to.
    private func result(
        _ arguments: UnsafePointer<PyRef?>?, _ count: Int, _ names: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        let core = reference.core
        let callee = reference.value
        if names == nil,
            let result = try QuickRun.result(
                in: core, wraps: wraps, py,
                begin: { interpreter in
                    try PassedArguments.begin(calling: callee, count, interpreter, py) { arguments?[$0] }
                })
        {
            return result
        }
        let live = try live(py)
        if live !== self { return try live.result(arguments, count, names, py) }
        let passed = try PassedArguments(arguments, count, names, to: core, py)
        return try SyncRun.quickResult(in: core, wraps: wraps, py) { interpreter in
            try passed.begin(calling: callee, core, interpreter, py)
        }
    }

    static let pythonClass = PythonClass(
        "DanaFunction", doc: "A function written in Dana: call it like any other.", changeable: true
    ) {
        DirectCall { object, arguments, count, names in
            DirectCall.answer(object, count) { (function: FunctionHandle, count, py) throws(PythonError) in
                try function.result(arguments, count, names, py)
            }
        }
        asyncFunction(
            "call_async", doc: "Calls it and awaits the result.",
            preparing: { (function: FunctionHandle, arguments, keywords, py) in
                AwaitedCall(function, arguments, keywords, py)
            },
            attempting: { (call: AwaitedCall, py) throws(PythonError) in try call.attempt(py) }
        ) { (call: AwaitedCall) async throws in try await call.result() }
        property("name", doc: "The function's name.") { (function: FunctionHandle) in function.name }
        property("__name__", doc: "The function's name.") { (function: FunctionHandle) in function.name }
        property("__qualname__", doc: "The function's name.") { (function: FunctionHandle) in function.name }
        property("module", doc: "The Dana module it was defined in, or None.") { (function: FunctionHandle) in
            function.signature?.module
        }
        property("source", doc: "The file or text it was defined in, or None.") { (function: FunctionHandle) in
            function.signature?.source
        }
        property("line", doc: "The line of its definition; 0 where there is none.") { (function: FunctionHandle) in
            function.signature?.line ?? 0
        }
        property("documentation", doc: "Its docstring, or None.") { (function: FunctionHandle) in
            function.signature?.documentation ?? function.hostDocumentation
        }
        property("host_function", doc: "The function of Python's that is registered by its name, or None.") {
            (function: FunctionHandle) in function.registered?.function
        }
        property("takes_context", doc: "Whether its first parameter gets the context, and no argument.") {
            (function: FunctionHandle) in function.registered?.takesContext ?? false
        }
        property("annotation", doc: "The type of its result as the text has it, or None.") {
            (function: FunctionHandle) in function.signature?.annotation
        }
        property("is_generator", doc: "Whether calling it gives an iterator.") { (function: FunctionHandle) in
            function.signature?.isGenerator ?? false
        }
        property("wraps", doc: "Whether results have as_float() and the like.") { (function: FunctionHandle) in
            function.wraps
        }
        property("kind", doc: "function, method, struct, enum, type, built-in or pipeline.") {
            (function: FunctionHandle) in function.kind.rawValue
        }
        function("get", "self", "name", doc: "An attribute: a member of an enum.") {
            (function: FunctionHandle, name: String) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in
                let core = function.reference.core
                do {
                    let value = try core.withLock {
                        SentValue(value: try $0.attribute(name, of: function.reference.value))
                    }
                    return PythonObject(owning: try DanaToPython.converted(value.value, in: core, wraps: false, py))
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        function("methods", "self", doc: "The names of a struct type's methods.") {
            (function: FunctionHandle) throws(PythonError) -> [String] in
            try Python.hold { py throws(PythonError) in
                do {
                    return try function.reference.core.withLock { $0.methodNames(of: function.reference.value) }
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        property("context_number", doc: "The number of the context it belongs to.") { (function: FunctionHandle) in
            Int(clamping: function.reference.core.number)
        }
        property("parameters", doc: "Name, kind, default and annotation of each parameter.") {
            (function: FunctionHandle) in
            (function.signature?.parameters ?? []).map { parameter in
                let kind =
                    switch parameter.kind {
                    case .positionalOnly: 0
                    case .either: 1
                    case .variadic: 2
                    case .keywordOnly: 3
                    case .keywords: 4
                    }
                return PythonRow(parameter.name, kind, parameter.defaultText, parameter.annotation)
            }
        }
        function("tool_schema", "self", doc: "The JSON Schema of its parameters, or None.") {
            (function: FunctionHandle) throws(PythonError) -> PythonValue? in
            try Python.hold { py throws(PythonError) in try function.live(py).toolSchema(py) }
        }
        function(
            "tool_arguments", "self", "written", doc: "What it is called with for arguments that a model wrote as JSON."
        ) { (function: FunctionHandle, written: String) throws(PythonError) -> [String: PythonObject] in
            try Python.hold { py throws(PythonError) in try function.live(py).toolArguments(written, py) }
        }
        property("__signature__", doc: "The signature, for inspect.") {
            (function: FunctionHandle) throws(PythonError) -> PythonObject in
            try function.told(by: .signature)
        }
        property("__annotations__", doc: "The types of its parameters and of its result, for typing.") {
            (function: FunctionHandle) throws(PythonError) -> PythonObject in
            try function.told(by: .annotations)
        }
        function(
            "__get__", "self", "instance", optional("owner", PythonObject?.none),
            doc: "Itself, also as an attribute of a class: help and inspect take it for a function."
        ) { (function: FunctionHandle, _: PythonObject?, _: PythonObject?) in function }
        function("__repr__", "self") { (function: FunctionHandle) in
            "<Dana \(function.word) \(function.name)\(function.signature?.module.map { " of \($0)" } ?? "")>"
        }
        function("__instancecheck__", "self", "instance", doc: "Whether an object is of the type that this is.") {
            (function: FunctionHandle, instance: PythonObject) throws(PythonError) -> Bool in
            try Python.hold { py throws(PythonError) in try function.isInstance(instance, py) }
        }
        function("__eq__", "self", "other") { (function: FunctionHandle, other: FunctionHandle) in
            function.reference.core === other.reference.core
                && function.reference.value.isSame(as: other.reference.value)
        }
        function("__hash__", "self") { (function: FunctionHandle) in function.reference.value.identityHash }
    }
}
