import Dana
import DanaLanguage
import PythonBridge

/// A Python function that programs call by its name.
final class PythonFunction: HostFunction {
    let function: PythonObject
    let takesContext: Bool
    let policy: ScopePolicy

    init(_ function: PythonObject, takesContext: Bool, policy: ScopePolicy) {
        self.function = function
        self.takesContext = takesContext
        self.policy = policy
    }

    var signature: CallableSignature? { nil }

    func call(_ call: HostCall, in core: ContextCore) -> HostReply {
        Python.hold { py in
            PythonCall(core: core, call: call).answer(py) { arguments, keywords, py throws(PythonError) in
                guard takesContext else { return try function.invoke(arguments, keywords, py) }
                let passed = policy.narrowed(by: core.settings.passing)
                let context = try PassedContext(core, passed).object(py)
                return try function.invoke([context] + arguments, keywords, py)
            }
        }
    }
}
