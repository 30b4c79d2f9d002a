import CPython
import DanaModels
import PythonBridge

/// One of several answers: a row, or the exception that came instead.
struct AnswerOrError: ToPython, Sendable {
    private let result: Result<ModelAnswer, ModelError>

    init(_ result: Result<ModelAnswer, ModelError>) { self.result = result }

    func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        switch result {
        case .success(let answer): return try AnswerRow(answer).toPython(py)
        case .failure(let error): return error.pythonError(py).exception(py).owned(py)
        }
    }
}
