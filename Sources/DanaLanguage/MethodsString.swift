/// The methods of strings that search, split, join and change; those that ask and pad stand in `MethodsStringForm`.
enum MethodsString {
    static let table = NativeCatalogue.Member.table(
        methods: searching + changing + MethodsStringForm.methods + MethodsStringSplit.methods)

    private static let searching: [NativeFunction] = [
        searcher("find", "The first place of a text, or -1."),
        searcher("rfind", isLast: true, "The last place of a text, or -1."),
        searcher("index", mustFind: true, "The first place of a text, which must be there."),
        searcher("rindex", isLast: true, mustFind: true, "The last place of a text, which must be there."),
        NativeFunction(
            "str.count", [.receiver, NativeParameter("sub")] + bounds, "How often a text stands in this one.",
            body: { call throws(DanaError) in
                let (text, needle) = (try call.string(0), try call.string(1))
                guard let part = try call.part(of: text, 2, 3) else { return Value(small: 0) }
                return Value(
                    small: try TextSearch.count(
                        ByteView(needle.bytes), in: ByteView(text.bytes), part, isText: true,
                        charge: { ticks throws(DanaError) in try call.charge(ticks) }))
            }),
        NativeFunction(
            "str.startswith", [.receiver, NativeParameter("prefix")] + bounds, "Whether the text begins with a prefix.",
            body: { call throws(DanaError) in try affix(call) { $0.hasPrefix($1) } }),
        NativeFunction(
            "str.endswith", [.receiver, NativeParameter("suffix")] + bounds, "Whether the text ends with a suffix.",
            body: { call throws(DanaError) in try affix(call) { $0.hasSuffix($1) } }),
    ]

    private static let changing: [NativeFunction] = [
        NativeFunction(
            "str.join", [.receiver, .iterable()], "The strings of an iterable, this one between them.", body: join),
        NativeFunction(
            "str.replace",
            [
                .receiver, NativeParameter("old"), NativeParameter("new"),
                NativeParameter("count", default: .integer(-1)),
            ], "The text with every place of one text changed for another.", body: replace),
        NativeFunction(
            "str.removeprefix", [.receiver, NativeParameter("prefix")], "The text without a prefix.",
            body: { call throws(DanaError) in
                let (text, prefix) = (ByteView(try call.string(0).bytes), ByteView(try call.string(1).bytes))
                guard text.hasPrefix(prefix), prefix.count > 0 else { return call.heap.retained(call[0]) }
                return try call.heap.string(part: prefix.count..<text.count, of: StringObject(known: call[0]))
            }),
        NativeFunction(
            "str.removesuffix", [.receiver, NativeParameter("suffix")], "The text without a suffix.",
            body: { call throws(DanaError) in
                let (text, suffix) = (ByteView(try call.string(0).bytes), ByteView(try call.string(1).bytes))
                guard text.hasSuffix(suffix), suffix.count > 0 else { return call.heap.retained(call[0]) }
                return try call.heap.string(part: 0..<text.count - suffix.count, of: StringObject(known: call[0]))
            }),
        NativeFunction(
            "str.encode",
            [
                .receiver, NativeParameter("encoding", .either, default: .absent),
                NativeParameter("errors", .either, default: .absent),
            ], "The text as bytes of an encoding.",
            body: { call throws(DanaError) in
                let encoding = try TextEncoding(naming: call, 1)
                return try encoding.encode(try call.string(0), errors: try call.optionalString(2)?.text, call.heap)
            }),
        NativeFunction(
            "str.format", [.receiver, NativeParameter("args", .rest), NativeParameter("kwargs", .keywordRest)],
            "The text with its fields in braces filled in.",
            body: { call throws(DanaError) in
                var filling = FormatFilling(
                    heap: call.heap, arguments: call.rest(1), keywords: try call.dict(2))
                return try filling.text(of: try call.string(0))
            }),
        NativeFunction(
            "str.format_map", [.receiver, NativeParameter("mapping")],
            "The text with its fields in braces filled in from a dict.",
            body: { call throws(DanaError) in
                var filling = FormatFilling(
                    heap: call.heap, arguments: TupleObject(known: call.heap.emptyTuple).items,
                    keywords: try call.dict(1))
                return try filling.text(of: try call.string(0))
            }),
        NativeFunction(
            "str.translate", [.receiver, NativeParameter("table")], "The text with scalars changed by a table.",
            body: translate),
    ]

    /// Where the places of searches begin and end.
    static let bounds = [NativeParameter("start", default: .null), NativeParameter("stop", default: .null)]

    private static func searcher(_ name: String, isLast: Bool = false, mustFind: Bool = false, _ documentation: String)
        -> NativeFunction
    {
        NativeFunction("str." + name, [.receiver, NativeParameter("sub")] + bounds, documentation) {
            call throws(DanaError) in
            let (text, needle) = (try call.string(0), try call.string(1))
            let heap = call.heap
            if let part = try call.part(of: text, 2, 3) {
                var search = TextSearch(ByteView(needle.bytes), isReversed: isLast)
                let found = try search.next(in: ByteView(text.bytes), part) { ticks throws(DanaError) in
                    try heap.charge(ticks)
                }
                if let found { return Value(small: try heap.index(of: found, in: text)) }
            }
            if mustFind { throw heap.valueError("substring not found") }
            return Value(small: -1)
        }
    }

