import CPython
import DanaModels
import PythonBridge

/// What a model is asked, and who asks: the hook `origin` says it, on the thread and in the context of the call.
struct Asked<Value: FromPython & Sendable>: FromPython, Sendable {
    let value: Value
    let origin: PythonObject?

    static var pythonTypeName: String { Value.pythonTypeName }

    static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Asked {
        Asked(value: try Value.fromPython(object, py), origin: CallOrigin.here(py))
    }

    /// The calls that the body makes are told as this caller's.
    func perform<Result>(_ body: (Value) async throws -> Result) async throws -> Result {
        try await CallOrigin.$current.withValue(origin) { try await body(value) }
    }
}

extension CallOrigin {
    /// The caller, as Python's side names it; nil where nobody wants to know.
    static func here(_ py: borrowing Python) -> PythonObject? {
        guard let hook = Hooks[.origin] else { return nil }
        do throws(PythonError) {
            return try hook.call(py: py)
        } catch {
            error.raise(py)
            PyErr_WriteUnraisable(hook.pointer)
            return nil
        }
    }
}
