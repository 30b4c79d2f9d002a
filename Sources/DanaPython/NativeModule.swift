import Dana
import DanaData
import DanaLanguage
import PythonBridge

/// The extension module `opendxa.dana._native`: Dana as Python sees it.
let native = PythonModule("opendxa.dana._native", doc: "The part of the package that is written in Swift.") {
    BridgeTypes()
    DeadlineVariable("_deadline_variable")
    function("version", doc: "The version of this package.") { DanaVersion.text }
    function("build_info", doc: "How this build of the extension was made.") {
        () throws(PythonError) in try Python.hold { py throws(PythonError) in try BuildInfo.dictionary(py) }
    }
    asyncFunction(
        "sleep", "seconds", optional("result", PythonObject?.none),
        doc: "Suspends the task for `seconds` on Swift's own timer, then gives `result`."
    ) { (seconds: Seconds, result: PythonObject?) in
        try await TimerThread.shared.sleep(nanoseconds: seconds.nanoseconds)
        return result
    }
    function(
        "ticks", "interval", optional("count", Int?.none),
        doc: "Counts from 0, one number every `interval` seconds, for ever or `count` times."
    ) { (interval: Seconds, count: Int?) in
        PythonStream("ticks", buffer: 1) { Ticks(interval: interval, count: count) }
    }
    RuntimeHandle.pythonClass
    SettingsHandle.pythonClass
    ProgramHandle.pythonClass
    ContextHandle.pythonClass
    FunctionHandle.pythonClass
    ObjectHandle.pythonClass
    ModuleHandle.pythonClass
    ModelsHandle.pythonClass
    ModelHandle.pythonClass
    AnswerStreamHandle.pythonClass
    ToolRunHandle.pythonClass
    function("capability_names", doc: "The names of what programs can be granted.") {
        Capability.Name.allCases.map(\.rawValue)
    }
    function("pattern_fault", "pattern", doc: "Why a text is no regular expression of Dana's; None for one.") {
        (pattern: String) -> String? in
        do throws(TextPattern.Fault) {
            _ = try TextPattern(pattern)
            return nil
        } catch {
            return error.message
        }
    }
    function("told", "question", doc: "The last message of the user's as the model gets it, with the question's data.")
    {
        (question: QuestionArgument) throws in try question.question.told
    }
    function("show_call", "descriptor", doc: "Sets what functions show as their `__call__`; calls go on as they do.") {
        (descriptor: PythonObject) throws(PythonError) in
        try Python.hold { py throws(PythonError) in try FunctionHandle.pythonClass.showCall(descriptor, py) }
        return Nothing()
    }
    function("set_hooks", "hooks", doc: "Sets what the Python side does for the native one.") {
        (hooks: [String: PythonObject]) throws(PythonError) in
        try Hooks.set(hooks)
        return Nothing()
    }
}

@c(PyInit__native)
public func initializeNative() -> UnsafeMutableRawPointer? { native.initialize() }
