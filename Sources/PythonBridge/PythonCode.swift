import CPython

/// Importing modules and running Python source.
extension Python {
    /// `import name`; the innermost module of a dotted name.
    public func `import`(_ name: String) throws(PythonError) -> PythonObject {
        let name = try name.toPython(self)
        defer { py_decref(name) }
        return try .result(of: PyImport_Import(name), self)
    }

    /// A built-in function, type or exception by name.
    public func builtin(_ name: String) throws(PythonError) -> PythonObject {
        try `import`("builtins").attribute(name, self)
    }

    /// `None`.
    public var none: PythonObject { PythonObject(borrowing: py_none(), self) }

    /// The Python object for a Swift value.
    @inlinable public func object(_ value: some ToPython) throws(PythonError) -> PythonObject {
        PythonObject(owning: try value.toPython(self))
    }

    /// A `dict` that serves as the global variables of ``run(_:in:file:)`` and ``evaluate(_:in:)``.
    public func namespace() throws(PythonError) -> PythonObject {
        let namespace = try PythonObject.result(of: PyDict_New(), self)
        try namespace.setItem("__builtins__", try `import`("builtins"), self)
        return namespace
    }

    /// The value of an expression.
    public func evaluate(_ expression: String, in globals: PythonObject? = nil) throws(PythonError) -> PythonObject {
        try execute(expression, globals, file: "<swift>", py_eval_input())
    }

    /// The value of an expression, converted.
    public func evaluate<Value: FromPython>(
        _ expression: String, in globals: PythonObject? = nil, as: Value.Type
    ) throws(PythonError) -> Value {
        try evaluate(expression, in: globals).value(self)
    }

    /// Runs statements and returns the variables they left; `file` is what tracebacks show.
    @discardableResult
    public func run(
        _ source: String, in globals: PythonObject? = nil, file: String = "<swift>"
    ) throws(PythonError) -> PythonObject {
        let globals = if let globals { globals } else { try namespace() }
        _ = try execute(source, globals, file: file, py_file_input())
        return globals
    }

    private func execute(
        _ source: String, _ globals: PythonObject?, file: String, _ start: Int32
    ) throws(PythonError) -> PythonObject {
        guard !source.utf8.contains(0), !file.utf8.contains(0) else {
            throw .valueError("Python source and file names must not contain a null character")
        }
        let globals = if let globals { globals } else { try namespace() }
        let code = try PythonObject.result(of: py_compile(source, file, start), self)
        return try .result(of: PyEval_EvalCode(code.pointer, globals.pointer, globals.pointer), self)
    }
}
