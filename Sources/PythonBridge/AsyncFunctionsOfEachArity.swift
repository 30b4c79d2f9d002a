import CPython

// Exports of asynchronous Swift functions, one overload for each number of parameters, as for the synchronous ones.

/// Exports an asynchronous Swift function without parameters: calling it gives a coroutine.
///
/// The body starts at the first step, on the event loop's thread, and stays there but where it goes elsewhere itself
/// (``WorkerPool/run(_:)``, an actor with an executor of its own). Cancelling the Python task cancels the Swift one.
@inlinable
public func asyncFunction<Output: ToPython & Sendable, Failure: Error>(
    _ name: StaticString,
    doc: StaticString = "",
    _ body: @escaping @Sendable () async throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [], doc: doc) { (function, _, py) in
        function.answer(py) { () throws(PythonError) in
            return try coroutine(function.name, py) { () async throws(Failure) in try await body() }
        }
    }
}

/// Exports an asynchronous Swift function of one parameter: calling it gives a coroutine.
@inlinable
public func asyncFunction<A: Sendable, Output: ToPython & Sendable, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A) async throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [a.specification], doc: doc) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            return try coroutine(function.name, py) { () async throws(Failure) in try await body(a) }
        }
    }
}

/// Exports an asynchronous Swift function of two parameters: calling it gives a coroutine.
@inlinable
public func asyncFunction<A: Sendable, B: Sendable, Output: ToPython & Sendable, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B) async throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [a.specification, b.specification], doc: doc) {
        (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            let b: B = try function.argument(1, arguments, py)
            return try coroutine(function.name, py) { () async throws(Failure) in try await body(a, b) }
        }
    }
}

/// Exports an asynchronous Swift function of three parameters: calling it gives a coroutine.
@inlinable
public func asyncFunction<A: Sendable, B: Sendable, C: Sendable, Output: ToPython & Sendable, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B, C) async throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [a.specification, b.specification, c.specification], doc: doc) {
        (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            let b: B = try function.argument(1, arguments, py)
            let c: C = try function.argument(2, arguments, py)
            return try coroutine(function.name, py) { () async throws(Failure) in try await body(a, b, c) }
        }
    }
}

/// Exports an asynchronous Swift function of four parameters: calling it gives a coroutine.
@inlinable
public func asyncFunction<
    A: Sendable, B: Sendable, C: Sendable, D: Sendable, Output: ToPython & Sendable, Failure: Error
>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    _ d: Parameter<D>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B, C, D) async throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [a.specification, b.specification, c.specification, d.specification], doc: doc) {
        (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            let b: B = try function.argument(1, arguments, py)
            let c: C = try function.argument(2, arguments, py)
            let d: D = try function.argument(3, arguments, py)
            return try coroutine(function.name, py) { () async throws(Failure) in try await body(a, b, c, d) }
        }
    }
}

/// Exports an asynchronous Swift function of five parameters: calling it gives a coroutine.
@inlinable
public func asyncFunction<
    A: Sendable, B: Sendable, C: Sendable, D: Sendable, E: Sendable, Output: ToPython & Sendable, Failure: Error
>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    _ d: Parameter<D>,
    _ e: Parameter<E>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B, C, D, E) async throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(
        name, [a.specification, b.specification, c.specification, d.specification, e.specification], doc: doc
    ) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            let b: B = try function.argument(1, arguments, py)
            let c: C = try function.argument(2, arguments, py)
            let d: D = try function.argument(3, arguments, py)
            let e: E = try function.argument(4, arguments, py)
            return try coroutine(function.name, py) { () async throws(Failure) in try await body(a, b, c, d, e) }
        }
    }
}

/// Exports an asynchronous Swift function of six parameters: calling it gives a coroutine.
@inlinable
public func asyncFunction<
    A: Sendable, B: Sendable, C: Sendable, D: Sendable, E: Sendable, F: Sendable, Output: ToPython & Sendable,
    Failure: Error
>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    _ d: Parameter<D>,
    _ e: Parameter<E>,
    _ f: Parameter<F>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B, C, D, E, F) async throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(
        name, [a.specification, b.specification, c.specification, d.specification, e.specification, f.specification],
        doc: doc
    ) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            let b: B = try function.argument(1, arguments, py)
            let c: C = try function.argument(2, arguments, py)
            let d: D = try function.argument(3, arguments, py)
            let e: E = try function.argument(4, arguments, py)
            let f: F = try function.argument(5, arguments, py)
            return try coroutine(function.name, py) { () async throws(Failure) in try await body(a, b, c, d, e, f) }
        }
    }
}

/// A Python coroutine that runs `body` when it is first stepped.
@inlinable
public func coroutine<Output: ToPython & Sendable, Failure: Error>(
    _ name: StaticString, _ py: borrowing Python, attempting attempt: CoroutineAttempt? = nil,
    _ body: @escaping @Sendable () async throws(Failure) -> Output
) throws(PythonError) -> PyRef {
    let call = PendingCall(name, attempt: attempt) { call, executor in
        Task.immediate(executorPreference: executor) {
            do throws(Failure) {
                let output = try await body()
                call.finish { py throws(PythonError) in try output.toPython(py) }
            } catch {
                call.fail(error)
            }
        }
    }
    return try Coroutine.make(call, py)
}
