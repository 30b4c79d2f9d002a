import DanaModels
import PythonBridge

/// Calls of models that have ended, on their way to Python.
enum CallEvents {
    static func tell(_ callback: PythonObject, _ event: ModelCallEvent) {
        callback.callUnraisably { py throws(PythonError) in
            let row = PythonRow(
                event.operation.rawValue, event.name, event.model, event.answeredBy, event.usage.input,
                event.usage.output, event.timing.queued.seconds, event.timing.firstToken?.seconds,
                event.timing.total.seconds, event.finishReason?.word, event.error?.code.word,
                event.error?.description, event.traceID.description, event.server?.host,
                event.server?.port, event.isCached, event.responseID, event.options.maxTokens,
                event.options.temperature,
                event.options.topP, event.options.seed, event.options.stop, event.origin as? PythonObject)
            _ = try callback.call(row, py: py)
        }
    }
}
