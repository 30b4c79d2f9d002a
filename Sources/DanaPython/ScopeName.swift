import Dana
import DanaLanguage
import PythonBridge

/// The name of a scope as Python gives it; `local` is the main module's own.
struct ScopeName: FromPython, Sendable {
    let kind: VariableScope

    static let pythonTypeName = "str"

    static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> ScopeName {
        let name = try String.fromPython(object, py)
        guard let kind = VariableScope.allCases.first(where: { $0.word == name }) else {
            throw .valueError("there is no scope '\(name)'; there are: local, private, public, system")
        }
        return ScopeName(kind: kind)
    }
}
