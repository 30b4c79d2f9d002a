import PythonBridge

/// Exported exception classes, and Swift errors of every kind on their way to Python.
@PythonModuleBuilder var errorProbes: [any PythonModuleItem] {
    probeError
    probeParseError
    function("fail_with", "kind", doc: "Throws an error of a kind.") { (kind: String) throws -> Nothing in
        switch kind {
        case "class": throw probeError("plain")
        case "attributes": throw probeParseError("bad shape", attributes: ["line": 3, "text": "squircle"])
        case "swift": throw ProbeSwiftError.broken(7)
        case "raisable": throw ProbeRaisable()
        case "cancelled": throw CancellationError()
        default: throw PythonError(.lookupError, kind)
        }
    }
    function("wrap", "callable", doc: "Calls; what is raised becomes the cause of a ProbeError with a note.") {
        (callable: PythonObject) throws(PythonError) -> PythonObject in
        try Python.hold { py throws(PythonError) in
            do throws(PythonError) {
                return try callable.call(py)
            } catch {
                throw try probeError("wrapped").caused(by: error, py).noted("seen by Swift", py)
            }
        }
    }
}

let probeError = PythonExceptionClass("ProbeError", base: .runtimeError, doc: "What the probes raise.")
let probeParseError = PythonExceptionClass("ProbeParseError", base: probeError, doc: "Has a line and a text.")

/// An error that knows nothing of Python.
enum ProbeSwiftError: Error {
    case broken(Int)
}

/// An error that says what it is in Python.
struct ProbeRaisable: PythonRaisable {
    func pythonError(_ py: borrowing Python) -> PythonError { PythonError(.permissionError, "not allowed") }
}
