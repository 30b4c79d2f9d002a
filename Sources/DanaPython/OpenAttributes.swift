import CPython
import Dana
import DanaLanguage
import PythonBridge

/// The attributes of Python objects that programs reach: no name with underscores around it, which leads to Python's
/// inside, and no method of a library's that reaches past the context (`ClosedMethods`). Where a value may not be a
/// program's at all, its conversion says so (`PythonToDana`).
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
        of name: String, _ arguments: [PythonObject], _ keywords: [(String, PythonObject)], for call: HostCall,
        _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        try checkName(name, py)
        let given = ClosedMethods.Arguments(positional: arguments, named: keywords)
        if let reason = ClosedMethods.reason(against: name, of: object, calledWith: given, py) {
            throw closed(name, reason, py)
        }
        let method = try open(name, orElse: nil, py)
        // It is called and never converted.
        if let name = ClosedBuiltIns.name(of: method.pointer, py) {
            throw PythonError(.attributeError, ClosedBuiltIns.refusal(of: name))
        }
        let isOfModule = py_is_module(object.pointer) != 0
        if !isOfModule, ClosedClasses.isClass(method.pointer, typeName: method.typeName(py)),
            let refusal = ClosedClasses.refusal(of: method, in: core, py)
        {
            throw refusal
        }
        // A module's functions are no methods.
        let isFunction = isOfModule && method.typeName(py) == "function"
        let context = isFunction ? try PythonGuest(method, py).context(for: call, in: core, py) : nil
        return try method.invoke((context.map { [$0] } ?? []) + arguments, keywords, py)
    }

    /// A name that is to be set or deleted.
    func checkChange(of name: String, _ py: borrowing Python) throws(PythonError) {
        try checkName(name, py)
        let type = object.type(py)
        let isOfLibrary =
            (try? type.attribute("__module__", as: String.self, py)).map { ClosedClasses.isOfLibrary($0, py) } ?? false
        let isShared =
            ClosedClasses.isClass(object.pointer, typeName: object.typeName(py)) || py_is_module(object.pointer) != 0
            || (isOfLibrary && object.isCallable(py)) || ClosedMethods.isShared(type, py)
        if isShared { throw closed(name, "what the whole process shares is not changed by programs", py) }
        try checkItems(py)
    }

    /// Items that are to be set or deleted.
    func checkItems(_ py: borrowing Python) throws(PythonError) {
        if object.typeName(py).hasSuffix(".flagsobj") { throw closed("flags", ClosedMethods.lockReason, py) }
    }

    /// What the object is to be compared with.
    func checkComparison(with other: PythonObject, _ py: borrowing Python) throws(PythonError) {
        if let reason = ClosedMethods.reason(comparing: object, with: other, py) { throw closed("==", reason, py) }
    }

    /// A name that is asked for.
    private func checkName(_ name: String, _ py: borrowing Python) throws(PythonError) {
        if name.utf8.first == UInt8(ascii: "_") || OpenAttributes.inner.contains(name) { throw closed(name, "", py) }
    }

    private func open(
        _ name: String, orElse fallback: PythonObject?, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        guard let fallback else { return try object.attribute(name, py) }
        return try py.builtin("getattr").call(object, name, fallback, py: py)
    }

    private func closed(_ name: String, _ reason: String, _ py: borrowing Python) -> PythonError {
        let reason = reason.isEmpty ? "" : ": \(reason)"
        return PythonError(
            .attributeError, "'\(object.typeName(py))' object: '\(name)' is not open to Dana programs\(reason)")
    }

    /// Attributes that lead from a value to the code and frames behind it.
    private static let inner: Set<String> = [
        "gi_frame", "gi_code", "gi_yieldfrom", "cr_frame", "cr_code", "cr_await", "cr_origin", "ag_frame", "ag_code",
        "ag_await", "tb_frame", "tb_next", "f_globals", "f_locals", "f_builtins", "f_back", "f_code", "f_trace", "mro",
    ]
}
