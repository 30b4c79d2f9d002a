import CPython

/// Python modules that the bridge itself needs, imported at first use and kept.
enum PythonModules {
    private static let asyncioModule = Once<PythonObject>()

    static var asyncio: PythonObject {
        get throws(PythonError) {
            try asyncioModule.value(Python(held: ())) { py throws(PythonError) in try `import`("asyncio", py) }
        }
    }

    static func `import`(_ name: StaticString, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        guard let module = PyImport_ImportModule(name.pointer) else { throw .taken(py) }
        return PythonObject(owning: module)
    }
}
