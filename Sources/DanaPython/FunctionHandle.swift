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

    init(_ reference: ValueReference, _ signature: CallableSignature?, wraps: Bool) {
        self.reference = reference
        self.signature = signature
        self.wraps = wraps
        kind = reference.value.callableKind ?? .function
    }

    private var name: String { signature?.name ?? "function" }

    static let pythonClass = PythonClass(
        "DanaFunction", doc: "A function written in Dana: call it like any other.", changeable: true
    ) {
        DirectCall { (function: FunctionHandle, arguments, keywords, py) throws(PythonError) in
            let passed = try PassedArguments(arguments, keywords, py)
            let core = function.reference.core
            return try SyncRun.quickResult(in: core, wraps: function.wraps, py) { interpreter in
                try passed.begin(calling: function.reference.value, core, interpreter, py)
            }
        }
        asyncFunction(
            "call_async", "self", variadic("args"), keywords("kwargs"), doc: "Calls it and awaits the result."
        ) {
            (function: FunctionHandle, arguments: PositionalArguments, keywords: KeywordArguments) async throws
                -> PythonObject in
            let passed = try Python.hold { py throws(PythonError) in
                try PassedArguments(keeping: arguments.tuple, keywords.dictionary, py)
            }
            let reference = function.reference
            return try await AsyncRun.quickResult(in: reference.core, wraps: function.wraps) { interpreter, py in
                try passed.begin(calling: reference.value, reference.core, interpreter, py)
            }
        }
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
            function.signature?.documentation
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
        property("__signature__", doc: "The signature, for inspect.") {
            (function: FunctionHandle) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in
                guard let hook = Hooks[.signature] else { return py.none }
                return try hook.call(function, py: py)
            }
        }
        function(
            "__get__", "self", "instance", optional("owner", PythonObject?.none),
            doc: "Itself, also as an attribute of a class: help and inspect take it for a function."
        ) { (function: FunctionHandle, _: PythonObject?, _: PythonObject?) in function }
        function("__repr__", "self") { (function: FunctionHandle) in
            "<Dana function \(function.name)\(function.signature?.module.map { " of \($0)" } ?? "")>"
        }
        function("__eq__", "self", "other") { (function: FunctionHandle, other: FunctionHandle) in
            function.reference.core === other.reference.core
                && function.reference.value.isSame(as: other.reference.value)
        }
        function("__hash__", "self") { (function: FunctionHandle) in function.reference.value.identityHash }
    }
}
