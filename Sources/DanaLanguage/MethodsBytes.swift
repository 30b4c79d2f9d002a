/// The methods of `bytes`.
enum MethodsBytes {
    static let table = NativeCatalogue.Member.table(methods: searching + parts + forms)

    static let fromHex = NativeFunction(
        "bytes.fromhex", [NativeParameter("string")], "Bytes from pairs of hexadecimal digits.",
        body: { call throws(DanaError) in
            let text = try call.string(0)
            try call.charge(visiting: text.byteCount)
            var output = TextOutput(heap: call.heap)
            var high: UInt8?
            for (index, byte) in text.bytes.enumerated() {
                if TextTrim.isSpaceByte(byte), high == nil { continue }
                guard let digit = hexadecimalValue(byte) else {
                    throw call.heap.valueError(
                        "non-hexadecimal number found in fromhex() arg at position \(try call.heap.index(of: index, in: text))"
                    )
                }
                if let first = high {
                    output.append(first << 4 | digit)
                    high = nil
                } else {
                    high = digit
                }
            }
            if high != nil {
                throw call.heap.valueError(
                    "non-hexadecimal number found in fromhex() arg at position \(text.scalarCount)")
            }
            return try output.byteString()
        })

    private static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }

    private static func view(_ call: NativeCall, _ index: Int = 0) throws(DanaError) -> ByteView {
        ByteView(try call.bytes(index).bytes)
    }

    // MARK: Searching

    private static let searching: [NativeFunction] = [
        searcher("find"), searcher("rfind", isLast: true), searcher("index", mustFind: true),
        searcher("rindex", isLast: true, mustFind: true),
        NativeFunction(
            "bytes.count", [.receiver, NativeParameter("sub")] + MethodsString.bounds,
            "How often bytes stand in these.",
            body: { call throws(DanaError) in
                let text = try view(call)
                guard let part = try part(call, count: text.count) else { return Value(small: 0) }
                try call.charge(visiting: part.count)
                return try needle(call) { needle in
                    Value(small: TextSearch.count(needle, in: text, part, isText: false))
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
    private static func needle(_ call: NativeCall, _ body: (ByteView) -> Value) throws(DanaError) -> Value {
        guard call[1].isSmallInteger else { return body(try view(call, 1)) }
        guard let byte = UInt8(exactly: call[1].smallInteger) else {
            throw call.heap.valueError("byte must be in range(0, 256)")
        }
        return [byte].withView(body)
    }

    private static func searcher(_ name: String, isLast: Bool = false, mustFind: Bool = false) -> NativeFunction {
        NativeFunction(
            "bytes." + name, [.receiver, NativeParameter("sub")] + MethodsString.bounds, "Where bytes stand in these."
        ) { call throws(DanaError) in
            let text = try view(call)
            var found = Value(small: -1)
            if let part = try part(call, count: text.count) {
                try call.charge(visiting: part.count)
                found = try needle(call) { needle in
                    let place =
                        isLast ? TextSearch.last(needle, in: text, part) : TextSearch.first(needle, in: text, part)
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

    // MARK: Parts

    private static let parts: [NativeFunction] = [
        splitter("split"), splitter("rsplit", fromRight: true),
        NativeFunction(
            "bytes.splitlines", [.receiver, NativeParameter("keepends", .either, default: .bool(false))],
            "The lines.",
            body: { call throws(DanaError) in
                let text = try view(call)
                try call.charge(visiting: text.count)
                return try list(TextLines(text, keepsEnds: try call.flag(1), isText: false), of: text, call.heap)
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
            if list.count & 63 == 63 { try heap.charge(1) }
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
            try call.charge(visiting: text.count)
            let whole = 0..<text.count
            let found =
                isLast ? TextSearch.last(separator, in: text, whole) : TextSearch.first(separator, in: text, whole)
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
            try call.charge(visiting: text.count)
            let range = TextTrim.range(
                text, characters: try optionalView(call, 1), leading: leading, trailing: trailing, isText: false)
            return try call.heap.bytes(copying: text[range])
        }
    }

    // MARK: Forms

    private static let forms: [NativeFunction] =
        [
            NativeFunction(
                "bytes.decode",
                [
                    .receiver, NativeParameter("encoding", .either, default: .absent),
                    NativeParameter("errors", .either, default: .absent),
                ], "The text that the bytes encode.",
                body: { call throws(DanaError) in
                    let encoding = try TextEncoding(naming: call, 1)
                    return try encoding.decode(try call.bytes(0), errors: try call.optionalString(2)?.text, call.heap)
                }),
            NativeFunction(
                "bytes.hex", [.receiver, NativeParameter("sep", .either, default: .null)],
                "Two hexadecimal digits a byte.",
                body: { call throws(DanaError) in
                    let text = try view(call)
                    let separator = try call.optionalString(1)
                    var output = TextOutput(heap: call.heap)
                    for index in 0..<text.count {
                        if index > 0, let separator { output.append(separator) }
                        output.append(hexadecimal: UInt32(text[index]), width: 2)
                    }
                    return try output.string()
                }),
            NativeFunction(
                "bytes.join", [.receiver, .iterable()], "The bytes of an iterable, these between them.", body: join),
            NativeFunction(
                "bytes.replace",
                [
                    .receiver, NativeParameter("old"), NativeParameter("new"),
                    NativeParameter("count", default: .integer(-1)),
                ], "The bytes with others changed.",
                body: { call throws(DanaError) in
                    let count = try call.clampedInteger(3)
                    let text = try view(call)
                    try call.charge(visiting: text.count)
                    var output = TextOutput(heap: call.heap)
                    TextReplacement.write(
                        text, replacing: try view(call, 1), by: try view(call, 2), limit: count < 0 ? nil : count,
                        isText: false, into: &output)
                    return try output.byteString()
                }),
            changer("upper", .upper), changer("lower", .lower), changer("title", .title),
            changer("capitalize", .capitalize), changer("swapcase", .swap),
            predicate("isalpha") { TextPredicates.isAlpha($0) }, predicate("isdigit") { TextPredicates.isDigit($0) },
            predicate("isalnum") { TextPredicates.isAlphanumeric($0) },
            predicate("isspace") { view in view.count > 0 && view.allSatisfy { TextTrim.isSpaceByte($0) } },
            predicate("isupper") { TextPredicates.isUpper($0) }, predicate("islower") { TextPredicates.isLower($0) },
            NativeFunction(
                "bytes.isascii", [.receiver], "Whether all bytes are ASCII.",
                body: { call throws(DanaError) in
                    Value(try view(call).isASCII)
                }),
            padder("center", .both), padder("ljust", .right), padder("rjust", .left),
            NativeFunction(
                "bytes.zfill", [.receiver, NativeParameter("width")], "The bytes with zeros before them.",
                body: { call throws(DanaError) in
                    let text = try view(call)
                    var output = TextOutput(heap: call.heap)
                    TextPadding.writeZeroFilled(text, length: text.count, width: try call.integer(1), into: &output)
                    return try output.byteString()
                }),
        ]

    private static func join(_ call: NativeCall) throws(DanaError) -> Value {
        let separator = try view(call)
        let list = try call.itemList(1)
        var output = TextOutput(heap: call.heap)
        for (index, item) in ListObject(known: list.value).items.enumerated() {
            guard let bytes = BytesObject(item) else {
                throw call.heap.typeError(
                    "sequence item \(index): expected a bytes-like object, \(item.typeName) found")
            }
            if index & 63 == 63 { try call.charge(1) }
            if index > 0 { output.append(separator) }
            output.append(ByteView(bytes.bytes))
        }
        return try output.byteString()
    }

    private static func changer(_ name: String, _ change: TextCase.Change) -> NativeFunction {
        NativeFunction("bytes." + name, [.receiver], "The bytes with the case of ASCII letters changed.") {
            call throws(DanaError) in
            let text = try view(call)
            try call.charge(visiting: text.count)
            var output = TextOutput(heap: call.heap)
            TextCase.writeASCII(text, change, into: &output)
            return try output.byteString()
        }
    }

    private static func predicate(_ name: String, _ holds: @escaping @Sendable (ByteView) -> Bool) -> NativeFunction {
        NativeFunction("bytes." + name, [.receiver], "Whether all bytes are ASCII of that kind.") {
            call throws(DanaError) in
            let text = try view(call)
            try call.charge(visiting: text.count)
            return Value(text.isASCII && holds(text))
        }
    }

    private static func padder(_ name: String, _ side: TextPadding.Side) -> NativeFunction {
        NativeFunction(
            "bytes." + name, [.receiver, NativeParameter("width"), NativeParameter("fillchar", default: .absent)],
            "The bytes brought to a width."
        ) { call throws(DanaError) in
            let text = try view(call)
            var fill = UInt8(ascii: " ")
            if !call.isAbsent(2) {
                let given = try view(call, 2)
                guard given.count == 1, given[0] < 0x80 else {
                    throw call.heap.typeError("The fill character must be exactly one ASCII byte long")
                }
                fill = given[0]
            }
            var output = TextOutput(heap: call.heap)
            TextPadding.write(
                text, length: text.count, width: try call.integer(1), side, fill: Unicode.Scalar(fill), into: &output)
            return try output.byteString()
        }
    }
}

extension TextOutput {
    /// What was written as a `bytes` value, owned.
    func byteString() throws(DanaError) -> Value {
        try check()
        return try bytes.withView { view throws(DanaError) in try heap.bytes(copying: view) }
    }
}
