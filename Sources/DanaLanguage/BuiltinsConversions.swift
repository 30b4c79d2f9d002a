/// What calling a built-in type does: `int("4")`, `list("ab")`.
enum BuiltinsConversions {
    static let constructors: [BuiltInType: NativeFunction] = [
        .int: NativeFunction(
            "int", [NativeParameter("x", default: .absent), NativeParameter("base", .either, default: .absent)],
            "An integer from a number or a text.", body: int),
        .float: NativeFunction(
            "float", [NativeParameter("x", default: .absent)], "A float from a number or a text.", body: float),
        .bool: NativeFunction(
            "bool", [NativeParameter("x", default: .bool(false))], "The truth of a value.",
            body: { call throws(DanaError) in Value(try call.heap.isTrue(call[0])) }),
        .string: str,
        .bytes: NativeFunction(
            "bytes",
            [
                .iterable("source", default: .absent), NativeParameter("encoding", .either, default: .absent),
                NativeParameter("errors", .either, default: .absent),
            ], "Bytes from integers, a text or a length.", body: bytes),
        .list: NativeFunction(
            "list", [.iterable(default: .absent)], "A list of an iterable's items.", body: list),
        .tuple: NativeFunction(
            "tuple", [.iterable(default: .absent)], "A tuple of an iterable's items.", body: tuple),
        .dict: NativeFunction(
            "dict", [.iterable("other", default: .absent), NativeParameter("pairs", .keywordRest)],
            "A dict from another, from pairs, and from keywords.", body: dict),
        .set: NativeFunction(
            "set", [.iterable(default: .absent)], "A set of an iterable's items.",
            body: { call throws(DanaError) in try set(call, isFrozen: false) }),
        .frozenSet: NativeFunction(
            "frozenset", [.iterable(default: .absent)], "A set of an iterable's items that does not change.",
            body: { call throws(DanaError) in try set(call, isFrozen: true) }),
        .slice: NativeFunction(
            "slice",
            [
                NativeParameter("start"), NativeParameter("stop", default: .absent),
                NativeParameter("step", default: .null),
            ],
            "What brackets with colons hold.", body: slice),
        .range: BuiltinsSequences.range,
        .type: BuiltinsTypes.type,
    ]

    static let str = NativeFunction(
        "str",
        [
            NativeParameter("object", .either, default: .absent),
            NativeParameter("encoding", .either, default: .absent),
            NativeParameter("errors", .either, default: .absent),
        ], "A value as text.",
        body: { call throws(DanaError) in
            if call.isAbsent(0) { return call.heap.retained(call.heap.emptyString) }
            if call.isAbsent(1) && call.isAbsent(2) { return try ValueWriter.text(call[0], .str, heap: call.heap) }
            let bytes = try call.bytes(0)
            let encoding = try TextEncoding(naming: call, 1)
            return try encoding.decode(bytes, errors: try call.optionalString(2)?.text, call.heap)
        })

    // MARK: Numbers

    private static func int(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        if call.isAbsent(0) {
            if call.isAbsent(1) { return Value(small: 0) }
            throw heap.typeError("int() missing string argument")
        }
        if call.isAbsent(1) {
            switch Numbers.number(call[0]) {
            case .small(let integer): return Value(small: integer)
            case .big: return heap.retained(call[0])
            case .float(let float): return try heap.integer(truncating: float)
            case nil: break
            }
        }
        let text: ByteView
        if let string = StringObject(call[0]) {
            text = ByteView(string.bytes)
        } else if let bytes = BytesObject(call[0]) {
            text = ByteView(bytes.bytes)
        } else if call.isAbsent(1) {
            throw call.expects("a number or a str", at: 0)
        } else {
            throw heap.typeError("int() can't convert non-string with explicit base")
        }
        let base = call.isAbsent(1) ? 10 : try call.integer(1)
        return try IntegerConversion(heap: heap).integer(from: text, base: base)
    }

    private static func float(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        if call.isAbsent(0) { return try heap.float(0) }
        if let float = try heap.float(from: call[0]) { return try heap.float(float) }
        let text: ByteView
        if let string = StringObject(call[0]) {
            text = ByteView(string.bytes)
        } else if let bytes = BytesObject(call[0]) {
            text = ByteView(bytes.bytes)
        } else {
            throw call.expects("a number or a str", at: 0)
        }
        try call.charge(visiting: text.count)
        if let float = FloatParser.parse(text) { return try heap.float(float) }
        var writer = ValueWriter(heap: heap, style: .repr)
        writer.append("could not convert string to float: ")
        try writer.write(call[0])
        throw heap.error(.valueError, text: try writer.output.string())
    }

