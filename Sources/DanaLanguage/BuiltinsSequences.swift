/// Built-in functions over sequences and iterables: `len`, `sum`, `min`, `any`, `sorted`, `enumerate` and their kin.
///
/// Those whose name begins with an underscore serve the prelude, which adds callbacks and generators to them.
enum BuiltinsSequences {
    static let functions: [NativeFunction] = [
        NativeFunction("len", [NativeParameter("obj")], "The number of items.", body: len),
        NativeFunction(
            "reversed", [NativeParameter("sequence")], "An iterator over a sequence from its end.", body: reversed),
    ]

    static let range = NativeFunction(
        "range",
        [
            NativeParameter("start"), NativeParameter("stop", default: .absent),
            NativeParameter("step", default: .absent),
        ],
        "The integers from start up to but not including stop.", body: makeRange)

    static let preludeFunctions: [NativeFunction] = [
        NativeFunction(
            "_is_generator", [NativeParameter("value")], "Whether walking the value runs Dana code.",
            body: { call throws(DanaError) in Value(call[0].isObject(.generator)) }),
        NativeFunction(
            "_is_of_host", [NativeParameter("value")], "Whether the value is the host's.",
            body: { call throws(DanaError) in Value(call[0].isObject(.hostHandle)) }),
        NativeFunction(
            "_is_lazy", [NativeParameter("value")], "Whether walking the value runs Dana code or asks the host.",
            body: { call throws(DanaError) in Value(call[0].isObject(.generator) || call[0].isObject(.hostHandle)) }),
        NativeFunction(
            "_is_iterable", [NativeParameter("value")], "Whether the value can be walked.",
            body: { call throws(DanaError) in Value(call[0].isIterable) }),
        NativeFunction(
            "_begun", [NativeParameter("iterable")],
            "What refuses to go on when a dict or set changes, though it is walked later; else the value itself.",
            body: { call throws(DanaError) in
                switch call[0].objectKind {
                case .dict, .set, .dictView: try call.heap.iterator(over: call[0])
                default: call.heap.retained(call[0])
                }
            }),
        NativeFunction("_iterator", [NativeParameter("iterable")], "An iterator over the value.", body: iterator),
        named("enumerate", [NativeParameter("iterable"), NativeParameter("start")], body: enumerate),
        NativeFunction(
            "_zip", [NativeParameter("iterables")], "`zip` of a tuple of iterables that run no Dana code.", body: zip),
        named("sum", [.iterable(), NativeParameter("start", default: .integer(0))], body: sum),
        named("all", [.iterable()], body: all),
        named("any", [.iterable()], body: any),
        named("min", [.iterable()], body: { call throws(DanaError) in try extreme(call, isGreatest: false) }),
        named("max", [.iterable()], body: { call throws(DanaError) in try extreme(call, isGreatest: true) }),
        named("sorted", [.iterable(), NativeParameter("reverse", default: .bool(false))], body: sorted),
        named(
            "sorted_by", [NativeParameter("items"), NativeParameter("keys"), NativeParameter("reverse")], body: sortedBy
        ),
    ]

    /// A function for the prelude, which messages call by the name without the underscore.
    private static func named(
        _ name: String, _ parameters: [NativeParameter],
        body: @escaping @Sendable (NativeCall) throws(DanaError) -> Value
    ) -> NativeFunction {
        NativeFunction("_" + name, parameters, "`\(name)` of what runs no Dana code.", body: body)
    }

    // MARK: Lengths and iterators

    private static func len(_ call: NativeCall) throws(DanaError) -> Value {
        if let count = call.heap.itemCount(of: call[0]) { return try call.heap.integer(count) }
        throw call.expects("a list, dict, str, tuple, set, range or bytes", at: 0)
    }

    private static func makeRange(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        if call.isAbsent(1) {
            return try heap.range(start: 0, stop: try call.rangeBound(0, named: 1), step: 1).value
        }
        let first = try call.rangeBound(0)
        let stop = try call.rangeBound(1)
        let step = call.isAbsent(2) ? 1 : try call.rangeBound(2)
        if step == 0 { throw heap.valueError("range() arg 3 must not be zero") }
        return try heap.range(start: first, stop: stop, step: step).value
    }

