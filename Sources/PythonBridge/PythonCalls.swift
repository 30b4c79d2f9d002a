import CPython

/// Calling Python objects from Swift: positional and keyword arguments are converted on the way in, the result
/// on the way out where a type is asked for.
///
/// ```swift
/// let text = try json.attribute("dumps", py).call([1, 2], keywords: ["indent": 2], as: String.self, py: py)
/// ```
extension PythonObject {
    /// `self()`.
    public func call(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        guard let result = py_call0(pointer) else { throw .taken(py) }
        return PythonObject(owning: result)
    }

    /// `self()`, converted.
    @inlinable public func call<Result: FromPython>(
        as: Result.Type, py: borrowing Python
    ) throws(PythonError) -> Result {
        guard let result = py_call0(pointer) else { throw .taken(py) }
        defer { py_decref(result) }
        return try Result.fromPython(result, py)
    }

    /// `self(a)`, converted.
    @inlinable public func call<A: ToPython, Result: FromPython>(
        _ a: A, as: Result.Type, py: borrowing Python
    ) throws(PythonError) -> Result {
        let a = try a.toPython(py)
        defer { py_decref(a) }
        guard let result = py_call1(pointer, a) else { throw .taken(py) }
        defer { py_decref(result) }
        return try Result.fromPython(result, py)
    }

    /// `self(a)`.
    @inlinable public func call<A: ToPython>(_ a: A, py: borrowing Python) throws(PythonError) -> PythonObject {
        let a = try a.toPython(py)
        defer { py_decref(a) }
        guard let result = py_call1(pointer, a) else { throw .taken(py) }
        return PythonObject(owning: result)
    }

    /// `self(a, b)`.
    @inlinable public func call<A: ToPython, B: ToPython>(
        _ a: A, _ b: B, py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        let a = try a.toPython(py)
        defer { py_decref(a) }
        let b = try b.toPython(py)
        defer { py_decref(b) }
        guard let result = py_call2(pointer, a, b) else { throw .taken(py) }
        return PythonObject(owning: result)
    }

    /// `self(*arguments, **keywords)`.
    @_disfavoredOverload public func call(
        _ arguments: any ToPython..., keywords: KeyValuePairs<String, any ToPython> = [:], py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        try call(spread: arguments, keywords: keywords, py)
    }

    /// `self(*arguments, **keywords)`, converted.
    @_disfavoredOverload public func call<Result: FromPython>(
        _ arguments: any ToPython..., keywords: KeyValuePairs<String, any ToPython> = [:], as: Result.Type,
        py: borrowing Python
    ) throws(PythonError) -> Result {
        try call(spread: arguments, keywords: keywords, py).value(as: Result.self, py)
    }

    /// `self.name(*arguments, **keywords)`.
    public func callMethod(
        _ name: String, _ arguments: any ToPython..., keywords: KeyValuePairs<String, any ToPython> = [:],
        py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        try attribute(name, py).call(spread: arguments, keywords: keywords, py)
    }

    /// `self.name(*arguments, **keywords)`, converted.
    public func callMethod<Result: FromPython>(
        _ name: String, _ arguments: any ToPython..., keywords: KeyValuePairs<String, any ToPython> = [:],
        as: Result.Type, py: borrowing Python
    ) throws(PythonError) -> Result {
        try attribute(name, py).call(spread: arguments, keywords: keywords, py).value(as: Result.self, py)
    }

    func call(_ arguments: [PythonObject], _ py: borrowing Python) throws(PythonError) -> PythonObject {
        try call(spread: arguments, keywords: [:], py)
    }

    /// `self(*arguments, **keywords)`, with the arguments in an array.
    public func call(
        spread arguments: [any ToPython], keywords: KeyValuePairs<String, any ToPython>, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        guard let tuple = PyTuple_New(arguments.count) else { throw .taken(py) }
        defer { py_decref(tuple) }
        for (index, argument) in arguments.enumerated() { py_tuple_init(tuple, index, try argument.toPython(py)) }
        let named = try Self.dictionary(keywords, py)
        defer { py_xdecref(named) }
        guard let result = py_call_keywords(pointer, tuple, named) else { throw .taken(py) }
        return PythonObject(owning: result)
    }

    /// A new `dict`, or nil for no keywords.
    private static func dictionary(
        _ keywords: KeyValuePairs<String, any ToPython>, _ py: borrowing Python
    ) throws(PythonError) -> PyRef? {
        if keywords.isEmpty { return nil }
        guard let dictionary = PyDict_New() else { throw .taken(py) }
        do throws(PythonError) {
            for (name, value) in keywords {
                let key = try name.toPython(py)
                defer { py_decref(key) }
                let value = try value.toPython(py)
                defer { py_decref(value) }
                guard PyDict_SetItem(dictionary, key, value) == 0 else { throw .taken(py) }
            }
        } catch {
            py_decref(dictionary)
            throw error
        }
        return dictionary
    }
}
