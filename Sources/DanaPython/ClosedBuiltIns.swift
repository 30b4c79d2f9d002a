import CPython
import PythonBridge

/// Built-ins of Python's that lead from text to anything: programs that come upon one cannot have it. `str.format` as
/// the class has it reads whatever attribute the text names.
enum ClosedBuiltIns {
    private static let names = [
        "eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "delattr", "vars", "dir", "globals",
        "locals", "input", "breakpoint",
    ]
    private static let methods = ["format", "format_map"]

    // Safe because it is touched with the interpreter held; built-ins live as long as that.
    @exclusivity(unchecked) nonisolated(unsafe) private static var objects: [(PyRef, String)]?

    /// The name of the closed built-in that an object is; nil for any other.
    static func name(of object: PyRef, _ py: borrowing Python) -> String? {
        guard py_is_builtin_function(object) != 0 || py_is_method_descriptor(object) != 0 else { return nil }
        let known = objects ?? found(py)
        objects = known
        return known.first { $0.0 == object }?.1
    }

    private static func found(_ py: borrowing Python) -> [(PyRef, String)] {
        let functions = names.compactMap { name in (try? py.builtin(name)).map { ($0.pointer, name) } }
        let text = try? py.builtin("str")
        return functions
            + methods.compactMap { name in (try? text?.attribute(name, py)).map { ($0.pointer, "str.\(name)") } }
    }

    static func refusal(of name: String) -> String {
        "'\(name)' is a built-in that is not open to Dana programs: give the program a function that does what it is to do"
    }
}