    private static func reversed(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        switch call[0].objectKind {
        case .list, .tuple, .string, .bytes, .range:
            let count = heap.count(ofSequence: call[0])
            return try heap.iterator(.reversedSequence, source: heap.retained(call[0]), position: count).value
        case .dict, .dictView:
            let table = (DictObject(call[0]) ?? DictViewObject(known: call[0]).dict).table
            return try heap.iterator(
                .reversedTable, source: heap.retained(call[0]), position: table.used, expected: table.count
            ).value
        default: throw call.expects("a list, tuple, str, range, bytes or dict", at: 0)
        }
    }

    private static func enumerate(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        // The iterator counts in a word: null makes the prelude count where that may not be enough.
        guard call[1].isSmallInteger || call[1].isBool else {
            guard call[1].isObject(.bigInt) else { throw call.expects("int", at: 1) }
            return .null
        }
        let start = try call.integer(1)
        guard call[0].isIterable else { throw call.expects(NativeCall.anyIterable, at: 0) }
        let source = heap.owned(try heap.iterator(over: call[0]))
        let depth = try depth(above: [source.value], heap)
        return try heap.iterator(.enumerate, source: source.take(), position: start, expected: depth).value
    }

    private static func zip(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let iterables = call.rest(0)
        let sources = heap.owned(try heap.tuple(count: iterables.count).value)
        let tuple = TupleObject(known: sources.value)
        for (index, iterable) in iterables.enumerated() {
            guard iterable.isIterable else {
                throw heap.typeError(
                    "zip() expects \(NativeCall.anyIterable) at argument \(index + 1), got \(iterable.typeName)")
            }
            tuple.start[index] = try heap.iterator(over: iterable)
        }
        let depth = try depth(above: tuple.items, heap)
        return try heap.iterator(.zip, source: sources.take(), expected: depth).value
    }

    /// How deep iterators may lie in one another: `enumerate(zip(enumerate(...)))`.
    private static let deepestIterators = 64

    /// One more than the deepest of the iterators, which each keeps; a `RecursionError` when that is too deep.
    private static func depth(above sources: some Sequence<Value>, _ heap: Heap) throws(DanaError) -> Int {
        let depth = sources.reduce(0) { max($0, IteratorObject($1)?.depth ?? 0) } + 1
        if depth > deepestIterators {
            throw heap.error(.recursionError, "iterators lie more than \(deepestIterators) deep in one another")
        }
        return depth
    }

    private static func iterator(_ call: NativeCall) throws(DanaError) -> Value {
        if call[0].isObject(.generator) { return call.heap.retained(call[0]) }
        guard call[0].isIterable else { throw call.expects(NativeCall.anyIterable, at: 0) }
        return try call.heap.iterator(over: call[0])
    }

    // MARK: Folds

    private static func sum(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        try checkSumStart(call[1], heap)
        if call[1].isSmallInteger, let total = try integerSum(of: call[0], from: call[1].smallInteger, heap) {
            return try heap.integer(total)
        }
        if let range = RangeObject(call[0]) { return try sum(of: range, from: call[1], heap) }
        var items = try call.items(0)
        var total = Owned(retaining: call[1], heap: heap)
        while let item = try items.next() {
            if Value.areInlineFloats(total.value, item) {
                total = heap.owned(try heap.float(total.value.inlineFloat + item.inlineFloat))
                continue
            }
            let item = heap.owned(item)
            total = heap.owned(try Arithmetic(heap: heap).calculate(.add, total.value, item.value))
        }
        return total.take()
    }

    /// The sum of a list, tuple or short range of small integers; nil for others or when it leaves a machine word.
    private static func integerSum(of iterable: Value, from start: Int, _ heap: Heap) throws(DanaError) -> Int? {
        guard let items = ListObject(iterable)?.items ?? TupleObject(iterable)?.items else { return nil }
        var total = start
        for (index, item) in items.enumerated() {
            if index & 1023 == 1023 { try heap.charge(16) }
            guard item.isSmallInteger else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(item.smallInteger)
            if overflow { return nil }
            total = sum
        }
        return total
    }

