import CPython
import Dana
import PythonBridge

/// Which of Python's modules programs reach: those that their context may import by the modules' own names, by others
/// that Python has them under, or by their files. What is looked at runs no code of Python's.
struct OpenModules {
    let core: ContextCore

    /// Whether an object is a module that is not open.
    func isClosed(_ object: PyRef, _ py: borrowing Python) -> Bool {
        guard py_is_module(object) != 0 else { return false }
        let capabilities = core.settings.capabilities
        guard let scopes = capabilities.scopes(of: .pythonImport) else { return false }
        guard !scopes.isEmpty, let name = text("__name__", of: object, py) else { return true }
        if ForeignModule(name: name, file: nil).isGranted(by: capabilities) { return false }
        if let file = text("__file__", of: object, py),
            ForeignModule(name: name, file: file).isGranted(by: capabilities)
        {
            return false
        }
        return !names(of: object, py).contains { ForeignModule(name: $0, file: nil).isGranted(by: capabilities) }
    }

    /// The names under which Python has imported a module, such as `os.path` for `posixpath`.
    private func names(of module: PyRef, _ py: borrowing Python) -> [String] {
        guard let imported = PyImport_GetModuleDict() else { return [] }
        var (place, key, value): (Int, PyRef?, PyRef?) = (0, nil, nil)
        var names: [String] = []
        while PyDict_Next(imported, &place, &key, &value) != 0 {
            guard value == module, let key, let name = try? String.fromPython(key, py) else { continue }
            names.append(name)
        }
        return names
    }

    /// Why a module is not given to a program.
    func refusal(of module: PyRef, _ py: borrowing Python) -> DanaFailure {
        let name = text("__name__", of: module, py) ?? "?"
        return DanaFailure(
            .usage, kind: "CapabilityError",
            "'\(name)' is a module, which needs the capability 'python_import:\(name)', which this context was "
                + "not granted: create_context(allowed_capabilities=['python_import:\(name)'])")
    }

    private func text(_ name: String, of module: PyRef, _ py: borrowing Python) -> String? {
        guard let inside = PyModule_GetDict(module), let key = try? py.object(name),
            let value = try? PythonObject(borrowing: inside, py).item(key, py)
        else { return nil }
        return try? value.value(as: String.self, py)
    }
}
