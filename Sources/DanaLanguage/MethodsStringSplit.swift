/// The methods of strings that take them apart: `split`, `partition`, `splitlines`, `strip`.
enum MethodsStringSplit {
    static let methods: [NativeFunction] = [
        splitter("split", "The parts between separators, or between runs of white space."),
        splitter("rsplit", fromRight: true, "The parts between separators, split from the right."),
        NativeFunction(
            "str.splitlines", [.receiver, NativeParameter("keepends", .either, default: .bool(false))],
            "The lines of the text.", body: lines),
        partitioner("partition", "The text before a separator, the separator, and the text behind it."),
        partitioner("rpartition", isLast: true, "As partition, at the last separator."),
        stripper("strip", leading: true, trailing: true, "The text without white space at both ends."),
        stripper("lstrip", leading: true, trailing: false, "The text without white space at its beginning."),
        stripper("rstrip", leading: false, trailing: true, "The text without white space at its end."),
    ]

    private static func splitter(_ name: String, fromRight: Bool = false, _ documentation: String) -> NativeFunction {
        NativeFunction(
            "str." + name,
            [
                .receiver, NativeParameter("sep", .either, default: .null),
                NativeParameter("maxsplit", .either, default: .integer(-1)),
            ], documentation
        ) { call throws(DanaError) in
            let heap = call.heap
            let text = try call.string(0)
            let separator = try call.optionalString(1)
            let most = try call.clampedInteger(2)
            if let separator, separator.byteCount == 0 { throw heap.valueError("empty separator") }
            let parts = TextSplit(
                ByteView(text.bytes), separator: separator.map { ByteView($0.bytes) }, limit: most < 0 ? nil : most,
                fromRight: fromRight, isText: true)
            try call.charge(visiting: text.byteCount)
            let list = heap.owned(try heap.list(parts, of: text).value)
            if fromRight {
                var items = UnsafeMutableBufferPointer(mutating: ListObject(known: list.value).items)
                items.reverse()
            }
            return list.take()
        }
    }

    private static func lines(_ call: NativeCall) throws(DanaError) -> Value {
        let text = try call.string(0)
        try call.charge(visiting: text.byteCount)
        let lines = TextLines(ByteView(text.bytes), keepsEnds: try call.integerFlag(1), isText: true)
        return try call.heap.list(lines, of: text).value
    }

    private static func partitioner(_ name: String, isLast: Bool = false, _ documentation: String) -> NativeFunction {
        NativeFunction("str." + name, [.receiver, NativeParameter("sep")], documentation) { call throws(DanaError) in
            let heap = call.heap
            let (text, separator) = (try call.string(0), try call.string(1))
            if separator.byteCount == 0 { throw heap.valueError("empty separator") }
            let (view, needle) = (ByteView(text.bytes), ByteView(separator.bytes))
            var search = TextSearch(needle, isReversed: isLast)
            let found = try search.next(in: view, 0..<view.count) { ticks throws(DanaError) in try call.charge(ticks) }
            let tuple = try heap.tuple(count: 3)
            let held = heap.owned(tuple.value)
            if let found {
                tuple.start[0] = try heap.string(part: 0..<found, of: text)
                tuple.start[1] = heap.retained(separator.value)
                tuple.start[2] = try heap.string(part: found + needle.count..<view.count, of: text)
            } else {
                for index in 0..<3 { tuple.start[index] = heap.retained(heap.emptyString) }
                heap.release(heap.emptyString)
                tuple.start[isLast ? 2 : 0] = heap.retained(text.value)
            }
            return held.take()
        }
    }

    private static func stripper(_ name: String, leading: Bool, trailing: Bool, _ documentation: String)
        -> NativeFunction
    {
        NativeFunction("str." + name, [.receiver, NativeParameter("chars", default: .null)], documentation) {
            call throws(DanaError) in
            let text = try call.string(0)
            let characters = try call.optionalString(1)
            let range = try TextTrim.range(
                ByteView(text.bytes), characters: characters.map { ByteView($0.bytes) }, leading: leading,
                trailing: trailing, isText: true, charge: { ticks throws(DanaError) in try call.charge(ticks) })
            return try call.heap.string(part: range, of: text)
        }
    }
}

extension Heap {
    /// A list of parts of a string, owned.
    func list(_ parts: some Sequence<Range<Int>>, of string: StringObject) throws(DanaError) -> ListObject {
        let list = try self.list()
        let held = owned(list.value)
        for part in parts {
            try charge(part.count >> 10 + (list.count & 3 == 3 ? 1 : 0))
            let item = owned(try self.string(part: part, of: string))
            try append(item.value, to: list)
            _ = item.take()
        }
        return ListObject(known: held.take())
    }
}
