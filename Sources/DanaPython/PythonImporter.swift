import CPython
import Dana
import DanaLanguage
import PythonBridge

/// Imports Python modules for programs: what a module gives to others becomes variables of a Dana module, plain data
/// copied, functions and everything else held as Python's own.
struct PythonImporter: ForeignImporter {
    /// Gives the names of the scopes that pass to a Python function; None for one that takes no context.
    let passedScopes: PythonObject?

    func finds(_ name: String) -> Bool {
        let whole = String(name.prefix { $0 != "." })
        return Python.hold { py in
            do throws(PythonError) {
                let found = try py.import("importlib.util").attribute("find_spec", py).call(whole, py: py)
                return !found.isNone(py)
            } catch {
                // What is loaded without saying from where is there.
                return true
            }
        }
    }

    func isStandard(_ name: String) -> Bool {
        let whole = String(name.prefix { $0 != "." })
        return Python.hold { py in
            do throws(PythonError) {
                let standard = try py.import("sys").attribute("stdlib_module_names", py)
                return try standard.callMethod("__contains__", whole, as: Bool.self, py: py)
            } catch {
                return false
            }
        }
    }

    func finds(_ name: String, in file: String) -> Bool {
        Python.hold { py in
            do throws(PythonError) {
                let modules = try py.import("opendxa.dana._python_modules")
                return try modules.callMethod("is_found_in", name, file, as: Bool.self, py: py)
            } catch {
                return false
            }
        }
    }

    func objects(_ names: [String], of module: ForeignModule) throws(DanaFailure) -> [any HostObject] {
        try Python.hold { py throws(DanaFailure) in
            do throws(PythonError) {
                let loaded = try PythonImporter.load(module, py)
                return try names.map { name throws(PythonError) in
                    PythonGuest(try Preparation.result(for: try loaded.attribute(name, py), py), py)
                }
            } catch {
                throw DanaFailure(.usage, kind: "ImportError", error.message(py))
            }
        }
    }

    func importModule(_ call: HostCall, _ module: ForeignModule, in core: ContextCore) -> HostReply {
        Python.hold { py in
            do {
                let members = try PythonImporter.members(of: try PythonImporter.load(module, py), in: core, py)
                try core.withLockForConversion(py) { interpreter in
                    let made = try PythonImporter.make(module.registeredName, members, core, interpreter, py)
                    interpreter.answer(call.identifier, with: made)
                }
                return .answered
            } catch let error as DanaFailure {
                return core.fail(call, error)
            } catch {
                let error = PythonError(mapping: error, py)
                if let missing = PythonImporter.missing(error, py), missing == module.name {
                    return core.fail(call, .moduleNotFoundError, "No module named '\(missing)'")
                }
                return PythonCall(core: core, call: call).fail(error, py)
            }
        }
    }

    /// The name of the module that an import did not find.
    private static func missing(_ error: PythonError, _ py: borrowing Python) -> String? {
        guard error.matches(.importError, py) else { return nil }
        let exception = error.exception(py)
        guard exception.typeName(py) == "ModuleNotFoundError" else { return nil }
        return try? exception.attribute("name", as: String.self, py)
    }

    /// The module with its variables, the caller's; with the lock held. What fails leaves no module behind.
    private static func make(
        _ name: String, _ members: [(String, PythonObject)], _ core: ContextCore, _ interpreter: Interpreter,
        _ py: borrowing Python
    ) throws -> Value {
        let converter = PythonToDana(core: core, interpreter: interpreter)
        let module = try interpreter.makeModule(name)
        interpreter.retain(module)
        do {
            for (member, value) in members {
                try interpreter.define(member, as: try converter.value(value.pointer, py), inModule: module)
            }
            try ForeignModule.bind(module, named: name, interpreter)
            return module
        } catch {
            interpreter.forgetModule(name)
            interpreter.release(module)
            throw error
        }
    }

    /// A module that Python finds by its name, or one by its file, which is run once a process and again when it has
    /// changed.
    private static func load(_ module: ForeignModule, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        guard let file = module.file else { return try py.import(module.name) }
        return try py.import("opendxa.dana._python_modules").callMethod("load", module.name, file, py: py)
    }

    /// What a module gives to others: what `__all__` names, or every name without a leading underscore; of the modules
    /// that it has imported those that the context may import, too.
    private static func members(
        of module: PythonObject, in core: ContextCore, _ py: borrowing Python
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
            // `__all__` of a package names parts of it, too, that nobody has imported yet.
            guard try module.hasAttribute(name, py) else { continue }
            let value = try module.attribute(name, py)
            if OpenModules(core: core).isClosed(value.pointer, py) { continue }
            members.append((name, try Preparation.result(for: value, py)))
        }
        return members
    }
}