    // MARK: Containers

    private static func bytes(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        if call.isAbsent(0) { return try heap.bytes(copying: .empty) }
        if let string = StringObject(call[0]) {
            guard !call.isAbsent(1) else { throw heap.typeError("string argument without an encoding") }
            return try TextEncoding(naming: call, 1).encode(string, errors: try call.optionalString(2)?.text, heap)
        }
        guard call.isAbsent(1), call.isAbsent(2) else { throw heap.typeError("encoding without a string argument") }
        if call[0].isSmallInteger || call[0].isBool || call[0].isObject(.bigInt) {
            let count: Int
            do { count = try call.integer(0) } catch {
                heap.discard(error)
                throw heap.overflowError("cannot fit 'int' into an index-sized integer")
            }
            if count < 0 { throw heap.valueError("negative count") }
            try call.reserve(count)
            try call.charge(visiting: count)
            return try heap.bytes(count: count) { $0.initialize(repeating: 0, count: count) }.value
        }
        return try byteValue(of: call[0], heap) { call.expects("int, str or an iterable of integers", at: 0) }
    }

    /// The bytes of an iterable of integers, or of bytes, owned.
    static func byteValue(of value: Value, _ heap: Heap, _ complaint: () -> DanaError) throws(DanaError) -> Value {
        guard value.isIterable else { throw complaint() }
        if value.isObject(.bytes) { return heap.retained(value) }
        var items = try heap.iteration(over: value)
        var output = TextOutput(heap: heap)
        while let item = try items.next() {
            let item = heap.owned(item)
            guard item.value.float == nil, let number = Numbers.number(item.value) else {
                throw heap.typeError("'\(item.value.typeName)' object cannot be interpreted as an integer")
            }
            guard let byte = number.byte else { throw heap.valueError("bytes must be in range(0, 256)") }
            output.append(byte)
        }
        return try output.byteString()
    }

    private static func list(_ call: NativeCall) throws(DanaError) -> Value {
        if call.isAbsent(0) { return try call.heap.list().value }
        guard let list = try call.heap.list(of: call[0]) else { throw call.expects(NativeCall.anyIterable, at: 0) }
        return list.value
    }

    private static func tuple(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        if call.isAbsent(0) { return heap.retained(heap.emptyTuple) }
        if call[0].isObject(.tuple) { return heap.retained(call[0]) }
        let list = try call.itemList(0)
        try call.charge(visiting: ListObject(known: list.value).count)
        return try heap.tuple(copying: ListObject(known: list.value).items).value
    }

    private static func dict(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let dict: DictObject
        if !call.isAbsent(0), let source = DictObject(call[0]) {
            dict = try heap.dict(copying: source)
        } else {
            dict = try heap.dict()
        }
        let held = heap.owned(dict.value)
        if !call.isAbsent(0), !call[0].isObject(.dict) {
            try heap.update(dict, with: call[0]) { call.expects("a dict or an iterable of pairs", at: 0) }
        }
        try heap.update(dict, withDict: try call.dict(1))
        return held.take()
    }

    private static func set(_ call: NativeCall, isFrozen: Bool) throws(DanaError) -> Value {
        let heap = call.heap
        if !call.isAbsent(0), let source = SetObject(call[0]) {
            if isFrozen && source.isFrozen { return heap.retained(call[0]) }
            return try heap.set(copying: source.table, isFrozen: isFrozen).value
        }
        let set = try heap.set(isFrozen: isFrozen)
        let held = heap.owned(set.value)
        if !call.isAbsent(0) {
            var items = try call.items(0)
            while let item = try items.next() { try heap.add(item, to: set) }
        }
        return held.take()
    }

    private static func slice(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let (start, stop) = call.isAbsent(1) ? (Value.null, call[0]) : (call[0], call[1])
        let slice = try heap.slice(start: .null, stop: .null, step: .null)
        slice.at.pointee.start = heap.retained(start)
        slice.at.pointee.stop = heap.retained(stop)
        slice.at.pointee.step = heap.retained(call[2])
        return slice.value
    }
}
