import CPython

// Exports of synchronous Swift functions that read the memory of one or two arguments in place. A `Span` cannot be an
// element of a generic list of parameters, so the combinations are spelled out.

/// Exports a synchronous Swift function of elements.
@inlinable @inline(__always)
public func function<E: BufferElement, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ elements: ElementsParameter<E>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (Span<E>) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [elements.specification], doc: doc) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            try function.lending(0, arguments, ElementsParameter<E>.self, py) { elements throws(PythonError) in
                try deliver(py) { () throws(Failure) in try body(elements) }
            }
        }
    }
}

/// Exports a synchronous Swift function of elements and something else.
@inlinable @inline(__always)
public func function<E: BufferElement, A, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ elements: ElementsParameter<E>,
    _ a: Parameter<A>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (Span<E>, A) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [elements.specification, a.specification], doc: doc) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(1, arguments, py)
            return try function.lending(0, arguments, ElementsParameter<E>.self, py) { elements throws(PythonError) in
                try deliver(py) { () throws(Failure) in try body(elements, a) }
            }
        }
    }
}

/// Exports a synchronous Swift function of something, which is `self` in a method, and elements.
@inlinable @inline(__always)
public func function<A, E: BufferElement, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ a: Parameter<A>,
    _ elements: ElementsParameter<E>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (A, Span<E>) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [a.specification, elements.specification], doc: doc) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            let a: A = try function.argument(0, arguments, py)
            return try function.lending(1, arguments, ElementsParameter<E>.self, py) { elements throws(PythonError) in
                try deliver(py) { () throws(Failure) in try body(a, elements) }
            }
        }
    }
}

/// Exports a synchronous Swift function of two rows of elements.
@inlinable @inline(__always)
public func function<D: BufferElement, E: BufferElement, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ first: ElementsParameter<D>,
    _ second: ElementsParameter<E>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (Span<D>, Span<E>) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [first.specification, second.specification], doc: doc) { (function, arguments, py) in
        function.answer(py) { () throws(PythonError) in
            try function.lending(0, arguments, ElementsParameter<D>.self, py) { first throws(PythonError) in
                try function.lending(1, arguments, ElementsParameter<E>.self, py) { second throws(PythonError) in
                    try deliver(py) { () throws(Failure) in try body(first, second) }
                }
            }
        }
    }
}
