import CPython
import Dana
import DanaLanguage
import PythonBridge

/// The context as a Python function sees it that takes one: copies of the variables of the scopes that its policy
/// passes, as a dict from the scope's name to a dict.
struct PassedContext {
    private let core: ContextCore
    private let policy: ScopePolicy
    private let call: HostCall

    init(_ core: ContextCore, _ policy: ScopePolicy, for call: HostCall) {
        self.core = core
        self.policy = policy
        self.call = call
    }

    func object(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        let context = try py.builtin("dict").call(py)
        for scope in VariableScope.allCases where policy.passed.contains(scope) {
            try context.setItem(scope.word, try PassedContext.variables(of: scope, core, py), py)
        }
        core.notePassing(policy, to: call)
        guard let hook = Hooks[.context] else { return context }
        return try hook.call(context, py: py)
    }

    /// The variables of a scope as a new dict.
    static func variables(
        of scope: VariableScope, _ core: ContextCore, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        guard let dict = PyDict_New() else { throw .taken(py) }
        let held = PythonObject(owning: dict)
        do {
            var pending = try core.withLockForConversion(py) { interpreter in
                var converter = DanaToPython(core, interpreter)
                for (name, value) in try core.variables(of: scope, interpreter) {
                    let key = try name.toPython(py)
                    defer { py_decref(key) }
                    let made = try converter.object(value, py)
                    defer { py_decref(made) }
                    guard PyDict_SetItem(dict, key, made) == 0 else { throw PythonError.taken(py) }
                }
                return converter.pending
            }
            try pending.fill(py)
            let seen = try pending.seen(held.owned(py), py)
            return PythonObject(owning: seen)
        } catch {
            throw PythonError(mapping: error, py)
        }
    }
}
