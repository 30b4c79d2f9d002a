import CPython
import Dana
import DanaLanguage
import PythonBridge

/// The attributes of Python objects that programs reach: no name with underscores around it, which leads to Python's
/// inside, no module that is not granted, and no method of a library's that reaches past the context (`ClosedMethods`).
struct OpenAttributes {
    let object: PythonObject
    let core: ContextCore

    /// An attribute's value, or `fallback` where there is no such attribute.
    func value(
        _ name: String, orElse fallback: PythonObject? = nil, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        try checkName(name, py)
        if let reason = ClosedMethods.reason(against: name, of: object, calledWith: nil, py) {
            throw closed(name, reason, py)
        }
        return try open(name, orElse: fallback, py)
    }

    /// What a method is called with goes to it.
    func result(
        of name: String, _ arguments: [PythonObject], _ keywords: [(String, PythonObject)], _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        try checkName(name, py)
        let given = ClosedMethods.Arguments(positional: arguments, named: keywords)
        if let reason = ClosedMethods.reason(against: name, of: object, calledWith: given, py) {
            throw closed(name, reason, py)
        }
        let method = try open(name, orElse: nil, py)
        // A module's functions are no methods.
        let isFunction = py_is_module(object.pointer) != 0 && method.typeName(py) == "function"
        let context = isFunction ? try PythonGuest(method, py).context(in: core, py) : nil
        return try method.invoke((context.map { [$0] } ?? []) + arguments, keywords, py)
    }

    /// A name that is asked for, or set.
    func checkName(_ name: String, _ py: borrowing Python) throws(PythonError) {
        if name.utf8.first == UInt8(ascii: "_") || OpenAttributes.inner.contains(name) { throw closed(name, "", py) }
    }

    private func open(
        _ name: String, orElse fallback: PythonObject?, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        let value =
            if let fallback {
                try py.builtin("getattr").call(object, name, fallback, py: py)
            } else {
                try object.attribute(name, py)
            }
        guard !OpenAttributes.isClosedModule(value, named: name, of: object, in: core, py) else {
            throw PythonError(
                mapping: DanaFailure(
                    .usage, kind: "CapabilityError",
                    "'\(name)' is a module, which needs the capability 'python_import:\(name)', which this context was "
                        + "not granted: create_context(allowed_capabilities=['python_import:\(name)'])"), py)
        }
        return value
    }

    private func closed(_ name: String, _ reason: String, _ py: borrowing Python) -> PythonError {
        let reason = reason.isEmpty ? "" : ": \(reason)"
        return PythonError(
            .attributeError, "'\(object.typeName(py))' object: '\(name)' is not open to Dana programs\(reason)")
    }

    /// Whether an attribute is a module that the context may not import: neither by its name, nor by the one under which
    /// it is found here and Python imports it, nor by its file.
    static func isClosedModule(
        _ value: PythonObject, named name: String, of owner: PythonObject, in core: ContextCore, _ py: borrowing Python
    ) -> Bool {
        guard py_is_module(value.pointer) != 0 else { return false }
        let capabilities = core.settings.capabilities
        guard let scopes = capabilities.scopes(of: .pythonImport) else { return false }
        guard !scopes.isEmpty, let own = try? value.attribute("__name__", as: String.self, py) else { return true }
        if ForeignModule(name: own, file: nil).isGranted(by: capabilities) { return false }
        if let file = try? value.attribute("__file__", as: String.self, py),
            ForeignModule(name: own, file: file).isGranted(by: capabilities)
        {
            return false
        }
        guard py_is_module(owner.pointer) != 0, let package = try? owner.attribute("__name__", as: String.self, py)
        else { return true }
        let path = "\(package).\(name)"
        return !ForeignModule(name: path, file: nil).isGranted(by: capabilities)
            || (try? py.import("sys").attribute("modules", py).item(try py.object(path), py))?.pointer != value.pointer
    }

    /// Attributes that lead from a value to the code and frames behind it.
    private static let inner: Set<String> = [
        "gi_frame", "gi_code", "gi_yieldfrom", "cr_frame", "cr_code", "cr_await", "cr_origin", "ag_frame", "ag_code",
        "ag_await", "tb_frame", "tb_next", "f_globals", "f_locals", "f_builtins", "f_back", "f_code", "f_trace", "mro",
    ]
}
