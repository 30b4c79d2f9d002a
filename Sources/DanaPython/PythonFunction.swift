import Dana
import DanaLanguage
import DanaModels
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

    /// Of a function that takes the context no model is told: the context is the program's.
    func tool() throws(DanaFailure) -> HostTool? { takesContext ? nil : try ModelMaterial.tool(of: function) }

    func call(_ call: HostCall, in core: ContextCore) -> HostReply {
        Python.hold { py in
            let answering = PythonCall(core: core, call: call)
            guard takesContext else { return answering.answer(calling: function, py) }
            return answering.answer(calling: function, py) { () throws(PythonError) in
                try Python.hold { py throws(PythonError) in
                    try PassedContext(core, policy.narrowed(by: core.settings.passing), for: call).object(py)
                }
            }
        }
    }
}
