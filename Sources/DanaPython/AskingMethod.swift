import PythonBridge

/// Which function of the package's asks a model, and what is awaited in its place where an event loop runs.
struct AskingMethod: Sendable {
    let name: StaticString
    let instead: StaticString

    /// `method` is one of a model's; nil for `reason` without one.
    init(_ method: String?) {
        switch method {
        case "reason": (name, instead) = ("reason", "get_llm_async().reason()")
        case "generate": (name, instead) = ("generate", "get_llm_async().generate()")
        case "chat": (name, instead) = ("chat", "get_llm_async().chat()")
        default: (name, instead) = ("reason", "reason_async()")
        }
    }
}
