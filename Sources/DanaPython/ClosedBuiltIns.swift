import CPython
import PythonBridge

/// Built-ins of Python's that lead from text to anything: programs that come upon one cannot have it.
enum ClosedBuiltIns {
    private static let names = [
        "eval", "exec", "compile", "open", "__import__", "getattr", "setattr", "delattr", "vars", "dir", "globals",
        "locals", "input", "breakpoint",
    ]

    // Safe because it is touched with the interpreter held; built-ins live as long as that.
    @exclusivity(unchecked) nonisolated(unsafe) private static var objects: [(PyRef, String)]?

    /// The name of the closed built-in that an object is; nil for any other.
    static func name(of object: PyRef, _ py: borrowing Python) -> String? {
        guard py_is_builtin_function(object) != 0 else { return nil }
        let known = objects ?? names.compactMap { name in (try? py.builtin(name)).map { ($0.pointer, name) } }
        objects = known
        return known.first { $0.0 == object }?.1
    }

    static func refusal(of name: String) -> String {
        "'\(name)' is a built-in that is not open to Dana programs: give the program a function that does what it is to do"
    }
}
