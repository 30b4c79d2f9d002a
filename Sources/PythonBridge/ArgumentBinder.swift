import CPython

/// Sorts the arguments of a call into a function's parameters, with CPython's own words when they do not fit.
struct ArgumentBinder: @unchecked Sendable {
    // Safe because the interned names are never released and everything is set once.
    let functionName: StaticString
    let parameters: [ParameterSpecification]
    /// The interned name of each parameter, owned for the life of the process.
    let names: [PyRef]
    /// How many parameters may be passed by position.
    let positionalCount: Int
    let variadicIndex: Int?
    let keywordsIndex: Int?

    init(functionName: StaticString, parameters: [ParameterSpecification], _ py: borrowing Python) throws(PythonError) {
        self.functionName = functionName
        self.parameters = parameters
        var names: [PyRef] = []
        for parameter in parameters {
            guard let name = PyUnicode_InternFromString(parameter.name.pointer) else { throw .taken(py) }
            names.append(name)
        }
        self.names = names
        positionalCount = parameters.prefix { $0.passing == .positionalOnly || $0.passing == .either }.count
        variadicIndex = parameters.firstIndex { $0.passing == .variadic }
        keywordsIndex = parameters.firstIndex { $0.passing == .keywords }
    }

    /// Fills `slots` (one a parameter, all nil) with borrowed references; nil stays where a default applies.
    /// Objects made on the way (`*args`, `**kwargs`) are appended to `temporaries`, owned.
    func bind(
        _ arguments: UnsafePointer<PyRef?>?, _ count: Int, _ keywordNames: PyRef?,
        into slots: UnsafeMutableBufferPointer<PyRef?>, temporaries: inout [PyRef], _ py: borrowing Python
    ) throws(PythonError) {
        let named = keywordNames.map { py_tuple_size($0) } ?? 0
        guard let arguments, count + named > 0 else {
            try finish(slots, &temporaries, py)
            return
        }
        for index in 0..<min(count, positionalCount) { slots[index] = arguments[index] }
        if count > positionalCount {
            guard let variadicIndex else { throw tooMany(count) }
            slots[variadicIndex] = try rest(arguments, from: positionalCount, to: count, &temporaries, py)
        }
        if let keywordNames {
            for index in 0..<named {
                guard let name = py_tuple_get(keywordNames, index), let value = arguments[count + index] else {
                    continue
                }
                try place(name, value, slots, &temporaries, py)
            }
        }
        try finish(slots, &temporaries, py)
    }

    private func place(
        _ name: PyRef, _ value: PyRef, _ slots: UnsafeMutableBufferPointer<PyRef?>, _ temporaries: inout [PyRef],
        _ py: borrowing Python
    ) throws(PythonError) {
        if let index = index(of: name) {
            guard slots[index] == nil else {
                throw .typeError("\(functionName)() got multiple values for argument '\(parameters[index].name)'")
            }
            slots[index] = value
            return
        }
        guard let keywordsIndex else { throw unexpected(name, py) }
        let dictionary: PyRef
        if let made = slots[keywordsIndex] {
            dictionary = made
        } else {
            guard let made = PyDict_New() else { throw .taken(py) }
            temporaries.append(made)
            slots[keywordsIndex] = made
            dictionary = made
        }
        guard PyDict_SetItem(dictionary, name, value) == 0 else { throw .taken(py) }
    }

    /// Interned names are the same object; a name built at run time is compared by its text.
    private func index(of name: PyRef) -> Int? {
        for index in 0..<names.count where names[index] == name && parameters[index].isNameable { return index }
        for index in 0..<names.count where parameters[index].isNameable {
            if PyUnicode_Compare(names[index], name) == 0 { return index }
        }
        PyErr_Clear()
        return nil
    }

    private func rest(
        _ arguments: UnsafePointer<PyRef?>, from start: Int, to end: Int, _ temporaries: inout [PyRef],
        _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        guard let tuple = PyTuple_New(max(0, end - start)) else { throw .taken(py) }
        for index in start..<max(start, end) {
            guard let argument = arguments[index] else { continue }
            py_incref(argument)
            py_tuple_init(tuple, index - start, argument)
        }
        temporaries.append(tuple)
        return tuple
    }

    private func finish(
        _ slots: UnsafeMutableBufferPointer<PyRef?>, _ temporaries: inout [PyRef], _ py: borrowing Python
    ) throws(PythonError) {
        var missing: [String] = []
        for index in 0..<parameters.count where slots[index] == nil {
            switch parameters[index].passing {
            case .variadic:
                guard let tuple = PyTuple_New(0) else { throw .taken(py) }
                temporaries.append(tuple)
                slots[index] = tuple
            case .keywords:
                guard let dictionary = PyDict_New() else { throw .taken(py) }
                temporaries.append(dictionary)
                slots[index] = dictionary
            default:
                if parameters[index].isRequired { missing.append("'\(parameters[index].name)'") }
            }
        }
        if !missing.isEmpty {
            let noun = missing.count == 1 ? "argument" : "arguments"
            throw .typeError(
                "\(functionName)() missing \(missing.count) required \(noun): \(missing.joined(separator: ", "))")
        }
    }

    private func tooMany(_ given: Int) -> PythonError {
        let required = parameters.prefix(positionalCount).filter(\.isRequired).count
        let takes = required == positionalCount ? "\(positionalCount)" : "from \(required) to \(positionalCount)"
        let noun = takes == "1" ? "argument" : "arguments"
        return .typeError(
            "\(functionName)() takes \(takes) positional \(noun) but \(given) \(given == 1 ? "was" : "were") given")
    }

    private func unexpected(_ name: PyRef, _ py: borrowing Python) -> PythonError {
        let text = PythonText.describe(name, py)
        let known = parameters.filter(\.isNameable).map { "\($0.name)" }
        let hint = Spelling.closest(to: text, among: known).map { ". Did you mean '\($0)'?" } ?? ""
        return .typeError("\(functionName)() got an unexpected keyword argument '\(text)'\(hint)")
    }
}

extension ParameterSpecification {
    var isNameable: Bool { passing == .either || passing == .keywordOnly }
}

extension StaticString {
    /// The text as C reads it; a literal lives as long as the process.
    var pointer: UnsafePointer<CChar> { UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self) }
}