    private static func affix(_ call: NativeCall, _ holds: (ByteView, ByteView) -> Bool) throws(DanaError) -> Value {
        let text = try call.string(0)
        let tuple = TupleObject(call[1])
        guard tuple != nil || call[1].isObject(.string) else { throw call.expects("str or a tuple of str", at: 1) }
        guard let part = try call.part(of: text, 2, 3) else { return .false }
        let view = ByteView(text.bytes)[part]
        guard let tuple else { return Value(holds(view, ByteView(try call.string(1).bytes))) }
        for item in tuple.items {
            guard let string = StringObject(item) else { throw call.expects("str or a tuple of str", at: 1) }
            try call.charge(string.byteCount >> 6 + 1)
            if holds(view, ByteView(string.bytes)) { return .true }
        }
        return .false
    }

    // MARK: Joining

    private static func join(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let separator = try call.string(0)
        if let items = ListObject(call[1])?.items ?? TupleObject(call[1])?.items {
            return try join(items, separator, heap)
        }
        let list = try call.itemList(1)
        return try join(ListObject(known: list.value).items, separator, heap)
    }

    private static func join(_ items: UnsafeBufferPointer<Value>, _ separator: StringObject, _ heap: Heap)
        throws(DanaError) -> Value
    {
        if items.count == 0 { return heap.retained(heap.emptyString) }
        try heap.charge(items.count >> 6)
        var bytes = 0
        var scalars = 0
        for (index, item) in items.enumerated() {
            guard let string = StringObject(item) else {
                throw heap.typeError("sequence item \(index): expected str instance, \(item.typeName) found")
            }
            bytes &+= string.byteCount
            scalars &+= string.scalarCount
            if bytes > StringObject.largestByteCount { throw .limit(.memory) }
        }
        if items.count == 1 { return heap.retained(items[0]) }
        let (gaps, overflow) = separator.byteCount.multipliedReportingOverflow(by: items.count - 1)
        guard !overflow, gaps <= StringObject.largestByteCount else { throw .limit(.memory) }
        let total = scalars + separator.scalarCount * (items.count - 1)
        return try heap.string(bytes: bytes + gaps, scalars: total) { start throws(DanaError) in
            var place = start
            var charged = start
            for (index, item) in items.enumerated() {
                if index & 1023 == 0 || place - charged >= 1 << 16 {
                    try heap.charge((place - charged) >> 6 + 16)
                    charged = place
                }
                if index > 0 {
                    place.update(from: separator.start, count: separator.byteCount)
                    place += separator.byteCount
                }
                let string = StringObject(known: item)
                place.update(from: string.start, count: string.byteCount)
                place += string.byteCount
            }
        }.value
    }

    // MARK: Changing

    private static func replace(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let (text, old, new) = (try call.string(0), try call.string(1), try call.string(2))
        let count = try call.clampedInteger(3)
        let limit = count < 0 ? nil : count
        let (view, oldView, newView) = (ByteView(text.bytes), ByteView(old.bytes), ByteView(new.bytes))
        let places = try TextReplacement.count(
            view, replacing: oldView, limit: limit, isText: true,
            charge: { ticks throws(DanaError) in try call.charge(ticks) })
        if places == 0 { return heap.retained(call[0]) }
        let (growth, overflow) = places.multipliedReportingOverflow(by: newView.count - oldView.count)
        guard !overflow, view.count + growth <= StringObject.largestByteCount else { throw .limit(.memory) }
        let scalars = text.scalarCount + places * (new.scalarCount - old.scalarCount)
        let bytes = view.count + growth
        return try heap.string(bytes: bytes, scalars: scalars) { start throws(DanaError) in
            var writer = ByteWriter(UnsafeMutableBufferPointer(start: start, count: bytes))
            try TextReplacement.write(
                view, replacing: oldView, by: newView, limit: limit, isText: true, into: &writer,
                charge: { ticks throws(DanaError) in try call.charge(ticks) })
        }.value
    }

}

extension NativeCall {
    /// The bytes of a string between two bounds given as scalars; nil when the start lies beyond the end.
    func part(of string: StringObject, _ start: Int, _ stop: Int) throws(DanaError) -> Range<Int>? {
        if isAbsentOrNull(start) && isAbsentOrNull(stop) { return 0..<string.byteCount }
        let (first, last) = try bounds(start, stop, count: string.scalarCount)
        guard first <= last else { return nil }
        let lower = try heap.byteOffset(of: first, in: string)
        return lower..<(try heap.byteOffset(of: last, in: string))
    }
}

extension Heap {
    /// The index of the scalar at a byte offset.
    func index(of offset: Int, in string: StringObject) throws(DanaError) -> Int {
        if string.isASCII { return offset }
        try charge(offset >> 8)
        return TextScalars.count(ByteView(string.bytes)[0..<offset])
    }

    /// A part of a string's bytes as a string, owned.
    func string(part: Range<Int>, of string: StringObject) throws(DanaError) -> Value {
        if part.count == string.byteCount { return retained(string.value) }
        if part.isEmpty { return retained(emptyString) }
        if part.count == 1 { return retained(try character(string.start[part.lowerBound])) }
        let view = ByteView(string.bytes)[part]
        let scalars = string.isASCII ? view.count : TextScalars.count(view)
        return try self.string(copying: view.buffer, scalars: scalars).value
    }
}
