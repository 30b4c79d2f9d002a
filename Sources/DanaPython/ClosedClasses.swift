import CPython
import Dana
import PythonBridge

/// Classes of Python's own, and of libraries with columns, that a program has come upon without being given them, as by a
/// column's type: they make what a context does not grant, such as the time, and have methods that values have closed. A
/// program may compare them, show them and pass them on. What a granted module has is given.
enum ClosedClasses {
    /// Whether an object is a class, or one with parameters, such as `list[int]`, whose attributes are the class's.
    static func isClass(_ object: PyRef, typeName: @autoclosure () -> String) -> Bool {
        if py_is_class(object) != 0 { return true }
        guard py_has_made_class(object) != 0 else { return false }
        let name = typeName().utf8
        return name.starts(with: "typing.".utf8) && name.suffix(5).elementsEqual("Alias".utf8)
    }

    /// Why a class that the host did not give is not open; nil where it is.
    static func refusal(of object: PythonObject, in core: ContextCore, _ py: borrowing Python) -> PythonError? {
        let type = py_is_type(object.pointer) != 0 ? object : (try? object.attribute("__origin__", py)) ?? object
        guard let module = try? type.attribute("__module__", as: String.self, py), isOfLibrary(module, py),
            !ForeignModule(name: module, file: nil).isGranted(by: core.settings.capabilities)
        else { return nil }
        let name = (try? type.attribute("__name__", as: String.self, py)) ?? "class"
        return PythonError(
            .attributeError,
            "'\(name)' is a class that is not open to Dana programs: give the program the class, or a function that does "
                + "what it is to do")
    }

    /// Whether a module is one of Python's own, or of a library with columns. The types of polars's columns say what
    /// the columns hold, and nothing else.
    static func isOfLibrary(_ module: String, _ py: borrowing Python) -> Bool {
        let root = module.prefix { $0 != "." }
        if libraries.contains(String(root)) { return !"\(module).".utf8.starts(with: "polars.datatypes.".utf8) }
        let own = try? py.import("sys").attribute("stdlib_module_names", py)
        return (try? own?.contains(String(root), py)) ?? false
    }

    private static let libraries: Set<String> = ["numpy", "pandas", "polars", "pyarrow", "dateutil", "pytz"]
}
