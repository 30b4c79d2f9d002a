import CPython
import DanaData
import DanaModels
import PythonBridge

/// What a model answered, as the Python side makes a result of it: a tuple of plain values.
struct AnswerRow: ToPython, Sendable {
    let answer: ModelAnswer

    init(_ answer: ModelAnswer) { self.answer = answer }

    func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let (usage, timing) = (answer.usage, answer.timing)
        return try PythonRow(
            answer.text, answer.value != nil, answer.value.map { PythonValue($0) }, answer.model, answer.answeredBy,
            answer.finishReason.word, answer.reasoning,
            PythonRow(usage.input, usage.output, usage.cachedInput, usage.reasoning),
            PythonRow(timing.queued.seconds, timing.firstToken?.seconds, timing.total.seconds),
            answer.traceID.description, answer.notes, answer.isCached
        ).toPython(py)
    }
}

extension Duration {
    /// As Python counts time.
    var seconds: Double { self / .seconds(1) }
}
