import CPython
import DanaLanguage
import PythonBridge

/// The types that Dana and Python share, plain data's and exceptions': each is the other language's own on the other side.
enum PlainTypes {
    // Safe because it is touched with the interpreter held; built-in types live as long as that.
    @exclusivity(unchecked) nonisolated(unsafe) private static var known: [String: PyRef] = [:]
    @exclusivity(unchecked) nonisolated(unsafe) private static var names: [PyRef: String] = [:]

    private static func load(_ py: borrowing Python) {
        guard names.isEmpty else { return }
        for name in Interpreter.sharedTypeNames {
            guard let type = (try? py.builtin(name))?.pointer, py_is_type(type) != 0 else { continue }
            known[name] = type
            // Some have several names: OSError is IOError.
            names[type] = names[type] ?? name
        }
    }

    /// A new reference to Python's type of a name; nil where it has none.
    static func type(_ name: String, _ py: borrowing Python) -> PyRef? {
        load(py)
        guard let type = known[name] else { return nil }
        py_incref(type)
        return type
    }

    /// The name of a type that Dana has, too.
    static func name(of object: PyRef, _ py: borrowing Python) -> String? {
        guard py_is_type(object) != 0 else { return nil }
        load(py)
        return names[object]
    }
}
