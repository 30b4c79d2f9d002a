import PythonBridge

/// Functions with every kind of parameter, that call Python, and that fail.
@PythonModuleBuilder var functionProbes: [any PythonModuleItem] {
    function("add", positional("left"), positional("right"), doc: "The sum of two integers.") {
        (left: Int, right: Int) in left &+ right
    }
    function("describe", "name", optional("times", 1), keyword("end", "."), doc: "A sentence.") {
        (name: String, times: Int, end: String) in String(repeating: name, count: max(0, min(times, 100))) + end
    }
    function("count_arguments", "first", variadic("rest"), keywords("named"), doc: "How many of each.") {
        (_: PythonObject, rest: PositionalArguments, named: KeywordArguments) in
        "\(rest.values.count) \(named.values.map(\.name).joined(separator: ","))"
    }
    function("call", "callable", variadic("arguments"), doc: "Calls a Python function from Swift.") {
        (callable: PythonObject, arguments: PositionalArguments) throws(PythonError) -> PythonObject in
        try Python.hold { py throws(PythonError) in try callable.call(spread: arguments.values, keywords: [:], py) }
    }
    function("raise_again", "exception", doc: "Takes an exception object and raises it.") {
        (exception: PythonObject) throws(PythonError) -> Nothing in throw PythonError(exception: exception)
    }
    function("catch", "callable", doc: "Calls, and returns the exception that was raised, or None.") {
        (callable: PythonObject) -> PythonObject? in
        Python.hold { py in
            do throws(PythonError) {
                _ = try callable.call(py)
                return nil
            } catch {
                return error.exception(py)
            }
        }
    }
}
