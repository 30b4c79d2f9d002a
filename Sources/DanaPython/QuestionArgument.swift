import CPython
import DanaData
import DanaModels
import PythonBridge

/// A question to a model as the Python side gives it: a dict of plain values. What is wrong with it is the options' fault,
/// and not the argument's.
struct QuestionArgument: FromPython, Sendable {
    private let parsed: Result<ModelQuestion, OptionFault>

    static var pythonTypeName: String { "question" }

    static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> QuestionArgument {
        let value = try PythonValue.fromPython(object, py)
        // The names of types are asked for while the interpreter is held.
        let types = value.objects.map { $0.typeName(py) }
        func typeName(_ part: TapeValue) -> String {
            guard let number = part.opaque, Int(number) < types.count else { return part.typeName }
            return types[Int(number)]
        }
        return QuestionArgument(
            parsed: Result { () throws(OptionFault) in try ModelQuestion(value.root, typeName: typeName) })
    }

    /// The question, if nothing is wrong with it.
    var question: ModelQuestion { get throws(OptionFault) { try parsed.get() } }
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
