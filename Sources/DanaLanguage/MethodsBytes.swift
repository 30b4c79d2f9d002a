/// The methods of `bytes`.
enum MethodsBytes {
    static let table = NativeCatalogue.Member.table(methods: searching + parts + forms + translating)

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

    static func view(_ call: NativeCall, _ index: Int = 0) throws(DanaError) -> ByteView {
        ByteView(try call.bytes(index).bytes)
    }

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
                "bytes.hex",
                [
                    .receiver, NativeParameter("sep", .either, default: .null),
                    NativeParameter("bytes_per_sep", .either, default: .integer(1)),
                ], "Two hexadecimal digits a byte, a separator between groups of bytes.", body: hexadecimal),
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
                    var output = TextOutput(heap: call.heap)
                    try TextReplacement.write(
                        text, replacing: try view(call, 1), by: try view(call, 2), limit: count < 0 ? nil : count,
                        isText: false, into: &output,
                        charge: { ticks throws(DanaError) in try call.charge(ticks) })
                    return try output.byteString()
                }),
            changer("upper", .upper), changer("lower", .lower), changer("title", .title),
            changer("capitalize", .capitalize), changer("swapcase", .swap),
            predicate("isalpha") { TextPredicates.isAlpha($0) }, predicate("isdigit") { TextPredicates.isDigit($0) },
            predicate("isalnum") { TextPredicates.isAlphanumeric($0) },
            predicate("isspace") { view in view.count > 0 && view.allSatisfy { TextTrim.isSpaceByte($0) } },
            casePredicate("istitle") { TextPredicates.isTitle($0) },
            casePredicate("isupper") { TextPredicates.isUpper($0) },
            casePredicate("islower") { TextPredicates.isLower($0) },
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

    private static func hexadecimal(_ call: NativeCall) throws(DanaError) -> Value {
        let text = try view(call)
        let separator = try call.optionalString(1)
        if let separator, separator.scalarCount != 1 { throw call.heap.valueError("sep must be length 1.") }
        if let separator, !separator.isASCII { throw call.heap.valueError("sep must be ASCII.") }
        let size = try call.clampedInteger(2)
        // A positive size counts the groups from the end.
        let group = Int(clamping: size.magnitude)
        let phase = size > 0 && group > 0 ? text.count % group : 0
        try call.charge(visiting: text.count)
        var output = TextOutput(heap: call.heap)
        for index in 0..<text.count {
            if index > 0, group > 0, (index - phase) % group == 0, let separator { output.append(separator) }
            output.append(hexadecimal: UInt32(text[index]), width: 2)
        }
        return try output.string()
    }

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

    /// A question on the letters of ASCII; other bytes are no letters.
    private static func casePredicate(_ name: String, _ holds: @escaping @Sendable (ByteView) -> Bool) -> NativeFunction
    {
        NativeFunction("bytes." + name, [.receiver], "Whether the letters of ASCII are of that kind.") {
            call throws(DanaError) in
            let text = try view(call)
            try call.charge(visiting: text.count)
            if text.isASCII { return Value(holds(text)) }
            try call.reserve(text.count)
            return Value(text.map { $0 < 0x80 ? $0 : UInt8(ascii: ".") }.withView(holds))
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
