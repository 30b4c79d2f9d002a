import CPython

/// A value that a module offers under a name.
public struct PythonConstant: PythonModuleItem {
    private let name: StaticString
    private let value: any ToPython & Sendable

    init(_ name: StaticString, _ value: any ToPython & Sendable) {
        self.name = name
        self.value = value
    }

    public func install(in module: PyRef, named: StaticString, _ py: borrowing Python) throws(PythonError) {
        let object = try value.toPython(py)
        defer { py_decref(object) }
        guard PyModule_AddObjectRef(module, name.pointer, object) == 0 else { throw .taken(py) }
    }
}

/// A constant of a module, converted when the module is imported.
public func constant(_ name: StaticString, _ value: some ToPython & Sendable) -> PythonConstant {
    PythonConstant(name, value)
}

/// A module inside a module: importable by its dotted name once the outer one has been imported.
extension PythonModule: PythonModuleItem {
    public func install(in module: PyRef, named: StaticString, _ py: borrowing Python) throws(PythonError) {
        let fullName = "\(try PythonText.moduleName(module, py)).\(name)"
        let spec = try py.import("importlib.machinery").callMethod("ModuleSpec", fullName, py.none, py: py)
        let made = try make(for: spec, py)
        try execute(made, py)
        try py.import("sys").attribute("modules", py).setItem(fullName, made, py)
        guard PyModule_AddObjectRef(module, name.pointer, made.pointer) == 0 else { throw .taken(py) }
    }
}
