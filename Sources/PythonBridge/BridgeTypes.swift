import CPython

/// Adds to a module the types of what asynchronous functions and streams give: `Coroutine` and `Stream`.
///
/// The first module that asks gives them its name.
public struct BridgeTypes: PythonModuleItem {
    public init() {}

    public func install(in module: PyRef, named name: StaticString, _ py: borrowing Python) throws(PythonError) {
        let coroutine = try Coroutine.type(in: "\(name)", py).type
        let stream = try StreamObject.type(in: "\(name)", py).type
        guard PyModule_AddObjectRef(module, "Coroutine", coroutine) == 0,
            PyModule_AddObjectRef(module, "Stream", stream) == 0
        else { throw .taken(py) }
    }
}
