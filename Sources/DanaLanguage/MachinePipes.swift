/// `|` by the kinds of its operands: numbers and sets keep Python's meaning, functions compose, values are applied.
extension Machine {
    func pipe(_ i: Instruction, _ fiber: UnsafeMutablePointer<FiberState>) throws(DanaError) -> AfterStep {
        let base = fiber.pointee.frame.pointee.base
        let (left, right) = (base[i.b], base[i.c])
        if isStage(right) {
            if isComposable(left) {
                heap.store(try composition(left, right), in: base + i.a)
                return .goOn
            }
            if right.isObject(.list) {
                return try applyAll(right, i, fiber)
            }
            let argument = CallArguments(
                start: base + i.b, count: 1, keywords: nil, origin: .registers(first: i.b, isDirect: true))
            return try invoke(right, argument, registers: i.b..<i.b, fiber)
        }
        if isTypeLike(left) && isTypeLike(right) {
            heap.store(try union(left, right), in: base + i.a)
        } else {
            try calculate(.or, i, base)
        }
        return .goOn
    }

    /// What can stand right of a pipe to be called: a function of any kind, or a list of such.
    private func isStage(_ value: Value) -> Bool {
        if let list = ListObject(value) {
            return list.count > 0 && list.items.allSatisfy { isComposable($0) || isConstructor($0) }
        }
        return isComposable(value)
    }

    private func isComposable(_ value: Value) -> Bool {
        switch value.objectKind {
        case .function, .native, .boundMethod, .hostFunction, .pipeline: true
        default: false
        }
    }

    private func isConstructor(_ value: Value) -> Bool {
        switch value.objectKind {
        case .type, .structType, .exceptionType, .enumType: true
        default: false
        }
    }

    private func isTypeLike(_ value: Value) -> Bool {
        value.isNull || isConstructor(value) || value.isObject(.interface) || value.isObject(.tuple)
    }

    /// The types of both sides as a tuple, which `isinstance` and annotations take.
    private func union(_ left: Value, _ right: Value) throws(DanaError) -> Value {
        try joined(left, right) { TupleObject($0) }
    }

    private func composition(_ left: Value, _ right: Value) throws(DanaError) -> Value {
        let stages = heap.owned(try joined(left, right) { PipelineObject($0)?.stages })
        let pipeline = try heap.allocate(PipelineObject.self)
        pipeline.at.pointee.stages = stages.take()
        return pipeline.value
    }

    /// A tuple of two values, or of the parts of those that have such.
    private func joined(_ left: Value, _ right: Value, _ parts: (Value) -> TupleObject?) throws(DanaError) -> Value {
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
        let items =
            functions.isObject(.list) ? ListObject(known: functions).items : TupleObject(known: functions).items
        let calls = items.map {
            SideCall(
                function: heap.retained($0), arguments: heap.retained(arguments), keywords: heap.retained(keywords))
        }
        return try join(calls, limit: calls.count, fiber)
    }
}
