import CPython
import Dana
import DanaLanguage
import PythonBridge

/// Imports Python modules for programs: functions become host functions, everything else is held.
struct PythonImporter: ForeignImporter {
    func importModule(_ call: HostCall, name: String, file: String?, in core: ContextCore) -> HostReply {
        Python.hold { py in
            do {
                let module = try PythonImporter.load(name, file: file, py)
                let members = try PythonImporter.members(of: module, py)
                try core.withLock { interpreter in
                    let converter = PythonToDana(core: core, interpreter: interpreter)
                    let made = try interpreter.makeModule(name)
                    for (member, value) in members {
                        let value = try converter.value(value.pointer, py)
                        try interpreter.define(member, as: value, inModule: made)
                    }
                    interpreter.retain(made)
                    interpreter.answer(call.identifier, with: made)
                }
                return .answered
            } catch let error as DanaFailure {
                return core.fail(call, error.exceptionKind, error.message)
            } catch {
                let seen = SeenException(PythonError(mapping: error, py), py)
                return core.fail(call, seen.kind, seen.message, origin: seen.origin)
            }
        }
    }

    /// A module by its name, or by its file, which is run once a process and again when it has changed.
    private static func load(
        _ name: String, file: String?, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        guard let file else { return try py.import(name) }
        return try py.import("opendxa.dana._python_modules").callMethod("load", name, file, py: py)
    }

    /// What a module gives to others: what `__all__` names, or every name without a leading underscore.
    private static func members(
        of module: PythonObject, _ py: borrowing Python
    ) throws(PythonError) -> [(String, PythonObject)] {
        let names: [String]
        if try module.hasAttribute("__all__", py) {
            names = try module.attribute("__all__", as: [String].self, py)
        } else {
            names = try py.builtin("list").call(
                try module.attribute("__dict__", py), py: py
            ).value(as: [String].self, py).filter { !$0.hasPrefix("_") }
        }
        var members: [(String, PythonObject)] = []
        for name in names {
            members.append((name, try PythonToDana.prepared(try module.attribute(name, py), py)))
        }
        return members
    }
}
