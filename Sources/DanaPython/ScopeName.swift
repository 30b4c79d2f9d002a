import Dana
import DanaLanguage
import PythonBridge

/// The name of a scope as Python gives it; `local` is the main module's own.
struct ScopeName: FromPython, Sendable {
    let kind: VariableScope

    static let pythonTypeName = "str"

    static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> ScopeName {
        ScopeName(kind: try scope(of: try String.fromPython(object, py)))
    }

    /// The scope of a name.
    static func scope(of name: String) throws(PythonError) -> VariableScope {
        guard let scope = VariableScope.allCases.first(where: { $0.word == name }) else {
            throw .valueError("there is no scope '\(name)'; there are: local, private, public, system")
        }
        return scope
    }
}
