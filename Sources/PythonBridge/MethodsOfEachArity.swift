import CPython

// Exports of methods: functions whose first parameter is the object. With few parameters the call is short enough for
// the counting of a reference to the object to be felt, and it is left out.

/// Exports a method that takes nothing else.
@inlinable @inline(__always)
public func function<Receiver: PythonExported, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ receiver: Parameter<Receiver>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (Receiver) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [receiver.specification], doc: doc) { (function, arguments, py) in
        function.answer(arguments, py) { (receiver: Receiver) throws(PythonError) in
            return try deliver(py) { () throws(Failure) in try body(receiver) }
        }
    }
}

/// Exports a method that takes one parameter more.
@inlinable @inline(__always)
public func function<Receiver: PythonExported, A, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ receiver: Parameter<Receiver>,
    _ a: Parameter<A>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (Receiver, A) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [receiver.specification, a.specification], doc: doc) { (function, arguments, py) in
        function.answer(arguments, py) { (receiver: Receiver) throws(PythonError) in
            let a: A = try function.argument(1, arguments, py)
            return try deliver(py) { () throws(Failure) in try body(receiver, a) }
        }
    }
}

/// Exports a method that takes two parameters more.
@inlinable @inline(__always)
public func function<Receiver: PythonExported, A, B, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ receiver: Parameter<Receiver>,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (Receiver, A, B) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [receiver.specification, a.specification, b.specification], doc: doc) {
        (function, arguments, py) in
        function.answer(arguments, py) { (receiver: Receiver) throws(PythonError) in
            let a: A = try function.argument(1, arguments, py)
            let b: B = try function.argument(2, arguments, py)
            return try deliver(py) { () throws(Failure) in try body(receiver, a, b) }
        }
    }
}

/// Exports a method that takes three parameters more.
@inlinable @inline(__always)
public func function<Receiver: PythonExported, A, B, C, Output: ToPython, Failure: Error>(
    _ name: StaticString,
    _ receiver: Parameter<Receiver>,
    _ a: Parameter<A>,
    _ b: Parameter<B>,
    _ c: Parameter<C>,
    doc: StaticString = "",
    _ body: @escaping @Sendable (Receiver, A, B, C) throws(Failure) -> Output
) -> ExportedFunction {
    ExportedFunction(name, [receiver.specification, a.specification, b.specification, c.specification], doc: doc) {
        (function, arguments, py) in
        function.answer(arguments, py) { (receiver: Receiver) throws(PythonError) in
            let a: A = try function.argument(1, arguments, py)
            let b: B = try function.argument(2, arguments, py)
            let c: C = try function.argument(3, arguments, py)
            return try deliver(py) { () throws(Failure) in try body(receiver, a, b, c) }
        }
    }
}
