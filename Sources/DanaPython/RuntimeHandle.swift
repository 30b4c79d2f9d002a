import CPython
import Dana
import DanaLanguage
import PythonBridge

/// A runtime as the Python side holds it.
final class RuntimeHandle: PythonExported, Sendable {
    let core: RuntimeCore

    /// `passedScopes` gives the names of the scopes that pass to a Python function, none for one that takes no context.
    init(_ core: RuntimeCore, passedScopes: PythonObject?) {
        self.core = core
        core.foreign = PythonImporter(passedScopes: passedScopes)
    }

    static let pythonClass = PythonClass("Runtime", doc: "Makes contexts and keeps what they share.") {
        function(
            "__init__", optional("engine", String?.none), optional("python", "python3"),
            optional("fetching", PythonObject?.none), optional("libcurl", String?.none),
            optional("passed_scopes", PythonObject?.none)
        ) {
            (
                engine: String?, python: String, fetching: PythonObject?, libcurl: String?, passedScopes: PythonObject?
            ) in
            RuntimeHandle(
                RuntimeCore(models: ModelSettings.settings(engine, python, fetching, libcurl)),
                passedScopes: passedScopes)
        }
        function("models", "self", doc: "The language models.") { (runtime: RuntimeHandle) in
            ModelsHandle(runtime.core.models)
        }
        function("create_context", "self", "settings", doc: "Makes a context.") {
            (runtime: RuntimeHandle, given: SettingsHandle) throws(PythonError) -> ContextHandle in
            try Python.hold { py throws(PythonError) in
                do {
                    let context = try runtime.core.makeContext(given.settings) { ContextHandle($0) }
                    for (scope, variables) in given.variables {
                        for (name, value) in variables { try context.core.setVariable(name, of: scope, to: value, py) }
                    }
                    return context
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        function("resume", "self", "saved", "key", "settings", doc: "A context that goes on from saved bytes.") {
            (runtime: RuntimeHandle, saved: Bytes, key: Bytes, given: SettingsHandle) throws(PythonError)
                -> ContextHandle in
            try Python.hold { py throws(PythonError) in
                do {
                    return try runtime.core.restoreContext(
                        saved.content, key: try key.sealKey, given.settings
                    ) { ContextHandle($0) }
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        function(
            "register", "self", "name", "function", keyword("namespace", String?.none), keyword("origin", "Python"),
            keyword("takes_context", false), keyword("passed_scopes", [String]?.none), keyword("overwrite", false),
            doc: "Offers a Python function to programs."
        ) {
            (
                runtime: RuntimeHandle, name: String, function: PythonObject, namespace: String?, origin: String,
                takesContext: Bool, scopes: [String]?, overwrite: Bool
            ) throws(PythonError) in
            try Python.hold { py throws(PythonError) in
                let policy = try SettingsReader.policy(scopes) ?? ScopePolicy()
                do {
                    try runtime.core.functions.register(
                        name, namespace: namespace, origin: origin, takesContext: takesContext, policy: policy,
                        overwrite: overwrite,
                        PythonFunction(function, takesContext: takesContext, policy: policy))
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
            return Nothing()
        }
        function("unregister", "self", "name", optional("namespace", String?.none), doc: "Takes a function back.") {
            (runtime: RuntimeHandle, name: String, namespace: String?) in
            runtime.core.functions.remove(name, namespace: namespace)
            return Nothing()
        }
        function("offers", "self", "name", doc: "Whether a function of this name is offered to programs.") {
            (runtime: RuntimeHandle, name: String) in runtime.core.functions.resolve(name) != nil
        }
        function("functions", "self", doc: "The functions offered to programs.") {
            (runtime: RuntimeHandle) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in
                let list = try py.builtin("list").call(py)
                for entry in runtime.core.functions.list {
                    let row = try py.builtin("dict").call(py)
                    try row.setItem("name", entry.name, py)
                    try row.setItem("namespace", entry.namespace, py)
                    try row.setItem("origin", entry.origin, py)
                    try row.setItem("takes_context", entry.takesContext, py)
                    try row.setItem("function", (entry.function as? PythonFunction)?.function, py)
                    _ = try list.callMethod("append", row, py: py)
                }
                return list
            }
        }
        function("listen", "self", "callback", doc: "Calls back with every audit event.") {
            (runtime: RuntimeHandle, callback: PythonObject) in
            runtime.core.audit.listen { event in AuditEvents.tell(callback, event) }
        }
        function("stop_listening", "self", "number", doc: "Takes a listener back.") {
            (runtime: RuntimeHandle, number: Int) in
            runtime.core.audit.stopListening(number)
            return Nothing()
        }
        function("add_secret", "self", "value", doc: "Takes a text out of everything that leaves.") {
            (runtime: RuntimeHandle, value: String) throws(PythonError) in
            guard value.utf8.count >= OutputFilter.shortestSecret else {
                let failure = DanaFailure(
                    .usage, kind: "ValueError",
                    "a secret of fewer than \(OutputFilter.shortestSecret) characters would be found in other words: "
                        + "add_secret_pattern() takes what stands around it, too")
                throw Python.hold { py in PythonError(mapping: failure, py) }
            }
            runtime.core.filter.add(secret: value)
            return Nothing()
        }
        function("add_secret_pattern", "self", "pattern", doc: "Takes what matches out of everything that leaves.") {
            (runtime: RuntimeHandle, pattern: String) throws(PythonError) in
            do {
                try runtime.core.filter.add(pattern: pattern)
            } catch {
                throw Python.hold { py in PythonError(mapping: error, py) }
            }
            return Nothing()
        }
        function("redact", "self", "text", doc: "A text without what looks secret.") {
            (runtime: RuntimeHandle, text: String) in runtime.core.filter.redacted(text)
        }
        function("close", "self", doc: "Closes every context and makes no more.") { (runtime: RuntimeHandle) in
            runtime.core.close()
            return Nothing()
        }
        property("redactions", doc: "How often something was taken out.") { (runtime: RuntimeHandle) in
            runtime.core.filter.redactions
        }
        function("__repr__", "self") { (_: RuntimeHandle) in "<Dana runtime>" }
    }
}
