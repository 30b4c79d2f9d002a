import DanaModels
import PythonBridge

/// Why a model gave no answer, as the exception that Python users see; the package's Python side makes it.
extension ModelError: PythonRaisable {
    public var isCancellation: Bool { code == .cancelled }

    public func pythonError(_ py: borrowing Python) -> PythonError {
        if code == .cancelled { return PythonError(mapping: CancellationError(), py) }
        guard let hook = Hooks[.modelFailure] else { return PythonError(.runtimeError, description) }
        do throws(PythonError) {
            let retryAfter = retryAfter.map(\.seconds)
            let exception = try hook.call(
                spread: [code.word, description, model, status, retryAfter, requestID, body], keywords: [:], py)
            return PythonError(exception: exception)
        } catch {
            return error
        }
    }
}
