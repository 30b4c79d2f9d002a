/// Binding arguments to the parameters of Dana functions.
extension Machine {
    /// Fills the first registers at `target`, which are undefined, from borrowed arguments and defaults. On an error
    /// the registers keep what they got.
    func bind(_ arguments: CallArguments, to function: FunctionObject, _ target: UnsafeMutablePointer<Value>)
        throws(DanaError)
    {
        let code = function.code
        let shape = code.pointee.shape
        let given = arguments.positionalCount
        let positional = min(given, shape.positionalCount)
        for index in 0..<positional { target[index] = heap.retained(arguments.start[index]) }
        if shape.restRegister >= 0 {
            let rest = UnsafeBufferPointer(start: arguments.start + positional, count: given - positional)
            target[shape.restRegister] = try heap.tuple(copying: rest).value
        }
        if shape.keywordRestRegister >= 0 { target[shape.keywordRestRegister] = try heap.dict().value }
        if let keywords = arguments.keywords { try bind(keywords, arguments, code, target) }
        if shape.restRegister < 0 && given > shape.positionalCount {
            throw tooManyArguments(code, given: given, target)
        }
        try fillDefaults(of: function, given: positional, target)
    }

    private func bind(
        _ keywords: UnsafeMutablePointer<KeywordCache>, _ arguments: CallArguments,
        _ code: UnsafeMutablePointer<LinkedCode>, _ target: UnsafeMutablePointer<Value>
    ) throws(DanaError) {
        let shape = code.pointee.shape
        if keywords.pointee.code != code {
            for index in 0..<keywords.pointee.count {
                keywords.pointee.registers[index] = register(of: keywords.pointee.names[index], code)
            }
            keywords.pointee.code = code
        }
        let values = arguments.start + arguments.positionalCount
        for index in 0..<keywords.pointee.count {
            let register = keywords.pointee.registers[index]
            if register >= 0 {
                guard target[register].isUndefined else {
                    let name = text(keywords.pointee.names[index])
                    throw heap.typeError("\(callName(code))() got multiple values for argument '\(name)'")
                }
                target[register] = heap.retained(values[index])
            } else if shape.keywordRestRegister >= 0 {
                let rest = DictObject(known: target[shape.keywordRestRegister])
                let name = keywords.pointee.names[index]
                try heap.set(heap.retained(name), to: heap.retained(values[index]), in: rest)
            } else {
                throw unexpectedKeyword(index, of: keywords.pointee, code)
            }
        }
    }

    /// The register of the parameter that a keyword names, or -1.
    private func register(of name: Value, _ code: UnsafeMutablePointer<LinkedCode>) -> Int {
        let shape = code.pointee.shape
        for index in shape.positionalOnlyCount..<shape.nameCount
        where code.pointee.parameterNames[index].isIdentical(to: name) {
            return index
        }
        return -1
    }

    private func fillDefaults(of function: FunctionObject, given: Int, _ target: UnsafeMutablePointer<Value>)
        throws(DanaError)
    {
        let code = function.code
        let shape = code.pointee.shape
        let firstDefault = shape.positionalCount - shape.positionalDefaults
        var isMissing = false
        for index in given..<shape.positionalCount where target[index].isUndefined {
            if index >= firstDefault {
                target[index] = heap.retained(function.values[index - firstDefault])
            } else {
                isMissing = true
            }
        }
        for index in shape.positionalCount..<shape.nameCount where target[index].isUndefined {
            let number = shape.keywordDefaults[index - shape.positionalCount]
            if number >= 0 {
                target[index] = heap.retained(function.values[number])
            } else {
                isMissing = true
            }
        }
        if isMissing { throw missingArguments(code, target) }
    }

    // MARK: Errors, in Python's words

    private func tooManyArguments(
        _ code: UnsafeMutablePointer<LinkedCode>, given: Int, _ target: UnsafeMutablePointer<Value>
    ) -> DanaError {
        let shape = code.pointee.shape
        let receivers = CallableNames.isMethod(code.pointee.code.takeUnretainedValue()) ? 1 : 0
        let (given, most) = (given - receivers, shape.positionalCount - receivers)
        let takes =
            shape.positionalDefaults > 0 ? "from \(most - shape.positionalDefaults) to \(most)" : "\(most)"
        let named = (shape.positionalCount..<shape.nameCount).count { !target[$0].isUndefined }
        let also =
            named > 0
            ? "positional argument\(given == 1 ? "" : "s") (and \(named) keyword-only argument\(named == 1 ? "" : "s")) "
            : ""
        return heap.typeError(
            "\(callName(code))() takes \(takes) positional argument\(takes == "1" ? "" : "s") but \(given) \(also)"
                + (given == 1 && named == 0 ? "was given" : "were given"))
    }

    private func unexpectedKeyword(
        _ index: Int, of keywords: KeywordCache, _ code: UnsafeMutablePointer<LinkedCode>
    ) -> DanaError {
        let given = (0..<keywords.count).map { keywords.names[$0] }
        let positionalOnly = (0..<code.pointee.shape.positionalOnlyCount).map { code.pointee.parameterNames[$0] }
            .filter { name in given.contains { $0.isIdentical(to: name) } }.map { text($0) }
        return heap.typeError(
            positionalOnly.isEmpty
                ? "\(callName(code))() got an unexpected keyword argument '\(text(given[index]))'"
                : "\(callName(code))() got some positional-only arguments passed as keyword arguments: "
                    + "'\(positionalOnly.joined(separator: ", "))'")
    }

    private func missingArguments(_ code: UnsafeMutablePointer<LinkedCode>, _ target: UnsafeMutablePointer<Value>)
        -> DanaError
    {
        let shape = code.pointee.shape
        func missing(_ range: Range<Int>) -> [String] {
            range.filter { target[$0].isUndefined }.map { "'\(text(code.pointee.parameterNames[$0]))'" }
        }
        var names = missing(0..<shape.positionalCount)
        let isPositional = !names.isEmpty
        if !isPositional { names = missing(shape.positionalCount..<shape.nameCount) }
        let list: String
        switch names.count {
        case 1: list = names[0]
        case 2: list = "\(names[0]) and \(names[1])"
        default: list = names.dropLast().joined(separator: ", ") + ", and \(names.last ?? "")"
        }
        return heap.typeError(
            "\(callName(code))() missing \(names.count) required \(isPositional ? "positional" : "keyword-only") "
                + "argument\(names.count == 1 ? "" : "s"): \(list)")
    }

    func callName(_ code: UnsafeMutablePointer<LinkedCode>) -> String {
        CallableNames.callName(of: code.pointee.code.takeUnretainedValue())
    }

    /// The text of a value known to be a string.
    func text(_ name: Value) -> String { StringObject(known: name).text }
}
