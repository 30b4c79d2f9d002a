// Looking for bytes in bytes.

extension MethodsBytes {
    static let searching: [NativeFunction] = [
        searcher("find"), searcher("rfind", isLast: true), searcher("index", mustFind: true),
        searcher("rindex", isLast: true, mustFind: true),
        NativeFunction(
            "bytes.count", [.receiver, NativeParameter("sub")] + MethodsString.bounds,
            "How often bytes stand in these.",
            body: { call throws(DanaError) in
                let text = try view(call)
                guard let part = try part(call, count: text.count) else { return Value(small: 0) }
                return try needle(call) { needle throws(DanaError) in
                    Value(
                        small: try TextSearch.count(
                            needle, in: text, part, isText: false,
                            charge: { ticks throws(DanaError) in try call.charge(ticks) }))
                }
            }),
        NativeFunction(
            "bytes.startswith", [.receiver, NativeParameter("prefix")] + MethodsString.bounds,
            "Whether the bytes begin with others.",
            body: { call throws(DanaError) in try affix(call) { $0.hasPrefix($1) } }),
        NativeFunction(
            "bytes.endswith", [.receiver, NativeParameter("suffix")] + MethodsString.bounds,
            "Whether the bytes end with others.",
            body: { call throws(DanaError) in try affix(call) { $0.hasSuffix($1) } }),
    ]

    private static func part(_ call: NativeCall, count: Int) throws(DanaError) -> Range<Int>? {
        let (start, stop) = try call.bounds(2, 3, count: count)
        return start <= stop ? start..<stop : nil
    }

    /// What is searched for: bytes, or one byte as an integer.
    private static func needle(
        _ call: NativeCall, _ body: (ByteView) throws(DanaError) -> Value
    ) throws(DanaError) -> Value {
        guard call[1].isSmallInteger else { return try body(try view(call, 1)) }
        guard let byte = UInt8(exactly: call[1].smallInteger) else {
            throw call.heap.valueError("byte must be in range(0, 256)")
        }
        return try [byte].withView(body)
    }

    private static func searcher(_ name: String, isLast: Bool = false, mustFind: Bool = false) -> NativeFunction {
        NativeFunction(
            "bytes." + name, [.receiver, NativeParameter("sub")] + MethodsString.bounds, "Where bytes stand in these."
        ) { call throws(DanaError) in
            let text = try view(call)
            var found = Value(small: -1)
            if let part = try part(call, count: text.count) {
                found = try needle(call) { needle throws(DanaError) in
                    var search = TextSearch(needle, isReversed: isLast)
                    let place = try search.next(in: text, part) { ticks throws(DanaError) in try call.charge(ticks) }
                    return Value(small: place ?? -1)
                }
            }
            if mustFind, found.smallInteger < 0 { throw call.heap.valueError("subsection not found") }
            return found
        }
    }

    private static func affix(_ call: NativeCall, _ holds: (ByteView, ByteView) -> Bool) throws(DanaError) -> Value {
        let text = try view(call)
        guard let part = try part(call, count: text.count) else { return .false }
        guard let tuple = TupleObject(call[1]) else { return Value(holds(text[part], try view(call, 1))) }
        for item in tuple.items {
            guard let bytes = BytesObject(item) else { throw call.expects("bytes or a tuple of bytes", at: 1) }
            try call.charge(bytes.count >> 6 + 1)
            if holds(text[part], ByteView(bytes.bytes)) { return .true }
        }
        return .false
    }
}
