import CPython
import DanaModels
import PythonBridge

/// A question with tools as the Python side drives it: it calls the tools and tells what they answered.
final class ToolRunHandle: PythonExported, Sendable {
    private let run: ToolRun
    private let origin: PythonObject?

    private init(_ asked: Asked<QuestionArgument>) throws(OptionFault) {
        run = ToolRun(try asked.value.question)
        origin = asked.origin
    }

    static let pythonClass = PythonClass("ToolRun", doc: "A question for which the model may call tools.") {
        function("__init__", "question") { (question: Asked<QuestionArgument>) in try ToolRunHandle(question) }
        function(
            "step", "self", "model", optional("method", String?.none),
            doc:
                "The answer, or the calls that the model wants made; the method of a model that was called, if it was one."
        ) {
            (run: ToolRunHandle, model: ModelHandle, method: String?) throws -> StepRow in
            let method = AskingMethod(method)
            return try Python.wait(method.name, instead: method.instead, on: .caller) { try await run.step(model) }
        }
        asyncFunction("step_async", "self", "model", doc: "The answer, or the calls that the model wants made.") {
            (run: ToolRunHandle, model: ModelHandle) in try await run.step(model)
        }
        function("answered", "self", "calls", "texts", doc: "What the tools answered to calls of these names.") {
            (run: ToolRunHandle, calls: [String], texts: [String]) in
            run.run.answered(zip(calls, texts).map { (ToolCall(id: $0, name: "", arguments: ""), $1) })
            return Nothing()
        }
        function("__repr__", "self") { (_: ToolRunHandle) in "<Dana tool run>" }
    }

    private func step(_ model: ModelHandle) async throws -> StepRow {
        try await CallOrigin.$current.withValue(origin) { StepRow(try await model.step(run)) }
    }
}

/// One step of a question with tools: an answer, or calls.
struct StepRow: ToPython, Sendable {
    private let step: ToolRun.Step

    init(_ step: ToolRun.Step) { self.step = step }

    func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        switch step {
        case .finished(let answer): try PythonRow(AnswerRow(answer), [CallFields]()).toPython(py)
        case .call(let calls): try PythonRow(PythonObject?.none, calls.map(CallFields.init)).toPython(py)
        }
    }
}

/// A call that a model wants made: its name, the tool's, and the arguments as JSON.
struct CallFields: ToPython, Sendable {
    let call: ToolCall

    func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try PythonRow(call.id, call.name, call.arguments).toPython(py)
    }
}
