// Taking bytes apart.

extension MethodsBytes {
    static let parts: [NativeFunction] = [
        splitter("split"), splitter("rsplit", fromRight: true),
        NativeFunction(
            "bytes.splitlines", [.receiver, NativeParameter("keepends", .either, default: .bool(false))],
            "The lines.",
            body: { call throws(DanaError) in
                let text = try view(call)
                try call.charge(visiting: text.count)
                return try list(TextLines(text, keepsEnds: try call.integerFlag(1), isText: false), of: text, call.heap)
            }),
        partitioner("partition"), partitioner("rpartition", isLast: true),
        stripper("strip", leading: true, trailing: true), stripper("lstrip", leading: true, trailing: false),
        stripper("rstrip", leading: false, trailing: true),
        NativeFunction(
            "bytes.removeprefix", [.receiver, NativeParameter("prefix")], "The bytes without a prefix.",
            body: { call throws(DanaError) in
                let (text, prefix) = (try view(call), try view(call, 1))
                return try call.heap.bytes(copying: text.hasPrefix(prefix) ? text.from(prefix.count) : text)
            }),
        NativeFunction(
            "bytes.removesuffix", [.receiver, NativeParameter("suffix")], "The bytes without a suffix.",
            body: { call throws(DanaError) in
                let (text, suffix) = (try view(call), try view(call, 1))
                return try call.heap.bytes(copying: text.hasSuffix(suffix) ? text[0..<text.count - suffix.count] : text)
            }),
    ]

    private static func list(
        _ parts: some Sequence<Range<Int>>, of text: ByteView, isReversed: Bool = false, _ heap: Heap
    )
        throws(DanaError) -> Value
    {
        let list = try heap.list()
        let held = heap.owned(list.value)
        for part in parts {
            try heap.charge(part.count >> 10 + (list.count & 3 == 3 ? 1 : 0))
            let item = heap.owned(try heap.bytes(copying: text[part]))
            try heap.append(item.value, to: list)
            _ = item.take()
        }
        if isReversed {
            var items = UnsafeMutableBufferPointer(mutating: list.items)
            items.reverse()
        }
        return held.take()
    }

    private static func optionalView(_ call: NativeCall, _ index: Int) throws(DanaError) -> ByteView? {
        if call.isAbsentOrNull(index) { return nil }
        guard let bytes = BytesObject(call[index]) else { throw call.expects("bytes or None", at: index) }
        return ByteView(bytes.bytes)
    }

    private static func splitter(_ name: String, fromRight: Bool = false) -> NativeFunction {
        NativeFunction(
            "bytes." + name,
            [
                .receiver, NativeParameter("sep", .either, default: .null),
                NativeParameter("maxsplit", .either, default: .integer(-1)),
            ], "The parts between separators."
        ) { call throws(DanaError) in
            let text = try view(call)
            let separator = try optionalView(call, 1)
            let most = try call.clampedInteger(2)
            if separator?.count == 0 { throw call.heap.valueError("empty separator") }
            try call.charge(visiting: text.count)
            let parts = TextSplit(
                text, separator: separator, limit: most < 0 ? nil : most, fromRight: fromRight, isText: false)
            return try list(parts, of: text, isReversed: fromRight, call.heap)
        }
    }

    private static func partitioner(_ name: String, isLast: Bool = false) -> NativeFunction {
        NativeFunction("bytes." + name, [.receiver, NativeParameter("sep")], "The bytes around a separator, and it.") {
            call throws(DanaError) in
            let heap = call.heap
            let (text, separator) = (try view(call), try view(call, 1))
            if separator.count == 0 { throw heap.valueError("empty separator") }
            let whole = 0..<text.count
            var search = TextSearch(separator, isReversed: isLast)
            let found = try search.next(in: text, whole) { ticks throws(DanaError) in try call.charge(ticks) }
            let (before, middle, after) =
                found.map { (0..<$0, $0..<$0 + separator.count, $0 + separator.count..<text.count) }
                ?? (isLast ? (0..<0, 0..<0, whole) : (whole, 0..<0, 0..<0))
            let tuple = try heap.tuple(count: 3)
            let held = heap.owned(tuple.value)
            tuple.start[0] = try heap.bytes(copying: text[before])
            tuple.start[1] = try heap.bytes(copying: text[middle])
            tuple.start[2] = try heap.bytes(copying: text[after])
            return held.take()
        }
    }

    private static func stripper(_ name: String, leading: Bool, trailing: Bool) -> NativeFunction {
        NativeFunction(
            "bytes." + name, [.receiver, NativeParameter("bytes", default: .null)],
            "The bytes without others at the ends."
        ) { call throws(DanaError) in
            let text = try view(call)
            let range = try TextTrim.range(
                text, characters: try optionalView(call, 1), leading: leading, trailing: trailing, isText: false,
                charge: { ticks throws(DanaError) in try call.charge(ticks) })
            return try call.heap.bytes(copying: text[range])
        }
    }
}
