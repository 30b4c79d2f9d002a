import CPython

// Exports of synchronous Swift functions, one overload for each number of parameters: a parameter pack
// would say it once, but is not specialised, and a call would cost ten times as much.

/// Exports a synchronous Swift function without parameters.
///
/// The closure may throw any error: ``PythonError/init(mapping:_:)`` says what Python sees.
@inlinable @inline(__always)
public func function<Output: ToPython, Failure: Error>(
    _ name: StaticString,
    doc: StaticString = "",
    _ body: @escaping @Sendable () throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [], doc: doc) { (function, _, py) in
        function.answer(py) { () throws(PythonError) in
            return try deliver(py) { () throws(Failure) in try body() }
        }
    }
}

/// Exports a synchronous Swift function of one parameter.
@inlinable @inline(__always)
public func function<A, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [a.specification], doc: doc) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            try deliver(try function.argument(0, arguments, py), py, body)
        }
    }
}

/// Exports a synchronous Swift function of two parameters.
@inlinable @inline(__always)
public func function<A, B, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [a.specification, b.specification], doc: doc) {
        (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            let b: B = try function.argument(1, arguments, py)
            return try deliver(py) { () throws(Failure) in try body(a, b) }
        }
    }
}

/// Exports a synchronous Swift function of three parameters.
@inlinable @inline(__always)
public func function<A, B, C, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B, C) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [a.specification, b.specification, c.specification], doc: doc) {
        (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            let b: B = try function.argument(1, arguments, py)
            let c: C = try function.argument(2, arguments, py)
            return try deliver(py) { () throws(Failure) in try body(a, b, c) }
        }
    }
}

/// Exports a synchronous Swift function of four parameters.
@inlinable @inline(__always)
public func function<A, B, C, D, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    _ d: Parameter<D>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B, C, D) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [a.specification, b.specification, c.specification, d.specification], doc: doc) {
        (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            let b: B = try function.argument(1, arguments, py)
            let c: C = try function.argument(2, arguments, py)
            let d: D = try function.argument(3, arguments, py)
            return try deliver(py) { () throws(Failure) in try body(a, b, c, d) }
        }
    }
}

/// Exports a synchronous Swift function of five parameters.
@inlinable @inline(__always)
public func function<A, B, C, D, E, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    _ d: Parameter<D>,
    _ e: Parameter<E>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B, C, D, E) throws(Failure) -> Output
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
            return try deliver(py) { () throws(Failure) in try body(a, b, c, d, e) }
        }
    }
}

/// Exports a synchronous Swift function of six parameters.
@inlinable @inline(__always)
public func function<A, B, C, D, E, F, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    _ d: Parameter<D>,
    _ e: Parameter<E>,
    _ f: Parameter<F>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B, C, D, E, F) throws(Failure) -> Output
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
            return try deliver(py) { () throws(Failure) in try body(a, b, c, d, e, f) }
        }
    }
}

/// Exports a synchronous Swift function of seven parameters.
@inlinable @inline(__always)
public func function<A, B, C, D, E, F, G, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    _ d: Parameter<D>,
    _ e: Parameter<E>,
    _ f: Parameter<F>,
    _ g: Parameter<G>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B, C, D, E, F, G) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(
        name,
        [
            a.specification, b.specification, c.specification, d.specification, e.specification, f.specification,
            g.specification,
        ], doc: doc
    ) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            let b: B = try function.argument(1, arguments, py)
            let c: C = try function.argument(2, arguments, py)
            let d: D = try function.argument(3, arguments, py)
            let e: E = try function.argument(4, arguments, py)
            let f: F = try function.argument(5, arguments, py)
            let g: G = try function.argument(6, arguments, py)
            return try deliver(py) { () throws(Failure) in try body(a, b, c, d, e, f, g) }
        }
    }
}

/// Exports a synchronous Swift function of eight parameters.
@inlinable @inline(__always)
public func function<A, B, C, D, E, F, G, H, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    _ d: Parameter<D>,
    _ e: Parameter<E>,
    _ f: Parameter<F>,
    _ g: Parameter<G>,
    _ h: Parameter<H>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, B, C, D, E, F, G, H) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(
        name,
        [
            a.specification, b.specification, c.specification, d.specification, e.specification, f.specification,
            g.specification, h.specification,
        ], doc: doc
    ) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            let b: B = try function.argument(1, arguments, py)
            let c: C = try function.argument(2, arguments, py)
            let d: D = try function.argument(3, arguments, py)
            let e: E = try function.argument(4, arguments, py)
            let f: F = try function.argument(5, arguments, py)
            let g: G = try function.argument(6, arguments, py)
            let h: H = try function.argument(7, arguments, py)
            return try deliver(py) { () throws(Failure) in try body(a, b, c, d, e, f, g, h) }
        }
    }
}

/// Runs an exported body of one argument, whose value goes with the call: what the body returns of it is not counted
/// up first and down again later.
@inlinable @inline(__always)
func deliver<A, Output: ToPython, Failure: Error>(
    _ argument: consuming A, _ py: borrowing Python, _ body: (A) throws(Failure) -> Output
) throws(PythonError) -> PyRef {
    let output: Output
    do throws(Failure) {
        output = try body(consume argument)
    } catch {
        throw PythonError(mapping: error, py)
    }
    return try (consume output).toPython(py)
}

/// Runs an exported body and hands its result, or its error, to Python.
@inlinable @inline(__always)
func deliver<Output: ToPython, Failure: Error>(
    _ py: borrowing Python, _ body: () throws(Failure) -> Output
) throws(PythonError) -> PyRef {
    let output: Output
    do throws(Failure) {
        output = try body()
    } catch {
        throw PythonError(mapping: error, py)
    }
    return try output.toPython(py)
}
