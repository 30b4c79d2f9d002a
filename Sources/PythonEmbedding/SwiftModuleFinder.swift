import PythonBridge

/// Lets `import` find the Swift modules that are linked into the program, before any file of that name.
///
/// CPython's own table of built-in modules is not used: a dotted name in it is not found by its package.
enum SwiftModuleFinder {
    static func install(_ modules: [String: PythonModule], _ py: borrowing Python) throws(PythonError) {
        guard !modules.isEmpty else { return }
        let namespace = try py.import("types").attribute("SimpleNamespace", py)
        let newSpec = try py.import("importlib.machinery").attribute("ModuleSpec", py)
        let loader = try namespace.call(
            keywords: ["create_module": create(modules), "exec_module": execute(modules)], py: py)
        let find = function("find_spec", "name", optional("path", nil), optional("target", nil)) {
            (name: String, _: PythonObject?, _: PythonObject?) throws(PythonError) -> PythonObject? in
            guard modules[name] != nil else { return nil }
            return try Python.hold { py throws(PythonError) in
                try newSpec.call(name, loader, keywords: ["origin": "built-in"], py: py)
            }
        }
        let finder = try namespace.call(keywords: ["find_spec": find], py: py)
        _ = try py.import("sys").attribute("meta_path", py).callMethod("insert", 0, finder, py: py)
    }

    private static func create(_ modules: [String: PythonModule]) -> ExportedFunction {
        function("create_module", "spec") { (spec: PythonObject) throws(PythonError) -> PythonObject in
            try Python.hold { py throws(PythonError) in
                try module(named: spec.attribute("name", py), modules, py).make(for: spec, py)
            }
        }
    }

    private static func execute(_ modules: [String: PythonModule]) -> ExportedFunction {
        function("exec_module", "module") { (made: PythonObject) throws(PythonError) -> Nothing in
            try Python.hold { py throws(PythonError) in
                try module(named: made.attribute("__name__", py), modules, py).execute(made, py)
            }
            return Nothing()
        }
    }

    private static func module(
        named name: PythonObject, _ modules: [String: PythonModule], _ py: borrowing Python
    ) throws(PythonError) -> PythonModule {
        let name: String = try name.value(py)
        guard let module = modules[name] else {
            throw PythonError(.importError, "\(name) is not among the Swift modules of this program")
        }
        return module
    }
}
