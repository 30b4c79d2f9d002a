import CPython
import DanaModels
import PythonBridge

/// A question to a model as the Python side gives it: a dict of plain values.
struct QuestionArgument: FromPython, Sendable {
    let question: ModelQuestion

    static var pythonTypeName: String { "question" }

    static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> QuestionArgument {
        let value = try PythonValue.fromPython(object, py)
        do throws(OptionFault) {
            return QuestionArgument(question: try ModelQuestion(value.root))
        } catch {
            throw error.pythonError(py)
        }
    }
}

/// Wrong options raise what the package's users expect.
extension OptionFault: PythonRaisable {
    public func pythonError(_ py: borrowing Python) -> PythonError {
        guard let hook = Hooks[.optionFault] else { return .valueError(description) }
        do throws(PythonError) {
            return PythonError(
                exception: try hook.call(spread: [kind == .type, description], keywords: [:], py))
        } catch {
            return error
        }
    }
}
