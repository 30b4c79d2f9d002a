import Dana
import DanaData
import DanaLanguage
import PythonBridge

/// A Dana module that Python looks into.
final class ModuleHandle: PythonExported, Sendable {
    let reference: ValueReference
    let name: String

    init(_ reference: ValueReference, name: String) {
        self.reference = reference
        self.name = name
    }

    static let pythonClass = PythonClass("Module", doc: "A module that stays in its context.") {
        property("name", doc: "The module's name.") { (module: ModuleHandle) in module.name }
        property("context_number", doc: "The number of the context it belongs to.") { (module: ModuleHandle) in
            Int(clamping: module.reference.core.number)
        }
        property("file", doc: "The file it was run from, or None.") { (module: ModuleHandle) in
            (try? module.reference.core.withLock { $0.source(ofModule: module.reference.value) }) ?? nil
        }
        property("documentation", doc: "Its docstring, or None.") { (module: ModuleHandle) in
            (try? module.reference.core.withLock { $0.documentation(ofModule: module.reference.value) }) ?? nil
        }
        property("closed", doc: "Whether its context is closed.") { (module: ModuleHandle) in
            module.reference.core.isClosed
        }
        function("names", "self", doc: "The names it gives to others.") {
            (module: ModuleHandle) throws(PythonError) -> [String] in
            try Python.hold { py throws(PythonError) in
                do {
                    return try module.reference.core.withLock { $0.publicNames(ofModule: module.reference.value) }
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        function(
            "get", "self", "name", optional("wraps", true), optional("again", PythonObject?.none),
            doc: "One of its variables. A function is brought anew by `again` when its context is closed."
        ) {
            (module: ModuleHandle, name: String, wraps: Bool, again: PythonObject?) throws(PythonError) -> PythonObject
            in
            try Python.hold { py throws(PythonError) in
                let again = again.flatMap { $0.isNone(py) ? nil : $0 }
                return try module.variable(name, wraps: wraps, again: again, py)
            }
        }
        function("set", "self", "name", "value", doc: "Sets one of its variables.") {
            (module: ModuleHandle, name: String, value: PythonObject) throws(PythonError) in
            try Python.hold { py throws(PythonError) in try module.setVariable(name, to: value, py) }
            return Nothing()
        }
        function("delete", "self", "name", doc: "Takes one of its variables away.") {
            (module: ModuleHandle, name: String) throws(PythonError) in
            try Python.hold { py throws(PythonError) in try module.deleteVariable(name, py) }
            return Nothing()
        }
        function("__repr__", "self") { (module: ModuleHandle) in "<Dana module \(module.name)>" }
    }

    private func setVariable(
        _ name: String, to value: PythonObject, _ py: borrowing Python
    ) throws(PythonError) {
        let core = reference.core
        let prepared = try Preparation.result(for: value, py)
        do {
            try core.withLockForConversion(py) { interpreter in
                let made = try PythonToDana(core: core, interpreter: interpreter).value(prepared.pointer, py)
                do {
                    try check(name, made, interpreter)
                } catch {
                    interpreter.release(made)
                    throw error
                }
                try interpreter.define(name, as: made, inModule: reference.value)
            }
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    private func deleteVariable(_ name: String, _ py: borrowing Python) throws(PythonError) {
        do {
            try reference.core.withLock { interpreter in
                _ = try visible(name, interpreter)
                _ = try interpreter.removeVariable(name, ofModule: reference.value)
            }
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    /// A variable that the module gives to others, borrowed; with the lock held.
    private func visible(_ name: String, _ interpreter: Interpreter) throws -> Value {
        guard !name.hasPrefix("_") || name == "__doc__",
            let value = try interpreter.variable(name, ofModule: reference.value)
        else {
            let near = Spelling.nearest(to: name, among: interpreter.publicNames(ofModule: reference.value))
            throw DanaFailure(
                .usage, kind: "AttributeError", "module '\(self.name)' has no attribute '\(name)'",
                hint: near.map { "did you mean '\($0)'?" })
        }
        try check(name, value, interpreter)
        return value
    }

    /// Refuses a variable that the module keeps to itself; with the lock held.
    private func check(_ name: String, _ value: Value, _ interpreter: Interpreter) throws {
        if let reason = try interpreter.refusal(of: name, value, ofModule: reference.value) {
            throw DanaFailure(.usage, kind: "AttributeError", reason)
        }
    }

    private func variable(
        _ name: String, wraps: Bool, again: PythonObject?, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        let core = reference.core
        do {
            let found = try core.withLock { interpreter -> (SentValue, CallableSignature?, Bool) in
                let value = try visible(name, interpreter)
                interpreter.retain(value)
                let kind = value.callableKind
                let isCallable = kind != nil && kind != .enumeration
                return (SentValue(value: value), isCallable ? interpreter.signature(of: value) : nil, isCallable)
            }
            if found.2 {
                return try py.object(
                    FunctionHandle(
                        ValueReference(owning: found.0.value, in: core), found.1, wraps: wraps, again: again))
            }
            return PythonObject(owning: try DanaToPython.converted(found.0.value, in: core, wraps: false, py))
        } catch {
            throw PythonError(mapping: error, py)
        }
    }
}