    /// Half the number of items times the first and the last together; the items are charged all the same.
    private static func sum(of range: RangeObject, from start: Value, _ heap: Heap) throws(DanaError) -> Value {
        try heap.charge(range.count >> 6)
        if range.count == 0 { return heap.retained(start) }
        let arithmetic = Arithmetic(heap: heap)
        let first = heap.owned(try heap.integer(range.start))
        let last = heap.owned(try heap.integer(range.item(range.count - 1)))
        let ends = heap.owned(try arithmetic.calculate(.add, first.value, last.value))
        let count = heap.owned(try heap.integer(range.count))
        let doubled = heap.owned(try arithmetic.calculate(.multiply, ends.value, count.value))
        let sum = heap.owned(try arithmetic.calculate(.floorDivide, doubled.value, Value(small: 2)))
        return try arithmetic.calculate(.add, start, sum.value)
    }

    /// Text is joined, not summed.
    private static func checkSumStart(_ start: Value, _ heap: Heap) throws(DanaError) {
        if start.isObject(.string) {
            throw heap.typeError("sum() can't sum strings [use ''.join(seq) instead]")
        }
        if start.isObject(.bytes) { throw heap.typeError("sum() can't sum bytes [use b''.join(seq) instead]") }
    }

    private static func all(_ call: NativeCall) throws(DanaError) -> Value {
        var items = try call.items(0)
        while let item = try items.next() {
            let item = call.heap.owned(item)
            if !(try call.heap.isTrue(item.value)) { return .false }
        }
        return .true
    }

    private static func any(_ call: NativeCall) throws(DanaError) -> Value {
        var items = try call.items(0)
        while let item = try items.next() {
            let item = call.heap.owned(item)
            if try call.heap.isTrue(item.value) { return .true }
        }
        return .false
    }

    /// The first of the greatest or least items; undefined for none.
    private static func extreme(_ call: NativeCall, isGreatest: Bool) throws(DanaError) -> Value {
        let heap = call.heap
        var items = try call.items(0)
        guard let first = try items.next() else {
            throw heap.valueError("\(isGreatest ? "max" : "min")() arg is an empty sequence")
        }
        var best = heap.owned(first)
        while let item = try items.next() {
            if Value.areSmall(item, best.value) {
                let isBetter =
                    isGreatest
                    ? item.smallInteger > best.value.smallInteger : item.smallInteger < best.value.smallInteger
                if isBetter { best = heap.owned(item) }
                continue
            }
            let item = heap.owned(item)
            if try ValueOrder(heap: heap).holds(isGreatest ? .greater : .less, item.value, best.value) { best = item }
        }
        return best.take()
    }

    // MARK: Sorting

    private static func sorted(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        guard let list = try heap.list(of: call[0]) else { throw call.expects(NativeCall.anyIterable, at: 0) }
        let held = heap.owned(list.value)
        try ValueSort(heap: heap, isReversed: try call.integerFlag(1)).sort(list)
        return held.take()
    }

    private static func sortedBy(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let list = try heap.list(copying: try call.list(0).items)
        let held = heap.owned(list.value)
        try ValueSort(heap: heap, isReversed: try call.integerFlag(2)).sort(list, by: try call.list(1))
        return held.take()
    }
}

extension NativeCall {
    /// A bound or step of a range, which fits a small integer.
    fileprivate func rangeBound(_ index: Int, named parameter: Int? = nil) throws(DanaError) -> Int {
        let value = self[index]
        let name = native.pointee.function.parameters[parameter ?? index].name
        if value.isSmallInteger { return value.smallInteger }
        if value.isBool { return value.isIdentical(to: .true) ? 1 : 0 }
        if value.isObject(.bigInt) {
            throw heap.overflowError(
                "range() takes integers below 2**62 at argument '\(name)'")
        }
        if value.isObject(.hostHandle) { throw .handle }
        throw heap.typeError("range() expects int at argument '\(name)', got \(value.typeName)")
    }
}

extension IteratorObject {
    /// How many iterators lie in one another here; 0 for one over plain values.
    fileprivate var depth: Int { form == .enumerate || form == .zip ? at.pointee.expected : 0 }
}
