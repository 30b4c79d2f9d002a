import Dana
import PythonBridge

/// The settings of contexts as the Python side holds them, read once for all that are made with them.
final class SettingsHandle: PythonExported, Sendable {
    let settings: ContextSettings
    /// What programs find in their scopes at first.
    let variables: [(scope: ScopeName, variables: [(name: String, value: PythonObject)])]

    init(_ given: KeywordArguments, _ py: borrowing Python) throws {
        let reader = SettingsReader(given)
        settings = try reader.settings(py)
        variables = try reader.variables(py)
    }

    static let pythonClass = PythonClass("Settings", doc: "How contexts are made.") {
        function("__init__", keywords("settings")) { (given: KeywordArguments) throws(PythonError) in
            try Python.hold { py throws(PythonError) in
                do {
                    return try SettingsHandle(given, py)
                } catch {
                    throw PythonError(mapping: error, py)
                }
            }
        }
        function("__repr__", "self") { (_: SettingsHandle) in "<Dana settings>" }
    }
}
