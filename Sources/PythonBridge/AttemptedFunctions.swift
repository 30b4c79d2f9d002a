import CPython

/// What most likely answers a coroutine at its first step, without a Swift task and without an event loop: a new
/// reference; nil where the task is needed after all.
public typealias CoroutineAttempt = @Sendable (borrowing Python) throws(PythonError) -> PyRef?

/// Exports an asynchronous method that takes whatever it is passed, a tuple and a dict, and is most likely over at once.
/// `attempt` is called at the first step with the interpreter held; `body` where that gives nothing. Both get what
/// `prepare` makes of the call, which is all that is kept of it.
@inlinable
public func asyncFunction<Receiver: PythonExported & Sendable, Call: Sendable>(
    _ name: StaticString, doc: StaticString = "",
    preparing prepare: @escaping @Sendable (Receiver, PyRef, PyRef, borrowing Python) -> Call,
    attempting attempt: @escaping @Sendable (Call, borrowing Python) throws(PythonError) -> PyRef?,
    _ body: @escaping @Sendable (Call) async throws -> PythonObject
) -> ExportedFunction {
    let parameters: [ParameterSpecification] = [
        ("self" as Parameter<Receiver>).specification, variadic("args").specification, keywords("kwargs").specification,
    ]
    return ExportedFunction(name, parameters, doc: doc) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let receiver: Receiver = try function.argument(0, arguments, py)
            guard let tuple = arguments[1], let dict = arguments[2] else { throw function.missing(1) }
            let call = prepare(receiver, tuple, dict, py)
            return try coroutine(
                function.name, py, attempting: { py throws(PythonError) in try attempt(call, py) },
                { () async throws in try await body(call) })
        }
    }
}
