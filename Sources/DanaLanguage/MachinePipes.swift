/// `|` by the kinds of its operands: numbers and sets keep Python's meaning, functions compose, values are applied.
extension Machine {
    func pipe(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let base = fiber.pointee.frame.pointee.base
        let (left, right) = (base[i.b], base[i.c])
        let isUnion = left.isObject(.interface) ? right.isTypeChoice : isTyped(left, or: right)
        if isUnion || isFunction(left) && isStage(right) {
            heap.store(try composition(left, right), in: base + i.a)
            return .goOn
        }
        if isStage(right) {
            if right.isObject(.list) {
                return try applyAll(right, i, fiber)
            }
            let argument = CallArguments(
                start: base + i.b, count: 1, keywords: nil, origin: .registers(first: i.b, isDirect: true))
            return try invoke(right, argument, registers: i.b..<i.b, fiber)
        }
        if let list = ListObject(right), let error = fault(inStage: list) { throw error }
        try calculate(.or, i, base)
        return .goOn
    }

    /// What keeps a list from being a stage that holds functions, but not only; nil for a list that means something else.
    private func fault(inStage list: ListObject) -> DanaError? {
        guard list.items.contains(where: { isFunction($0) }),
            let index = list.items.firstIndex(where: { !isFunction($0) })
        else { return nil }
        return heap.typeError(
            "item \(index) of the list right of '|' is no function but \(list[unchecked: index].typeName)")
    }

    /// What can stand right of a pipe to be called: a function of any kind, or a list of such.
    private func isStage(_ value: Value) -> Bool {
        if let list = ListObject(value) { return list.count > 0 && list.items.allSatisfy { isFunction($0) } }
        return isFunction(value)
    }

    /// What a pipe calls: functions, and types, which make values.
    private func isFunction(_ value: Value) -> Bool {
        switch value.objectKind {
        case .function, .native, .boundMethod, .hostFunction, .pipeline: true
        case .hostHandle: HostHandleObject(known: value).isFunction
        default: value.isConstructor
        }
    }

    /// Whether null or an interface, which nothing calls, is one more choice beside types.
    private func isTyped(_ left: Value, or right: Value) -> Bool {
        guard right.isNull || right.isObject(.interface) else { return false }
        return left.isConstructor || PipelineObject(left)?.isUnion == true
    }

    /// `stageFunction`: what a declared pipe calls for the value of its first stage, owned; null when that is no
    /// function but a value.
    func stageFunction(_ value: Value) throws(DanaError) -> Value {
        guard isStage(value) else { return .null }
        guard value.isObject(.list) else { return heap.retained(value) }
        let stages = try heap.tuple(count: 1)
        stages.start[0] = heap.retained(value)
        return try pipeline(of: stages.value)
    }

    /// Whether a function needs more arguments than a number of them, so that a stage that calls it is to be given
    /// what flows too.
    func lacksArguments(_ function: Value, count: Int) -> Bool {
        switch function.objectKind {
        case .function:
            let shape = FunctionObject(known: function).code.pointee.shape
            return shape.positionalCount - shape.positionalDefaults > count
        case .native: return lacksArguments(NativeObject(known: function).native, count: count)
        case .boundMethod:
            return lacksArguments(BoundMethodObject(known: function).at.pointee.function, count: count + 1)
        case .type:
            guard let constructor = TypeObject(known: function).at.pointee.constructor else { return false }
            return lacksArguments(constructor, count: count)
        case .structType:
            return StructTypeObject(known: function).fieldDefaults.items.count { $0.isUndefined } > count
        default: return false
        }
    }

    private func lacksArguments(_ native: UnsafePointer<LinkedNative>, count: Int) -> Bool {
        native.pointee.function.parameters.count { parameter in
            guard case .required = parameter.default else { return false }
            return parameter.kind == .positional || parameter.kind == .either
        } > count
    }

    /// The stages of both sides as one function. Of types alone it is also what `isinstance` and annotations take.
    private func composition(_ left: Value, _ right: Value) throws(DanaError) -> Value {
        try pipeline(of: try joined(left, right))
    }

    /// A function of stages, a tuple whose reference it takes over even on an error.
    private func pipeline(of stages: Value) throws(DanaError) -> Value {
        let held = heap.owned(stages)
        let pipeline = try heap.allocate(PipelineObject.self)
        pipeline.at.pointee.stages = held.take()
        return pipeline.value
    }

    /// A tuple of two values, or of the stages of those that have such.
    private func joined(_ left: Value, _ right: Value) throws(DanaError) -> Value {
        func parts(_ side: Value) -> TupleObject? { PipelineObject(side)?.stages }
        let count = (parts(left)?.count ?? 1) + (parts(right)?.count ?? 1)
        try heap.charge(count >> 6)
        let tuple = try heap.tuple(count: count)
        var next = 0
        for side in [left, right] {
            if let several = parts(side) {
                for item in several.items {
                    tuple.start[next] = heap.retained(item)
                    next += 1
                }
            } else {
                tuple.start[next] = heap.retained(side)
                next += 1
            }
        }
        return tuple.value
    }

    /// `value | [f, g]`: a list of the results, side by side.
    private func applyAll(_ functions: Value, _ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>)
        throws(DanaError) -> AfterStep
    {
        let base = fiber.pointee.frame.pointee.base
        let arguments = try heap.tuple(count: 1)
        arguments.start[0] = heap.retained(base[i.b])
        let held = heap.owned(arguments.value)
        return try fanOut(functions, held.value, keywords: .undefined, fiber)
    }

    /// Calls every function of a list with the same arguments, side by side.
    func fanOut(
        _ functions: Value, _ arguments: Value, keywords: Value, _ fiber: UnsafeMutablePointer<FiberState>
    ) throws(DanaError) -> AfterStep {
        guard functions.isObject(.list) || functions.isObject(.tuple) else {
            throw heap.typeError("'\(functions.typeName)' object is not callable")
        }
        guard let stages = try heap.tuple(of: functions) else { throw heap.notIterable(functions) }
        let calls = SideCalls(
            functions: stages, arguments: heap.retained(arguments), keywords: heap.retained(keywords))
        return try join(calls, limit: .max, fiber)
    }
}
