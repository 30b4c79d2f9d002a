import Dana
import PythonBridge

/// Whether a Python function that programs hold takes the context, and what of it passes. The package's Python side knows:
/// it looks at the function, and at what the administrator's policy says of its name.
enum PassedScopes {
    /// Nobody has called it yet.
    case unknown
    /// It takes no context.
    case nothing
    case scopes(ScopePolicy)

    init(to function: PythonObject, in core: ContextCore, _ py: borrowing Python) throws(PythonError) {
        guard let known = (core.runtime.foreign as? PythonImporter)?.passedScopes else {
            self = .nothing
            return
        }
        let names = try known.call(function, py: py).value(as: [String]?.self, py)
        self = try SettingsReader.policy(names).map { .scopes($0.narrowed(by: core.settings.passing)) } ?? .nothing
    }
}
